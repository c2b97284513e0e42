import { paceMax, paceMin } from '../growth/pace.js';
import { reachOf, type SlopeWindows, type Trend, type WindowSlope } from '../growth/trend.js';
import type { Bounded } from '../statistics/combined-intervals.js';
import type { ErrorRates } from './error-rates.js';
import type { Tolerance } from './tolerance.js';

/** What a series shows of its slope, in numbers and in yes or no, before anything is decided. */
export interface SlopeEvidence {
  readonly trend: Trend;
  /** From a quarter of the cycles on, with bounds at the error rate for leaks. */
  readonly whole: Bounded;
  /** From half of the cycles on. */
  readonly late: Bounded;
  /** The window that bounds the slope best from above, at the error rate for plateaus. */
  readonly capped: Bounded;
  /** Slopes that lie below are within the budget. */
  readonly passes: number;
  /** Slopes that the allowance explains; what surely lies above is growth. */
  readonly accountedFor: number;
  /** Slopes that lie above are leaks once they are steady. */
  readonly condemns: number;
  /** Both windows surely grow by more than is allowed, and a line shows the series better than one step. */
  readonly isGrowing: boolean;
  /** It grows, and the later half of the cycles brought as much a cycle as the earlier one. */
  readonly isSteady: boolean;
  /** It has grown by more, or for longer, than a cache or a pool that fills. */
  readonly isPastFilling: boolean;
  /** The run is so short that only a budget beyond `budgetMax` would pass. */
  readonly isShort: boolean;
  /** Bounded below the budget, and not surely growing. */
  readonly isCertified: boolean;
  /** Bounded below the budget, and surely growing all the same. */
  readonly isBelowBudget: boolean;
  readonly isAccelerating: boolean;
  /** It may have grown in steps of which the last came late, and is bounded below the budget or surely grows without that. */
  readonly isInSteps: boolean;
}

/** What growth of many MiB must keep: noise grows with the heap, and no warm-up is that large. */
const overwhelming = { capacities: 3, paceMin: 0.55 } as const;
/** Growth of so many capacities fills nothing, however few cycles it took: 256 MiB of a heap with a closed set of inputs. */
const beyondAnyFill = 64;
/** One step in noise can look like a line; a line that grew by eight times its noise fits twice as well. */
const lineOverStepMin = 2.2;
/** A square grows twice as fast in the later window as in the earlier one. */
const accelerating = 1.6;

export function slopeEvidence(windows: SlopeWindows, tolerance: Tolerance, rates: ErrorRates): SlopeEvidence {
  const { trend } = windows;
  const { passes, accountedFor, condemns } = limitsOf(trend, tolerance, windows.restlessness);
  const slopeOf = (window: 'whole' | 'late'): Bounded => ({
    estimate: trend[window].slope,
    ...windows.bounds(window, rates.leak),
  });
  const [whole, late] = [slopeOf('whole'), slopeOf('late')];
  const capOf = (window: 'whole' | 'late') => windows.bounds(window, rates.plateau / 2).high;
  const [capWhole, capLate] = [capOf('whole'), capOf('late')];
  const capped = capLate <= capWhole ? { ...late, high: capLate } : { ...whole, high: capWhole };
  const isShort = !tolerance.explicitBudget && passes > tolerance.budgetMax;
  const surelyGrows = whole.low > passes;
  const hasLateSteps = mayBeStaircase(trend, surelyGrows);
  const isGrowing = whole.low > condemns && late.low > condemns && trend.whole.lineOverStep > lineOverStepMin;
  const isBounded = capped.high < passes;
  return {
    trend,
    whole,
    late,
    capped,
    passes,
    accountedFor,
    condemns,
    isGrowing,
    isSteady: isGrowing && keepsPace(trend, tolerance),
    isPastFilling: isPastFilling(trend, tolerance),
    isShort,
    isCertified: isBounded && capped.low <= accountedFor && !isShort && !hasLateSteps,
    isBelowBudget: isBounded && capped.low > accountedFor,
    isInSteps: hasLateSteps && (surelyGrows || isBounded),
    isAccelerating: paceOf(trend) > accelerating,
  };
}

/** Part of its pace that the later half of the cycles kept. */
export function paceOf({ ends: { early, late } }: Trend): number {
  return early > 0 ? late / early : Number.POSITIVE_INFINITY;
}

/** What a sound target grows by is an amount and not a rate, so what passes falls as 1/cycles down to the budget. */
function limitsOf(trend: Trend, tolerance: Tolerance, restlessness: number) {
  const { budget, allowance, explicitBudget, pages } = tolerance;
  const { span } = trend.late;
  const unexplained = Math.max(tolerance.leakAllowance, pages === undefined ? 0 : restlessness);
  const condemns = Math.max(tolerance.leakBudget, unexplained / span);
  if (explicitBudget) return { passes: budget, accountedFor: budget, condemns };
  // A collector that is not done yet, or an allocator that works in lumps, loses its pace; a leak does not.
  const accountedFor = (paceOf(trend) < paceMin ? Math.max(allowance, restlessness) : allowance) / span;
  return { passes: Math.max(budget, allowance / span, restlessness / span), accountedFor, condemns };
}

/** Whether the late window grows as the early one did, which may hold the rest of the warm-up. */
function keepsPace({ early, late, whole, ends, cycles }: Trend, tolerance: Tolerance): boolean {
  if (ends.late > paceMax * ends.early) return false;
  // Steps count in one estimate and not in the other; their errors differ too.
  const [before, now] = [(ends.early + early.slope) / 2, (ends.late + late.slope) / 2];
  const isLarge = whole.slope * cycles > overwhelming.capacities * tolerance.capacity;
  return now >= (isLarge ? overwhelming.paceMin : paceMin) * (before - tolerance.allowance / early.span);
}

/**
 * More than one step up, the last of them late: a leak that comes seldom and in one go looks like this. A late step is one of
 * several, too, where the whole surely grows: tables of numbers in V8 grew by half at 7,000, 10,500 and 15,700 of 21,500 cycles,
 * and a line showed the whole best.
 */
function mayBeStaircase({ whole, late, cycles }: Trend, surelyGrows: boolean): boolean {
  const steps = stepsUp(whole);
  if (steps.length > 1 && steps.at(-1)!.atCycles > cycles / 2) return true;
  return surelyGrows && stepsUp(late).length > 0;
}

function stepsUp({ shifts }: WindowSlope): WindowSlope['shifts'] {
  return shifts.filter(({ height }) => height > 0);
}

/** A cache or a pool that fills grows as steadily as a leak: only length can show the difference. */
function isPastFilling(trend: Trend, tolerance: Tolerance): boolean {
  if (trend.cycles >= tolerance.fillCycles) return true;
  const capacities = (trend.whole.slope * trend.cycles) / tolerance.capacity;
  return capacities >= beyondAnyFill || (capacities >= 1 && trend.cycles >= tolerance.cyclesMin);
}

/** The smallest slope that this run would have called a leak with 95 % probability. */
export function detectionFloorOf({ trend, whole, late }: SlopeEvidence, budget: number): number | undefined {
  const floor =
    budget +
    Math.max(
      whole.estimate - whole.low + reachOf(trend.whole, 0.05),
      late.estimate - late.low + reachOf(trend.late, 0.05),
    );
  return Number.isFinite(floor) ? floor : undefined;
}

/** No run is advised to be longer than this many times. */
const timesLongerMax = 64;

/** Cycles in all at which a run like this one would decide; at least twice as many where it does not grow steadily. */
export function cyclesToDecide(
  { trend, isSteady, isShort, passes, capped }: SlopeEvidence,
  tolerance: Tolerance,
): number {
  const { cycles, whole, late } = trend;
  if (isSteady) {
    const filled = tolerance.capacity / Math.max(whole.slope, Number.MIN_VALUE);
    return Math.max(cycles * 1.4, Math.min(tolerance.fillCycles, filled));
  }
  const forBudget = isShort ? (cycles * passes) / tolerance.budgetMax : 0;
  if (!Number.isFinite(capped.high)) return Math.max(2 * cycles, forBudget);
  let longer = 2;
  while (longer < timesLongerMax) {
    // Noise weighs less as cycles^-1.5, and so, roughly, does growth that settles.
    const allowed = tolerance.explicitBudget ? 0 : tolerance.allowance / (late.span * longer);
    if (capped.high / longer ** 1.5 < Math.max(tolerance.budget, allowed)) break;
    longer *= Math.SQRT2;
  }
  return Math.max(cycles * longer, forBudget);
}
