import { resolve } from 'node:path';
import { singleLimitBytes } from '../../attribute/evidence/collect-evidence.js';
import { ownScripts } from '../../attribute/evidence/own-scripts.js';
import { readBlockedStacks } from '../../attribute/hangs/blocked-stacks.js';
import { blockedSuspects } from '../../attribute/hangs/blocked-suspects.js';
import { hangingCalls, waitingSuspects } from '../../attribute/hangs/waiting-suspects.js';
import { findWaitingCallsApart } from '../../attribute/snapshot/read-in-process.js';
import { SourceLocator } from '../../attribute/source/source-locator.js';
import type { Attribution } from '../../model/run-log.js';
import type { AgentConnection } from '../../model/target.js';
import { systemClock } from '../../platform/clock.js';

const snapshotTimeoutMs = 60_000;

export interface StallPlan {
  readonly agent: AgentConnection;
  /** Its event loop is blocked; else it waits for something. */
  readonly isBlocked: boolean;
  /** Of the last floor. */
  readonly heapUsedBytes: number;
  /** Where the snapshot goes. */
  readonly directory: string;
  /** Where the target ran. */
  readonly workingDirectory: string;
}

/**
 * Finds what a target that hangs is at, the very one that was measured, when nothing more is measured of it.
 * @returns undefined where one cannot look into the target
 */
export function stallCause(plan: StallPlan): Promise<Attribution | undefined> {
  return plan.isBlocked ? blockedCause(plan) : waitingCause(plan);
}

async function blockedCause({ agent, workingDirectory }: StallPlan): Promise<Attribution> {
  const reading = await readBlockedStacks(agent.hello.pid, systemClock);
  const suspects = blockedSuspects(reading, new SourceLocator(reading.sourceMaps, workingDirectory));
  return { suspects, explained: {}, warnings: [], artifacts: [] };
}

/** The calls that wait: suspended async functions. */
async function waitingCause(plan: StallPlan): Promise<Attribution | undefined> {
  const { agent, heapUsedBytes, directory, workingDirectory } = plan;
  if (heapUsedBytes > singleLimitBytes) return undefined;
  const path = resolve(directory, 'stalled.heapsnapshot');
  await agent.request('waiting.snapshot', { path }, { timeoutMs: snapshotTimeoutMs });
  const calls = hangingCalls(await findWaitingCallsApart({ path, own: ownScripts }));
  const ids = calls.flatMap(({ functions }) => functions.map(({ id }) => id));
  const reading = await agent.request('waiting.places', { ids }, { timeoutMs: snapshotTimeoutMs });
  const suspects = waitingSuspects(calls, reading, new SourceLocator(reading.sourceMaps, workingDirectory));
  const artifacts = [{ kind: 'heap-snapshot', path }];
  return { suspects, explained: {}, warnings: [], artifacts };
}
