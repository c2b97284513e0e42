import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { setTimeout as waitFor } from 'node:timers/promises';
import { execa } from 'execa';
import { portOf } from '../model/address.js';
import { agentDescriptor, agentEnvironment } from '../model/agent-protocol.js';
import { PlateauError } from '../model/errors.js';
import type { Account } from '../model/runtime.js';
import type { Readiness } from '../model/scenario.js';
import type { RunningTarget, TargetExit } from '../model/target.js';
import { groupGone, guardGroup, signalGroup } from '../platform/process-group.js';
import { recordRunProcess } from '../platform/run-temporary-directory.js';
import { connectAgent } from './agent-connection.js';
import { countLeakWarnings } from './leak-warnings.js';
import { nodeBehind } from './node-behind.js';
import { createOutputLog } from './output-log.js';
import { assertPortFree } from './reachable.js';
import { untilReady } from './readiness.js';
import type { StartContext } from './start-context.js';
import { startFailure } from './start-failure.js';

const defaultStopTimeoutMs = 5_000;
const killTimeoutMs = 2_000;
const lastWordsTimeoutMs = 500;
const helloTimeoutMs = 30_000;

export interface SpawnPlan {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** A Node process with the agent preloaded. */
  readonly agent: boolean;
  readonly ready: Readiness | undefined;
  /** Where it will listen, when plateau chose the port. */
  readonly address?: string | undefined;
  /** What it was given in PORT. */
  readonly port?: number;
  /** Those that plateau chose for it. */
  readonly chosenPorts?: readonly number[];
  /** Needs Node's IPC channel. */
  readonly messages: boolean;
  /** Whom it runs as. @defaultValue as plateau does */
  readonly account?: Account;
  readonly stopSignal: NodeJS.Signals | undefined;
  readonly stopTimeoutMs: number | undefined;
}

/**
 * Starts the process in a group of its own and waits until it is ready; ends it again when it is not.
 * @throws {PlateauError} `PLATEAU_TARGET_START`
 */
export async function spawnTarget(plan: SpawnPlan, context: StartContext): Promise<RunningTarget> {
  if (plan.ready !== undefined) await assertPortFree(plan.ready, context);
  const output = createOutputLog(context.logPath, context.redact);
  const leakWarnings = countLeakWarnings(output);
  const child = spawnChild(plan, context);
  const { pid } = child;
  if (pid === undefined) {
    output.close();
    const { code, shortMessage = plan.file } = (await child) as { code?: string; shortMessage?: string };
    const problem = code === 'ENOENT' ? `${plan.file} was not found` : shortMessage;
    throw new PlateauError('PLATEAU_TARGET_START', `target ${context.name} could not be started: ${problem}`, {
      hint: `check that ${plan.file} exists and may be executed`,
    });
  }
  const liftGuard = guardGroup(pid);
  // What it does to its environment may hide its mark.
  recordRunProcess(context.ownerDirectory, pid);
  let stopping = false;
  const exited = untilExited(child).then((exit): TargetExit => ({ ...exit, expected: stopping }));
  for (const stream of [child.stdout, child.stderr]) if (stream !== null) output.attach(stream);
  const stop = async () => {
    stopping = true;
    await endGroup(pid, plan.stopSignal ?? 'SIGTERM', plan.stopTimeoutMs ?? defaultStopTimeoutMs);
    await exited;
    child.stdout?.destroy();
    child.stderr?.destroy();
    output.close();
    liftGuard();
  };
  try {
    const speaking = plan.agent
      ? connectAgent(child.stdio[agentDescriptor] as unknown as Duplex, helloTimeoutMs)
      : Promise.resolve(undefined);
    const { name, signal, warn } = context;
    const starting = { name, pid, agent: speaking, output, messages: child, exited, signal, port: plan.port, warn };
    const ready = plan.ready === undefined ? Promise.resolve(undefined) : untilReady(plan.ready, starting);
    const [agent, reported] = await Promise.all([speaking, ready]);
    const url = urlOf(plan, reported);
    const behind = plan.agent ? undefined : await nodeBehind(pid, url, context);
    return {
      pid: behind?.pid ?? pid,
      url,
      chosenPorts: plan.chosenPorts ?? [],
      temporaryDirectory: context.temporaryDirectory,
      agent: agent ?? behind?.agent,
      wholeTree: !plan.agent && behind === undefined,
      isStarted: true,
      exited,
      lastLines: () => output.lastLines(),
      onLine: (listener) => output.onLine(listener),
      leakWarnings,
      stop,
    };
  } catch (error) {
    const failure = await startFailure(error, { exited, lastLines: () => output.lastLines() });
    await stop();
    throw failure;
  }
}

/** At the port that plateau chose, on the address that was seen to accept there. */
function urlOf({ address, ready }: SpawnPlan, reported: string | undefined): string | undefined {
  if (address === undefined || reported === undefined) return address ?? reported;
  const isSeen = ready !== undefined && 'port' in ready && portOf(reported) === portOf(address);
  return isSeen ? reported : address;
}

/**
 * The process itself has ended, and what it said last has arrived. Its output may stay open for longer, in the hands of
 * something that it started; execa's own promise would wait for that.
 */
async function untilExited(child: ChildProcess): Promise<Pick<TargetExit, 'exitCode' | 'signal'>> {
  const closed = new Promise((resolve) => child.once('close', resolve));
  const exit = await new Promise<Pick<TargetExit, 'exitCode' | 'signal'>>((resolve) => {
    child.once('exit', (code, signal) => resolve({ exitCode: code ?? undefined, signal: signal ?? undefined }));
  });
  await Promise.race([closed, waitFor(lastWordsTimeoutMs, undefined, { ref: false })]);
  return exit;
}

function spawnChild(plan: SpawnPlan, context: StartContext) {
  const agentVariables = plan.agent
    ? { [agentEnvironment.parent]: String(process.pid), ...context.agentEnvironment }
    : undefined;
  return execa(plan.file, plan.arguments, {
    cwd: plan.cwd,
    env: {
      TMPDIR: context.temporaryDirectory,
      ...plan.env,
      ...agentVariables,
      [agentEnvironment.owner]: context.ownerMarker,
    },
    stdio: plan.agent ? ['ignore', 'pipe', 'pipe', 'pipe'] : ['ignore', 'pipe', 'pipe'],
    ...(plan.messages ? { ipc: true as const } : {}),
    ...plan.account,
    detached: true,
    cleanup: false,
    buffer: false,
    reject: false,
    stripFinalNewline: false,
  });
}

/** The stop signal, then SIGKILL for what is left of the group. */
async function endGroup(pid: number, stopSignal: NodeJS.Signals, stopTimeoutMs: number): Promise<void> {
  if (!signalGroup(pid, stopSignal)) return;
  if (await groupGone(pid, stopTimeoutMs)) return;
  signalGroup(pid, 'SIGKILL');
  await groupGone(pid, killTimeoutMs);
}
