import type { CycleContext, ScenarioTarget } from '../../harness/index.js';
import type { FailingCall } from './damaged-database.js';

const base = '/databases/main/compaction-locks';
const damaged = '/databases/damaged/compaction-locks';
const lock = { owner: 'soak', timeToLiveMs: 3_600_000 };

/** Calls of the six methods on a database that fails. */
export const lockFaults: readonly FailingCall[] = [
  ['PUT', damaged],
  ['PUT', `${damaged}/p`, lock],
  ['PUT', `${damaged}/p/expired`, lock],
  ['DELETE', `${damaged}/p/${lock.owner}`],
  ['GET', damaged],
  ['DELETE', damaged],
];

export async function prepareLocks({ target }: { readonly target: ScenarioTarget }): Promise<void> {
  await target.http.put(base);
}

/** @returns the partition that is locked */
export async function acquireLock({ target, cycle }: CycleContext): Promise<string> {
  const partition = `hour-${cycle}`;
  const { acquired } = (await target.http.put(`${base}/${partition}`, lock)).json<{ acquired: boolean }>();
  if (!acquired) throw new Error(`${partition}: somebody else holds the lock`);
  return partition;
}

export async function releaseLock(partition: string, { target }: CycleContext): Promise<void> {
  await target.http.delete(`${base}/${partition}/${lock.owner}`);
}
