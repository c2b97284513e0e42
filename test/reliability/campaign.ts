import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { RunRecord } from '../../harness/model/run-record.js';
import { seededRandom } from '../../harness/platform/random.js';
import { type CliResult, cliEnvironment, mainFile } from '../support/cli.js';
import { processesWith } from '../support/processes-with.js';
import { writeRow } from './results-table.js';

/** Of each row; `CAMPAIGN_TRIALS=3 npm run test:campaign` takes fewer. */
const trials = Number(process.env.CAMPAIGN_TRIALS ?? 20);
/** A run or a night with all that is started after it, on a machine that does other things too. */
const trialMsMax = 300_000;

interface StartSettings {
  /** Stands before `node`: a limit of the system, say. */
  readonly before?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Written to its stdin, which stays open. @defaultValue it has none */
  readonly input?: string;
}

/** A directory in which plateau is run, with temporary files of its own, and a mark on every process that comes of it. */
export interface World {
  readonly directory: string;
  readonly random: () => number;
  readonly attempt: number;
  file(name: string, content: string): string;
  start(given: readonly string[], settings?: StartSettings): ChildProcess;
  plateau(given: readonly string[], settings?: StartSettings): Promise<CliResult>;
  /** What came of it and runs. */
  processes(): number[];
  /** Runs with `--json`; the record, and the exit code that goes with it. */
  run(given: readonly string[], settings?: StartSettings): Promise<{ record: RunRecord; exitCode: number | null }>;
}

export interface Row {
  readonly name: string;
  readonly expected: string;
  /** Of the trials of other rows: less where a trial takes long, more where many moments are to be tried. @defaultValue 1 */
  readonly share?: number;
  trial(world: World): Promise<void>;
}

/** A row of the campaign: each trial must end as expected, with nothing left running and nothing in temporary folders. */
export function row({ name, expected, share = 1, trial }: Row): void {
  const wanted = Math.max(1, Math.round(trials * share));
  it(name, { timeout: wanted * trialMsMax }, async () => {
    const failures: string[] = [];
    for (let attempt = 0; attempt < wanted; attempt += 1) {
      const { world, expectNothingLeft, remove } = createWorld(name, attempt);
      try {
        await trial(world);
        expectNothingLeft();
      } catch (error) {
        failures.push(`trial ${attempt}: ${(error as Error).message}`);
      } finally {
        remove();
      }
    }
    writeRow({ name, expected, trials: wanted, failures });
    expect(failures).toEqual([]);
  });
}

function createWorld(name: string, attempt: number) {
  const directory = mkdtempSync(join(tmpdir(), 'plateau-campaign-'));
  const temporary = join(directory, 'tmp');
  mkdirSync(temporary);
  const mark = `PLATEAU_CAMPAIGN=${directory}\0`;
  const start = (given: readonly string[], { before = [], environment = {}, input }: StartSettings = {}) => {
    const [file, ...rest] = [...before, process.execPath, mainFile, ...given] as [string, ...string[]];
    const marked = { TMPDIR: temporary, PLATEAU_CAMPAIGN: directory, ...environment };
    const child = spawn(file, rest, {
      cwd: directory,
      env: cliEnvironment({ environment: marked }),
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    child.stdin?.write(input);
    return child;
  };
  const plateau = async (given: readonly string[], settings?: StartSettings): Promise<CliResult> => {
    const child = start(given, settings);
    const [stdout, stderr] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')]);
    return { exitCode: child.exitCode, signal: child.signalCode, stdout, stderr };
  };
  const world: World = {
    directory,
    attempt,
    random: seededRandom('campaign', name, attempt),
    file(path, content) {
      writeFileSync(join(directory, path), content);
      return `./${path}`;
    },
    start,
    plateau,
    processes: () => processesWith(mark),
    async run(given, settings) {
      const { stdout, stderr, exitCode } = await plateau(['run', ...given, '--json', '--quiet'], settings);
      if (stdout === '') throw new Error(`expected a record, got exit code ${exitCode} and ${stderr.slice(0, 500)}`);
      return { record: JSON.parse(stdout) as RunRecord, exitCode };
    },
  };
  return {
    world,
    expectNothingLeft() {
      expect(processesWith(mark), 'processes that are left').toEqual([]);
      expect(readdirSync(temporary), 'temporary files that are left').toEqual([]);
    },
    remove() {
      for (const pid of processesWith(mark)) process.kill(pid, 'SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const fixtures = fileURLToPath(new URL('../fixtures/run/', import.meta.url));

/** A module of functions that leaks, or its sound twin, by turns. */
export function leakingOrSound({ attempt }: World): { path: string; leaks: boolean } {
  const leaks = attempt % 2 === 0;
  return { path: `${fixtures}${leaks ? 'leaking' : 'sound'}-functions.mjs`, leaks };
}

export function runsOf(directory: string): string[] {
  const runs = join(directory, '.plateau', 'runs');
  return existsSync(runs) ? readdirSync(runs).sort() : [];
}
