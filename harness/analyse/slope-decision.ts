import type { Decision } from './decision.js';
import type { FloorSeries } from './floors.js';
import { type Halves, reachOf, type Trend } from './trend.js';
import type { Yardstick } from './yardstick.js';

/** Error rates of one test. */
export interface ErrorRates {
  /** One-sided, for calling a leak; each of two windows must pass it. */
  readonly leak: number;
  /** One-sided, for calling a plateau. */
  readonly plateau: number;
}

/** Bounds that a channel puts on its slopes. */
export interface SlopeEvidence {
  /** Lower bounds at the error rate for leaks. */
  readonly low: { readonly whole: number; readonly late: number };
  /** Upper bounds at the error rate for leaks: what is shown beside `low`. */
  readonly high: { readonly whole: number; readonly late: number };
  /** Upper bounds that a plateau needs. */
  readonly cap: { readonly whole: number; readonly late: number };
  /** Drift that the series' own noise hides; a plateau is certified no better. */
  readonly restlessness?: number;
}

/**
 * Growth that keeps less than this over a doubling of the cycles is settling down: steady growth keeps 1,
 * a square root 0.7, a filling cache less.
 */
const keptLeast = 0.8;
/** Steps are told from slopes with less certainty. */
const keptLeastWithoutSteps = 0.65;
/** What growth of many MiB must keep: noise grows with the heap, and no warm-up is that large. */
const overwhelming = { capacities: 3, keptLeast: 0.55 } as const;
/** Growth that keeps more than this has only just begun: a step, or a longer run will tell. */
const keptMost = 4;
/** One step in noise can look like a line; a line that grew by eight times its noise tells the series twice as well. */
const lineIsBetter = 2.2;

/** Width of an interval beside its slope. */
const sharp = 0.2;

/** The verdict on a slope: growing, steady and long enough is a leak; bounded below the budget is a plateau. */
export function decideSlope(trend: Trend, evidence: SlopeEvidence, yardstick: Yardstick, rates: ErrorRates): Decision {
  const { passes, accountedFor, condemns } = budgetsOf(trend, yardstick, evidence.restlessness ?? 0);
  const { low, high, cap } = evidence;
  const growing = low.whole > condemns && low.late > condemns && trend.whole.lineOverStep > lineIsBetter;
  const steady = growing && isSteady(trend, yardstick);
  const wholeSlope = { estimate: trend.whole.slope, low: low.whole, high: high.whole };
  const lateSlope = { estimate: trend.late.slope, low: low.late, high: high.late };
  const common = {
    confidence: 1 - 2 * rates.leak,
    detectionFloor: detectionFloor(trend, evidence, condemns),
    floors: trend.whole.floors,
    warmupFloors: trend.from,
    ...stepOf(trend),
  };
  if (steady && pastFilling(trend, yardstick))
    return {
      state: 'leak',
      shape: accelerates(trend) ? 'accelerating' : 'linear',
      // The late window is freer of warm-up; where it is too noisy, the whole tells the slope better.
      slope: high.late - low.late < sharp * trend.late.slope ? lateSlope : wholeSlope,
      budget: Math.min(passes, condemns),
      ...common,
    };
  const blunt = !yardstick.explicitBudget && passes > yardstick.bluntest;
  const [slope, most] = cap.late <= cap.whole ? [lateSlope, cap.late] : [wholeSlope, cap.whole];
  // What surely grows is no plateau, unless the user allows as much.
  const surelyGrows = slope.low > accountedFor;
  if (most < passes && !surelyGrows && !blunt && !mayBeStaircase(trend)) {
    const shape = 'step' in common ? 'step' : 'flat';
    // What the target may grow by anyway is no part of a lasting rate.
    const low = yardstick.explicitBudget ? slope.low : slope.low - accountedFor;
    return { state: 'plateau', shape, slope: { ...slope, low, high: most }, budget: passes, ...common };
  }
  return {
    state: 'undecided',
    doubt: steady ? 'filling' : growing ? 'decelerating' : blunt ? 'short' : 'noise',
    shape: steady ? 'linear' : growing ? 'decelerating' : 'noisy',
    slope: lateSlope,
    budget: passes,
    cyclesToDecide: Math.max(
      cyclesToDecide(trend, yardstick, steady, Math.min(cap.whole, cap.late)),
      blunt ? (trend.cycles * passes) / yardstick.bluntest : 0,
    ),
    ...common,
  };
}

interface Budgets {
  /** Slopes that lie below are within the budget. */
  readonly passes: number;
  /** Slopes that the amount explains by which a sound target grows anyway; what lies above surely grows. */
  readonly accountedFor: number;
  /** Slopes that lie above are leaks. */
  readonly condemns: number;
}

/**
 * A runtime's own growth is a bounded amount and not an amount a cycle, so what passes falls as 1/cycles down to the
 * budget. What condemns also allows for a tail of the warm-up that this very target showed.
 */
function budgetsOf(trend: Trend, yardstick: Yardstick, restlessness: number): Budgets {
  const { budget, boundedGrowth } = yardstick;
  const tail = Math.max(
    yardstick.creep,
    trend.warmupGrowth * yardstick.warmupTail,
    yardstick.pages === undefined ? 0 : restlessness,
  );
  const condemns = Math.max(yardstick.condemned, tail / trend.late.span);
  if (yardstick.explicitBudget) return { passes: budget, accountedFor: budget, condemns };
  const bounded = boundedGrowth / trend.late.span;
  const restless = restlessness / trend.late.span;
  // A collector that is not done yet, or an allocator that works in lumps, loses its pace; a leak does not.
  const accountedFor = losesPace(trend) ? Math.max(bounded, restless) : bounded;
  return { passes: Math.max(budget, bounded, restless), accountedFor, condemns };
}

/** Whether the late window grows as the early one did, which may hold the rest of the warm-up. */
function isSteady({ early, late, whole, plain, levelled, cycles }: Trend, yardstick: Yardstick): boolean {
  if (plain.late > keptMost * plain.early) return false;
  // Steps count in one estimate and not in the other; their errors differ too.
  const middling = { early: (plain.early + early.slope) / 2, late: (plain.late + late.slope) / 2 };
  const large = whole.slope * cycles > overwhelming.capacities * yardstick.capacity;
  const keeps = ({ early: before, late: now }: Halves, least: number) =>
    now >= (large ? overwhelming.keptLeast : least) * (before - yardstick.boundedGrowth / early.span);
  return keeps(middling, keptLeast) && keeps(levelled, keptLeastWithoutSteps);
}

function losesPace({ plain, levelled }: Trend): boolean {
  return plain.late < keptLeast * plain.early && levelled.late < keptLeast * levelled.early;
}

/** A square grows twice as fast in the late window as in the early one. */
function accelerates({ plain, levelled }: Trend): boolean {
  return plain.late > 1.6 * plain.early && levelled.late > 1.6 * levelled.early;
}

/** More than one step up, the last of them late: a leak that comes seldom and in one go looks like this. */
function mayBeStaircase(trend: Trend): boolean {
  const up = trend.whole.shifts.filter(({ height }) => height > 0);
  return up.length > 1 && up.at(-1)!.atCycles > trend.cycles / 2;
}

/** A cache or a pool that fills grows as steadily as a leak: only length tells them apart. */
function pastFilling(trend: Trend, yardstick: Yardstick): boolean {
  if (trend.cycles >= yardstick.fillCycles) return true;
  return trend.whole.slope * trend.cycles >= yardstick.capacity && trend.cycles >= yardstick.leastCycles;
}

function detectionFloor(trend: Trend, { low }: SlopeEvidence, budget: number): number | undefined {
  const floor =
    budget +
    Math.max(
      trend.whole.slope - low.whole + reachOf(trend.whole, 0.05),
      trend.late.slope - low.late + reachOf(trend.late, 0.05),
    );
  return Number.isFinite(floor) ? floor : undefined;
}

/** Cycles in all at which a run like this one would decide; at least twice as many where it does not grow steadily. */
function cyclesToDecide(trend: Trend, yardstick: Yardstick, steady: boolean, cap: number): number {
  if (steady) {
    const filled = yardstick.capacity / Math.max(trend.whole.slope, Number.MIN_VALUE);
    return Math.max(trend.cycles * 1.4, Math.min(yardstick.fillCycles, filled));
  }
  if (!Number.isFinite(cap)) return 2 * trend.cycles;
  let longer = 2;
  while (longer < mostLonger) {
    // Noise weighs less as cycles^-1.5, and so, roughly, does growth that settles.
    const bounded = yardstick.explicitBudget ? 0 : yardstick.boundedGrowth / (trend.late.span * longer);
    if (cap / longer ** 1.5 < Math.max(yardstick.budget, bounded)) break;
    longer *= Math.SQRT2;
  }
  return trend.cycles * longer;
}

/** No run is told to be longer than this many times. */
const mostLonger = 64;

function stepOf(trend: Trend): Pick<Decision, 'step'> | Record<string, never> {
  const tallest = [...trend.whole.shifts].sort((a, b) => Math.abs(b.height) - Math.abs(a.height))[0];
  return tallest === undefined ? {} : { step: tallest };
}

/** Nothing can be said yet. */
export function tooFewFloors(series: FloorSeries, yardstick: Yardstick): Decision {
  const count = series.values.length;
  const cycles = series.cycles.at(-1) ?? 0;
  const growth =
    count < 2 ? 0 : (series.values[count - 1]! - series.values[0]!) / Math.max(1, cycles - series.cycles[0]!);
  return {
    state: 'undecided',
    doubt: count === 0 ? 'readings' : 'floors',
    shape: 'noisy',
    slope: { estimate: growth, low: growth, high: growth },
    confidence: 0,
    budget: yardstick.budget,
    detectionFloor: undefined,
    floors: count,
    warmupFloors: 0,
    ...(cycles > 0 && { cyclesToDecide: Math.ceil((cycles * usualFloors) / Math.max(1, count)) }),
  };
}

/** Floors of a run that decides at its first look. */
const usualFloors = 30;
