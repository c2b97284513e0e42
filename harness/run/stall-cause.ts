import { resolve } from 'node:path';
import { ownScripts } from '../attribute/own-scripts.js';
import { findWaitingCallsApart } from '../attribute/snapshot/read-in-process.js';
import { SourceLocator } from '../attribute/source-locator.js';
import { hangingCalls, waitingSuspects } from '../attribute/waiting-suspects.js';
import type { Attribution } from '../model/run-log.js';
import type { AgentConnection } from '../model/target.js';

/** V8 needs twelve times the heap for a snapshot. */
const largestHeapBytes = 128 * 1024 * 1024;
const snapshotTimeoutMs = 60_000;

export interface StallPlan {
  readonly agent: AgentConnection;
  /** Of the last floor. */
  readonly heapUsedBytes: number;
  /** Where the snapshot goes. */
  readonly directory: string;
  /** Where the target ran. */
  readonly workingDirectory: string;
}

/**
 * Finds the calls that wait in a target that hangs while its event loop is free: its suspended async functions.
 * @returns undefined where one cannot look into the target, or no async function of it waits
 */
export async function stallCause(plan: StallPlan): Promise<Attribution | undefined> {
  const { agent, heapUsedBytes, directory, workingDirectory } = plan;
  if (heapUsedBytes > largestHeapBytes) return undefined;
  const path = resolve(directory, 'stalled.heapsnapshot');
  await agent.request('waiting.snapshot', { path }, { timeoutMs: snapshotTimeoutMs });
  const calls = hangingCalls(await findWaitingCallsApart({ path, own: ownScripts }));
  const ids = calls.flatMap(({ functions }) => functions.map(({ id }) => id));
  const reading = await agent.request('waiting.places', { ids }, { timeoutMs: snapshotTimeoutMs });
  const suspects = waitingSuspects(calls, reading, new SourceLocator(reading.sourceMaps, workingDirectory));
  const artifacts = [{ kind: 'heap-snapshot', path }];
  return { suspects, explained: {}, warnings: [], artifacts };
}
