import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PlateauError, withHint } from '../../model/errors.js';
import type { Account, InsideView, Launch, LaunchAdditions, RuntimePurpose } from '../../model/runtime.js';
import type { RunningTarget } from '../../model/target.js';
import { isNodeProcess } from '../../platform/node-process.js';
import { identityOf, seesProcesses } from '../../platform/process-identity.js';
import { forgetOpened, recordOpened } from '../../platform/run-temporary-directory.js';
import { openInsideView } from '../../runtimes/inside-view.js';
import {
  mallocReaderEnvironment,
  nativeInNode,
  preloadEnvironment,
  serverEnvironment,
} from '../../runtimes/native/native.js';
import type { VirtualClock } from '../../runtimes/native/virtual-clock.js';
import { countersDirectoryOf } from '../../runtimes/postgres/outside-contexts.js';
import { prepareLaunch } from '../../runtimes/prepare-launch.js';
import { runtimes } from '../../runtimes/runtimes.js';

export interface InsideLook {
  readonly runId: string;
  readonly purpose: RuntimePurpose;
  /** Record what native code of a Node or Python target allocates. */
  readonly nativeMemory?: boolean;
  /** For sockets and small files of the runtimes. */
  readonly directory: string;
  /** Of the run: what is opened in a process that runs on is noted there. */
  readonly ownerDirectory: string;
  /** Moves the clocks of a command on. */
  readonly virtualClock?: VirtualClock;
  readonly warn: (message: string) => void;
  readonly signal: AbortSignal;
}

/** Its name is short: paths of sockets may have a hundred characters. */
export function createInsideDirectory(runDirectory: string): string {
  const directory = join(runDirectory, 'in');
  mkdirSync(directory, { mode: 0o700 });
  return directory;
}

/** What a command must be started with so that it can be looked into. */
export async function prepareCommand(
  command: Omit<Launch, 'purpose' | 'nativeMemory' | 'directory'>,
  { purpose, nativeMemory = false, directory, virtualClock, warn }: InsideLook,
): Promise<LaunchAdditions> {
  const additions = await prepareLaunch(runtimes, { ...command, purpose, nativeMemory, directory });
  for (const warning of additions.warnings ?? []) warn(warning);
  if (virtualClock === undefined) return additions;
  const environment = { ...command.environment, ...additions.environment };
  const moved = await virtualClock.environment({ directory, environment });
  return { ...additions, environment: { ...additions.environment, ...moved } };
}

/** What a PostgreSQL server of the run's own is started with, so that its sessions count what they allocate. */
export async function prepareServer(
  account: Account | undefined,
  { directory }: InsideLook,
): Promise<Record<string, string>> {
  const counters = countersDirectoryOf(directory);
  mkdirSync(counters, { mode: 0o700 });
  try {
    return await serverEnvironment(counters, account);
  } catch (error) {
    // Without a compiler, pages show what lies outside of memory contexts.
    if (error instanceof PlateauError) return {};
    throw error;
  }
}

/** What the target's own Node process must be started with. */
export async function prepareNode({ nativeMemory, warn, ...look }: InsideLook): Promise<Record<string, string>> {
  const reader = await mallocReaderEnvironment(look.directory);
  if (nativeMemory !== true) return reader;
  try {
    return { ...reader, ...(await preloadEnvironment({ ...look, environment: process.env })) };
  } catch (error) {
    if (!(error instanceof PlateauError)) throw error;
    warn(withHint(error));
    return reader;
  }
}

/**
 * Looks into a ready target.
 * @returns undefined where there is no process to look into, or nothing but what the agent of a Node process reports
 */
export async function lookInside(
  target: RunningTarget,
  { runId, purpose, directory, ownerDirectory, nativeMemory, warn, signal }: InsideLook,
): Promise<InsideView | undefined> {
  const { pid, agent, url, wholeTree, isStarted } = target;
  const root = pid === undefined || !seesProcesses() ? undefined : identityOf(pid);
  if (root === undefined || (agent !== undefined && nativeMemory !== true)) return undefined;
  const lastLines = () => target.lastLines();
  const onLine = (listener: (line: string) => void) => target.onLine(listener);
  const noteRecording = (pid: number) => {
    recordOpened(ownerDirectory, pid, 'recording');
    return () => forgetOpened(ownerDirectory, pid, 'recording');
  };
  const context = { purpose, directory, url, isStarted, noteRecording, lastLines, onLine, signal };
  // That the agent could not be put into it is said already.
  if (agent === undefined && !isStarted && isNodeProcess(root.pid)) return undefined;
  const known = agent === undefined ? runtimes : [nativeInNode];
  return openInsideView({ root, wholeTree, runId, runtimes: known, context, warn });
}
