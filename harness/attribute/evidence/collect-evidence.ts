import path from 'node:path';
import type { WorkerSnapshot } from '../../model/attribution-protocol.js';
import type {
  AttributionEvidence,
  AttributionPlan,
  AttributionSession,
  EvidenceRound,
  WorkerEvidence,
} from './attribution-session.js';
import { readOutside } from './outside-reading.js';

/** A pair is taken below this, so that growth can be distinguished from what was there; about 80 ms a MiB each. */
const pairLimitBytes = 48 * 1024 * 1024;
/** A single one is taken at the end below this: V8 needs twelve times the heap for it. */
export const singleLimitBytes = 128 * 1024 * 1024;
const readTimeoutMs = 60_000;
const snapshotTimeoutMs = 180_000;

/**
 * Runs the attribution pass against a fresh, ready target: starts sampling, warms up, then reads allocation sites and
 * live resources at every floor, between a heap snapshot after the warm-up and one at the end.
 * A reading that fails is left out with a warning; the target's own failures are passed on.
 */
export async function collectEvidence(
  plan: AttributionPlan,
  session: AttributionSession,
): Promise<AttributionEvidence> {
  const warnings: string[] = [];
  const rounds: EvidenceRound[] = [];
  const snapshots: AttributionEvidence['snapshots'][number][] = [];
  const { agent } = session.target;
  await agent?.request('attribution.start', { intervalBytes: plan.intervalBytes });

  const takeSnapshot = async (name: string, cycles: number, heapUsed: number, limitBytes: number) => {
    if (agent === undefined || !plan.snapshots || heapUsed > limitBytes) return;
    const file = path.resolve(session.directory, `${name}.heapsnapshot`);
    const { collections, clocks } = await agent.request(
      'attribution.snapshot',
      { path: file },
      { timeoutMs: snapshotTimeoutMs },
    );
    snapshots.push({ path: file, cycles, clocks, collections });
  };

  const takeWorkerSnapshots = async (name: string, of: 'some' | 'most') => {
    if (agent === undefined || !plan.workers) return [];
    const wanted = { directory: path.resolve(session.directory), name, of };
    return (await agent.request('attribution.workerSnapshots', wanted, { timeoutMs: snapshotTimeoutMs })).snapshots;
  };

  let last: EvidenceRound = { cycles: 0, values: {} };
  for (let round = 0; round < plan.warmupRounds && !session.signal?.aborted; round += 1) {
    last = await session.round(plan.warmupCyclesPerRound);
    // From what is alive by now, the hooks learn whose callers to note.
    await agent?.request('attribution.resources', {}, { timeoutMs: readTimeoutMs });
  }
  await session.inside?.beginRecording();
  await takeSnapshot('after-warm-up', last.cycles, last.values.heapUsed ?? 0, pairLimitBytes);
  if (snapshots[0] !== undefined) session.onFirstSnapshot?.(snapshots[0].path);
  const warmCycles = last.cycles;
  const workersBefore = await takeWorkerSnapshots('worker-after-warm-up', 'some');
  for (let round = 0; round < plan.rounds && !session.signal?.aborted; round += 1) {
    const isLast = round === plan.rounds - 1;
    last = { ...(await session.round(plan.cyclesPerRound)), ...(await read(session, plan, isLast)) };
    rounds.push(last);
  }
  const heapUsed = last.values.heapUsed ?? 0;
  if (agent !== undefined && plan.snapshots && heapUsed > singleLimitBytes) warnings.push(tooLarge(heapUsed));
  await takeSnapshot('at-the-end', last.cycles, heapUsed, singleLimitBytes);
  const workersAfter = await takeWorkerSnapshots('worker-at-the-end', 'most');
  const worker = workerEvidence(workersBefore, workersAfter, warmCycles, last.cycles);
  const sourceMaps = (await agent?.request('attribution.sourceMaps', {})) ?? {};
  warnings.push(...(last.runtime?.warnings ?? []));
  return { rounds, snapshots, ...(worker !== undefined && { worker }), sourceMaps, warnings };
}

function workerEvidence(
  before: readonly WorkerSnapshot[],
  [after]: readonly WorkerSnapshot[],
  warmCycles: number,
  allCycles: number,
): WorkerEvidence | undefined {
  const first = before.find(({ worker }) => worker === after?.worker);
  if (first === undefined || after === undefined) return undefined;
  const { path: end, clocks, share } = after;
  return { before: first.path, after: end, clocks, share, cycles: allCycles - warmCycles, allCycles };
}

/** From outside first: the other readings leave traces in the target. */
async function read(
  { target, inside }: AttributionSession,
  { workers }: AttributionPlan,
  isLast: boolean,
): Promise<Omit<EvidenceRound, 'cycles' | 'values'>> {
  const outside = target.pid === undefined ? undefined : readOutside({ ...target, pid: target.pid });
  const runtime = await inside?.evidence({ isLast });
  const seen = { ...(outside !== undefined && { outside }), ...(runtime !== undefined && { runtime }) };
  if (target.agent === undefined) return seen;
  const resources = await target.agent.request('attribution.resources', {}, { timeoutMs: readTimeoutMs });
  const sites = await target.agent.request('attribution.sites', {}, { timeoutMs: readTimeoutMs });
  if (!workers) return { resources, sites, ...seen };
  const workerSites = await target.agent.request('attribution.workerSites', {}, { timeoutMs: readTimeoutMs });
  return { resources, sites, workerSites, ...seen };
}

function tooLarge(heapUsed: number): string {
  const mebibytes = (bytes: number) => Math.round(bytes / 1024 / 1024);
  return `no heap snapshot was taken: the heap has ${mebibytes(heapUsed)} MiB, the limit is ${mebibytes(singleLimitBytes)} MiB; holders are named from the code that fills them`;
}
