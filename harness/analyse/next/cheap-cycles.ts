import { livesInHeap } from '../../model/metric.js';
import type { Finding } from '../../model/run-record.js';
import { bytesPerMebibyte } from '../../model/units.js';
import { isPagesMetric } from '../decide/judged-metrics.js';
import type { ObservedTarget } from './experiment.js';

/** What fills up is given so long, so many times the cycles before, and so much memory to be full. */
const manyMs = 1_500;
/** Where fewer than were driven fit into that, as on a machine that is busy, as many again may take so long: the search for the cause beside it takes longer. */
const asManyMs = 6_000;
const manyFactor = 4;
/** In a test: a cache of 150,000 entries is still seen to fill. */
const manyFactorOfBriefRuns = 2;
const filledBytesMax = 48 * bytesPerMebibyte;
/** Of the time that is left, so that what was filled is read before the run ends. */
const shareOfLeftMs = 0.4;

/**
 * Heap snapshots of Node show how many entries a collection may hold. Elsewhere the cause shows it for some collections alone, or
 * for none. There a cache is known from a leak by cycles, so more are driven: caches of up to 50,000 entries are usual.
 * Over 60,000 cycles, and over 80,000, one of 50,000 in Go still grew at three quarters of its pace, which is that of a leak.
 * Meanwhile the cause is looked for, which takes as long. On a busy machine 12 s were enough for 6,400 cycles only, and a
 * cache of 50,000 entries was a leak.
 */
const withoutLimits = { cyclesInAll: 100_000, ms: 20_000, shareOfDrivenMin: 0.5 } as const;

export interface FillOptions {
  /** The cause shows how many entries a collection may hold. */
  readonly readsLimits: boolean;
  /**
   * Growth a cycle of the pages of a process whose memory no collector manages. What a thread leaves is hardly seen from the
   * inside: 272 B of 8 KiB. After 32,700 threads that nobody joined, the system made no more, and the leak came to a level.
   * @defaultValue 0
   */
  readonly pagesBytesPerCycle?: number;
  /** In a test, whose time and memory are short. @defaultValue false */
  readonly isBrief?: boolean;
}

/**
 * Many more cycles than were driven so far, where those take a moment and a leak costs some megabytes in them.
 * @returns undefined where they are dear, or where something else than memory would run out
 */
export function cheapCycles(
  leaks: readonly Finding[],
  {
    cycles: drivenCycles,
    cyclesPerSecond,
    lastFloor,
    leftMs,
  }: Pick<ObservedTarget, 'cycles' | 'cyclesPerSecond' | 'lastFloor' | 'leftMs'>,
  { readsLimits, pagesBytesPerCycle = 0, isBrief = false }: FillOptions,
): number | undefined {
  const heldBytesInside = lastFloor.heapUsed ?? lastFloor.nativeUsed;
  // Pages alone show no difference: a cache of 40,000 entries, in a compiled program in Go, was a leak after 28,768 cycles.
  const mayBeCache = (metric: string) =>
    livesInHeap(metric) || (heldBytesInside === undefined && isPagesMetric(metric));
  const isCheap = ({ verdict, metric, axis }: Finding) => verdict === 'leak' && axis === 'cycle' && mayBeCache(metric);
  if (!leaks.every(isCheap)) return undefined;
  const bytesPerCycle = leaks
    .filter(({ unit }) => unit === 'B')
    .reduce((sum, { slope }) => sum + Math.max(0, slope.estimate), 0);
  const cyclesPerMs = cyclesPerSecond / 1_000;
  const asManyAgainMs = Math.min(asManyMs, drivenCycles / cyclesPerMs);
  const { factor, cyclesInAll, ms, bytes, shareOfDrivenMin } =
    readsLimits || isBrief
      ? {
          factor: isBrief ? manyFactorOfBriefRuns : manyFactor,
          cyclesInAll: 0,
          ms: Math.max(manyMs, asManyAgainMs),
          bytes: filledBytesMax - (heldBytesInside ?? filledBytesMax),
          shareOfDrivenMin: 1,
        }
      : {
          ...withoutLimits,
          factor: manyFactor,
          bytes: filledBytesMax,
        };
  const room = Math.max(0, bytes) / Math.max(bytesPerCycle, pagesBytesPerCycle, 1);
  const wanted = Math.max(factor * drivenCycles, cyclesInAll - drivenCycles);
  const affordable = Math.min(ms, shareOfLeftMs * leftMs) * cyclesPerMs;
  const cycles = wholeDoublings(leaks, Math.min(wanted, affordable, room), drivenCycles);
  return cycles >= shareOfDrivenMin * drivenCycles ? cycles : undefined;
}

/**
 * A table that doubles has kept its pace once the cycles have doubled too. Anything else may be flat for most of the time: one
 * of 40 B a cycle brought 67 B a cycle until 157,000 cycles, 47 B until 822,000, and 85 B until 1.3 million.
 */
function wholeDoublings(leaks: readonly Finding[], cycles: number, drivenCycles: number): number {
  if (!leaks.some(({ rule }) => rule?.name === 'growth-in-doublings')) return cycles;
  return drivenCycles * (2 ** Math.floor(Math.log2(1 + cycles / drivenCycles)) - 1);
}
