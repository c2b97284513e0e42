import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { InsideView, Launch, LaunchAdditions, RuntimePurpose } from '../model/runtime.js';
import type { RunningTarget } from '../model/target.js';
import { identityOf, seesProcesses } from '../platform/process-identity.js';
import { openInsideView } from '../runtimes/inside-view.js';
import { prepareLaunch } from '../runtimes/prepare-launch.js';
import { runtimes } from '../runtimes/runtimes.js';

export interface InsideLook {
  readonly runId: string;
  readonly purpose: RuntimePurpose;
  /** For sockets and small files of the runtimes. */
  readonly directory: string;
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
  command: Omit<Launch, 'purpose' | 'directory'>,
  { purpose, directory, warn }: InsideLook,
): Promise<LaunchAdditions> {
  const additions = await prepareLaunch(runtimes, { ...command, purpose, directory });
  for (const warning of additions.warnings ?? []) warn(warning);
  return additions;
}

/** Looks into a ready target. @returns undefined for a Node process with the agent, and where there is no process to look into */
export async function lookInside(
  target: RunningTarget,
  { runId, purpose, directory, warn, signal }: InsideLook,
): Promise<InsideView | undefined> {
  const { pid, agent, url, wholeTree, isStarted } = target;
  const root = pid === undefined || agent !== undefined || !seesProcesses() ? undefined : identityOf(pid);
  if (root === undefined) return undefined;
  const lastLines = () => target.lastLines();
  const onLine = (listener: (line: string) => void) => target.onLine(listener);
  const context = { purpose, directory, url, isStarted, lastLines, onLine, signal };
  return openInsideView({ root, wholeTree, runId, runtimes, context, warn });
}
