import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { createHttpClient } from '../../harness/drive/http/http-client.js';
import { SetupValues } from '../../harness/drive/http/setup-values.js';
import { createScenarioDriver } from '../../harness/drive/scenario-driver.js';
import type { RoundOutcome } from '../../harness/model/agent-protocol.js';
import type { HttpClient } from '../../harness/model/http.js';
import type { Scenario, ScriptTarget } from '../../harness/model/scenario.js';
import { systemClock } from '../../harness/platform/clock.js';

const collector = fileURLToPath(new URL('../fixtures/collect-on-demand.cjs', import.meta.url));

/** What a target holds after a collection; descriptors, threads and children counted from outside. */
export interface Floor {
  readonly heapUsedBytes: number;
  readonly arrayBuffersBytes: number;
  /** Regular files; sockets come and go with the client. */
  readonly openFiles: number;
  readonly openSockets: number;
  readonly threads: number;
  /** In its temporary directory. */
  readonly temporaryFiles: number;
  readonly gauges: Readonly<Record<string, number>>;
}

/** A target of plateau's own, driven by the operations of its scenario but measured without plateau. */
export interface BuiltInTarget {
  readonly process: ChildProcess;
  readonly url: string;
  readonly http: HttpClient;
  readonly temporaryDirectory: string;
  drive(cycles: number, options?: { concurrency?: number }): Promise<RoundOutcome>;
  /** Waits for what the scenario wants settled, then collects. */
  floor(): Promise<Floor>;
  /** SIGTERM. @returns the exit code */
  stop(): Promise<number | null>;
}

/** The scenario as it was built, since its target is a built file. */
export async function builtScenario(name: string): Promise<Scenario> {
  const url = new URL(`../../dist/scenarios/${name}.scenario.js`, import.meta.url);
  return ((await import(url.href)) as { default: Scenario }).default;
}

/**
 * Starts the target of a built-in scenario with defects planted; ended when the test is.
 * @param whenFinished the test's own hook, which tests that run beside each other must pass
 */
export async function startBuiltIn(
  name: string,
  defects: readonly string[] = [],
  whenFinished: (end: () => Promise<void>) => void = onTestFinished,
): Promise<BuiltInTarget> {
  const scenario = await builtScenario(name);
  const temporaryDirectory = mkdtempSync(join(tmpdir(), 'plateau-target-'));
  const definition = (
    typeof scenario.target === 'function' ? scenario.target({ defects }) : scenario.target
  ) as ScriptTarget;
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--require', collector, fileURLToPath(definition.script), ...(definition.arguments ?? [])],
    {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: { ...process.env, ...definition.env, TMPDIR: temporaryDirectory },
    },
  );
  const url = await listeningUrl(child);
  const http = createHttpClient(url, { connections: 64 });
  const driver = createScenarioDriver({
    scenario,
    target: { url, port: Number(new URL(url).port), pid: child.pid, temporaryDirectory, services: {}, http },
    http,
    requests: new Map(),
    setupValues: new SetupValues(),
    seed: 1,
    concurrency: 1,
    signal: new AbortController().signal,
    clock: systemClock,
    warn: () => undefined,
    stallMs: 20_000,
  });
  await driver.setup();
  let round = 0;
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  };
  whenFinished(async () => {
    // A test may have ended the target already.
    await driver.teardown().catch(() => undefined);
    await stop();
    await http.close();
    rmSync(temporaryDirectory, { recursive: true, force: true });
  });
  return {
    process: child,
    url,
    http,
    temporaryDirectory,
    drive: (cycles, options) =>
      driver.round({ round: round++, cycles, seed: 1, concurrency: options?.concurrency ?? 1 }),
    floor: async () => {
      await systemClock.wait(driver.settleMs);
      if (!(await driver.settled())) throw new Error(`${name} has not settled`);
      return {
        ...(await collected(child)),
        ...seenFromOutside(child.pid!),
        temporaryFiles: countFiles(temporaryDirectory),
        gauges: await driver.gauges(),
      };
    },
    stop,
  };
}

async function listeningUrl(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const url = /http:\/\/\S+/.exec(line)?.[0];
    if (url !== undefined) return url;
  }
  throw new Error(`the target ended before it listened, exit code ${child.exitCode}`);
}

function countFiles(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
}

async function collected(child: ChildProcess): Promise<{ heapUsedBytes: number; arrayBuffersBytes: number }> {
  const answer = once(child, 'message');
  child.send('collect');
  return (await answer)[0] as { heapUsedBytes: number; arrayBuffersBytes: number };
}

function seenFromOutside(pid: number): { openFiles: number; openSockets: number; threads: number } {
  const links = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      return [];
    }
  });
  return {
    openFiles: links.filter((link) => link.startsWith('/') && !link.startsWith('/dev/')).length,
    openSockets: links.filter((link) => link.startsWith('socket:')).length,
    threads: readdirSync(`/proc/${pid}/task`).length,
  };
}
