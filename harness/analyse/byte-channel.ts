import type { Decision } from './decision.js';
import type { FloorSeries } from './floors.js';
import type { LevelShift } from './level-shifts.js';
import { reachOf, slopeBounds, type Trend, trendOf } from './trend.js';
import type { Yardstick } from './yardstick.js';

/** Error rates of one test. */
export interface ErrorRates {
  /** One-sided, for calling a leak; each of two disjoint windows must pass it. */
  readonly leak: number;
  /** One-sided, for calling a plateau. */
  readonly plateau: number;
}

/**
 * Growth that keeps less than this over a doubling of the cycles is settling down: steady growth keeps 1,
 * a square root 0.7, a filling cache less.
 */
const keptLeast = 0.8;

/** The early window only confirms: it is the shortest. */
const earlyError = 0.1;
/** One step in noise can look like a line; a real line tells the series this much better than any step. */
const lineIsBetter = 1.2;

/** Judges a noisy byte series at one look. */
export function decideBytes(series: FloorSeries, yardstick: Yardstick, rates: ErrorRates): Decision {
  const trend = trendOf(series, yardstick.smallestShift);
  if (trend === undefined) return tooFewFloors(series, yardstick);
  const { passes, condemns } = budgetsOf(trend, yardstick);
  const whole = slopeBounds(trend.whole, rates.leak);
  const late = slopeBounds(trend.late, rates.leak);
  const wholeCap = slopeBounds(trend.whole, rates.plateau / 2).high;
  const lateCap = slopeBounds(trend.late, rates.plateau / 2).high;
  const kept = keptGrowth(trend, yardstick);
  const early = slopeBounds(trend.early, earlyError);
  const growing =
    whole.low > condemns && late.low > condemns && early.low > 0 && trend.whole.lineOverStep > lineIsBetter;
  const steady = growing && kept >= keptLeast;
  const common = {
    confidence: 1 - 2 * rates.leak,
    detectionFloor: detectionFloor(trend, condemns, rates),
    floors: trend.whole.floors,
    warmupFloors: series.cycles.length - trend.whole.floors,
    ...stepOf(trend),
  };
  const wholeSlope = { estimate: trend.whole.slope, low: whole.low, high: whole.high };
  const lateSlope = { estimate: trend.late.slope, low: late.low, high: late.high };
  if (steady && pastFilling(trend, yardstick))
    return {
      state: 'leak',
      shape: kept > 1.5 ? 'accelerating' : 'linear',
      slope: wholeSlope,
      budget: condemns,
      ...common,
    };
  if (Math.min(wholeCap, lateCap) < passes && !mayBeStaircase(trend)) {
    const shape = 'step' in common ? 'step' : trend.whole.slope > passes ? 'saturating' : 'flat';
    const slope = lateCap <= wholeCap ? lateSlope : wholeSlope;
    return { state: 'plateau', shape, slope, budget: passes, ...common };
  }
  return {
    state: 'undecided',
    doubt: steady ? 'filling' : growing ? 'decelerating' : 'noise',
    shape: steady ? 'linear' : growing ? 'decelerating' : 'noisy',
    slope: lateSlope,
    budget: passes,
    cyclesToDecide: cyclesToDecide(trend, yardstick, passes),
    ...common,
  };
}

/**
 * V8's own growth is a bounded number of bytes and not bytes a cycle, so what passes falls as 1/cycles down to the budget.
 * What condemns also allows for a tail of the warm-up that this very target showed.
 */
function budgetsOf(trend: Trend, yardstick: Yardstick): { readonly passes: number; readonly condemns: number } {
  if (yardstick.explicitBudget) return { passes: yardstick.budget, condemns: yardstick.budget };
  const tail = Math.max(yardstick.boundedGrowth, trend.warmupGrowth * warmupTail);
  return {
    passes: Math.max(yardstick.budget, yardstick.boundedGrowth / trend.late.span),
    condemns: Math.max(yardstick.budget, tail / trend.late.span),
  };
}

/** Share of the warm-up's growth that may still come in the second half of the cycles. */
const warmupTail = 1 / 16;

/** Growth of the late window beside that of the early one, which may hold the rest of the warm-up. */
function keptGrowth(trend: Trend, yardstick: Yardstick): number {
  const early = trend.early.slope - yardstick.boundedGrowth / trend.early.span;
  return early <= 0 ? Number.POSITIVE_INFINITY : trend.late.slope / early;
}

/** More than one step up, the last of them late: a leak that comes seldom and in one go looks like this. */
function mayBeStaircase(trend: Trend): boolean {
  const up = trend.whole.shifts.filter(({ height }) => height > 0);
  return up.length > 1 && up.at(-1)!.atCycles > trend.cycles / 2;
}

/** A cache that fills grows as steadily as a leak: only length tells them apart. */
function pastFilling(trend: Trend, yardstick: Yardstick): boolean {
  const growth = trend.whole.slope * trend.cycles;
  return trend.cycles >= yardstick.fillCycles || (growth >= yardstick.capacity && trend.cycles >= 500);
}

function detectionFloor(trend: Trend, budget: number, rates: ErrorRates): number | undefined {
  const reaches = [trend.whole, trend.late].map(
    (window) => slopeBounds(window, rates.leak).high - window.slope + reachOf(window, 0.05),
  );
  const floor = budget + Math.max(...reaches);
  return Number.isFinite(floor) ? floor : undefined;
}

function cyclesToDecide(trend: Trend, yardstick: Yardstick, budget: number): number {
  const doublings = Math.min(6, Math.max(1, Math.log2(Math.max(1, trend.late.slope / budget))));
  const longer = trend.cycles * 2 ** doublings;
  return Math.max(longer, trend.late.slope > budget ? Math.min(yardstick.fillCycles, 4 * longer) : 0);
}

function stepOf(trend: Trend): { readonly step: LevelShift } | Record<string, never> {
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
    ...(cycles > 0 && { cyclesToDecide: Math.ceil((cycles * 30) / Math.max(1, count)) }),
  };
}
