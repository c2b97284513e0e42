import { parentMetric } from '../../model/metric.js';
import type { Attribution, BoundedHolder, ExpiringHolder } from '../../model/run-log.js';
import { msPerDay } from '../../model/units.js';
import { mostShare } from '../statistics/order-statistics.js';
import type { Decision } from './decision.js';
import type { JudgedMetric } from './judged-metrics.js';
import type { Rule } from './rule.js';

/** Growth that looks like a leak, and what the search for its cause found. */
export interface CauseEvidence {
  readonly leak: Decision;
  readonly metric: JudgedMetric;
  readonly attribution: Attribution;
  /** Cycles of all operations that were driven. */
  readonly cycles: number;
  /** How long the target rested at a stretch, as its clock went. */
  readonly restedMs: number;
  /** Its clock was moved on by a day at least: what is kept for less has gone. */
  readonly isVirtualTime: boolean;
}

/** What the cause says against a leak that driving and resting showed. Without an answer, the leak stands. */
export const causeRules: readonly Rule<CauseEvidence>[] = [
  { name: 'holder-has-room', decide: holderHasRoom },
  { name: 'due-later', decide: entriesExpire },
  { name: 'freed-by-a-snapshot', decide: freedBySnapshot },
];

/** Of the growth, what other holders may account for: more is a leak of its own. */
const otherShareMax = 0.2;
/** Cycles beyond those that fill it, to see that it stays. */
const cyclesBeyondFull = 1.5;
/** Enough of them: in these a leak of some bytes a cycle stands clear of the noise of a heap. */
export const cyclesBeyondMin = 2_000;

/**
 * The first of some holders that account for most of the growth in some metric, and their share of it; undefined where others
 * matter too. The rest may be compiled code and tables. They account for fewer objects than bytes: an `OrderedDict` of 40,000 rows
 * in Python held 0.98 of the bytes that grew, and 0.48 of the objects. No reading lists the parts of which its entries consist.
 */
function accountable<Holder extends BoundedHolder | ExpiringHolder>(
  { metric: { tolerance }, attribution: { explained } }: CauseEvidence,
  holders: readonly Holder[] = [],
): { readonly holder: Holder; readonly share: number } | undefined {
  const { metric } = tolerance;
  const shareOf = ({ shares }: Holder) => shares[metric] ?? shares[parentMetric(metric) ?? ''] ?? 0;
  const sumOf = (shareIn: (holder: Holder) => number) => holders.reduce((sum, holder) => sum + shareIn(holder), 0);
  const share = sumOf(shareOf);
  const holder = [...holders].sort((one, other) => shareOf(other) - shareOf(one))[0];
  const others = (explained[metric] ?? share) - share;
  if (holder === undefined || share === 0 || others > otherShareMax) return undefined;
  const holdsMostOf = (one: string) => sumOf(({ shares }) => shares[one] ?? 0) >= mostShare;
  const metrics = holders.flatMap(({ shares }) => Object.keys(shares));
  return share >= mostShare || metrics.some(holdsMostOf) ? { holder, share } : undefined;
}

/** A collection that its code limits may have come to a part of its limit only: it grows like a leak until it is full. */
function holderHasRoom(evidence: CauseEvidence): Decision | undefined {
  const { leak, metric, attribution, cycles } = evidence;
  const found = accountable(evidence, attribution.bounded);
  if (found === undefined) return undefined;
  const { entries, entriesPerCycle, name, description } = found.holder;
  const reached = Math.min(entries, entriesPerCycle * cycles);
  const growthAtCapacity = (leak.slope.estimate / entriesPerCycle) * entries;
  // A limit that the process does not live to reach is none.
  if (growthAtCapacity > metric.tolerance.limit.amount) return undefined;
  if (isSeenBeyond(evidence, entries / entriesPerCycle)) return undefined;
  return {
    ...leak,
    state: 'undecided',
    doubt: 'bounded',
    rule: {
      name: 'holder-has-room',
      numbers: { entries: reached, entriesMax: entries, entriesPerCycle, share: found.share },
    },
    capacity: { holder: description, name, entries, reached },
    cyclesToDecide: (cyclesBeyondFull * entries) / entriesPerCycle,
  };
}

/**
 * Growth was read when the collection was full, and again after many more cycles: what came between two readings of which the
 * first is from before may have filled it.
 */
function isSeenBeyond({ metric: { series, rests }, cycles }: CauseEvidence, fullAtCycles: number): boolean {
  const read = [...series.cycles, ...rests.map((rest) => rest.cycles)];
  const seenFull = Math.min(...read.filter((readAt) => readAt >= fullAtCycles));
  return cycles - seenFull >= Math.min(cyclesBeyondMin, (cyclesBeyondFull - 1) * fullAtCycles);
}

/** Entries that name a time until which they are kept may go when it is over: by a sweeper, or when they are looked at. */
function entriesExpire(evidence: CauseEvidence): Decision | undefined {
  const { leak, attribution, restedMs, isVirtualTime } = evidence;
  const found = accountable(evidence, attribution.expiring);
  if (found === undefined) return undefined;
  const { description: holder, name, inMs, location } = found.holder;
  // Their time was over while the target rested, and they stayed; where they name none, it was once a day had gone by.
  const outlastedMs = isVirtualTime ? Math.max(restedMs, msPerDay) : restedMs;
  if (inMs === undefined ? isVirtualTime : inMs <= outlastedMs) return undefined;
  const { cyclesToDecide: _, ...undecided } = leak;
  return {
    ...undecided,
    state: 'undecided',
    doubt: 'due',
    rule: { name: 'due-later', numbers: { restedMs, share: found.share, ...(inMs !== undefined && { dueMs: inMs }) } },
    expiring: { holder, name, ...(inMs !== undefined && { inMs }), ...(location !== undefined && { location }) },
  };
}

/** Of the growth at floors, what two snapshots must still show for it to be held by something. */
const heldShareMin = 0.1;
/** Growth in the pass that is no noise: several times what a heap moves by between two collections. */
const grownBytesMin = 256 * 1024;

/** What a heap snapshot frees is held by nothing: V8 collects more before it than a forced collection does. */
function freedBySnapshot({
  leak,
  metric: { tolerance },
  attribution: { heapGrowth },
}: CauseEvidence): Decision | undefined {
  if (tolerance.metric !== 'heapUsed' || heapGrowth === undefined) return undefined;
  const { atFloors, inSnapshots, cycles } = heapGrowth;
  // The pass must show most of the pace that was measured, for the two to be of the same growth.
  if (atFloors < mostShare * leak.slope.estimate || atFloors * cycles < grownBytesMin) return undefined;
  if (inSnapshots >= heldShareMin * atFloors) return undefined;
  const { cyclesToDecide: _, ...undecided } = leak;
  return {
    ...undecided,
    state: 'undecided',
    doubt: 'freed',
    rule: { name: 'freed-by-a-snapshot', numbers: { atFloors, inSnapshots, cycles } },
  };
}
