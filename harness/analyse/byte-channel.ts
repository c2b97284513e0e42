import type { Decision } from './decision.js';
import type { FloorSeries } from './floors.js';
import { studentQuantile } from './statistics/student-t.js';
import { slopeBounds, type Trend, trendOf } from './trend.js';
import type { Yardstick } from './yardstick.js';

/** Error rates of one test. */
export interface ErrorRates {
  /** One-sided, for calling a leak; each of two disjoint windows must pass it. */
  readonly leak: number;
  /** One-sided, for calling a plateau. */
  readonly plateau: number;
}

/** Growth that keeps less than this over a doubling of the cycles is settling down. */
const keptLeast = 0.7;

/** Judges a noisy byte series at one look. */
export function decideBytes(series: FloorSeries, yardstick: Yardstick, rates: ErrorRates): Decision {
  const trend = trendOf(series, yardstick.smallestShift);
  if (trend === undefined) return tooFewFloors(series, yardstick);
  const budget = effectiveBudget(trend, yardstick);
  const whole = slopeBounds(trend.whole, rates.leak);
  const late = slopeBounds(trend.late, rates.leak);
  const wholeCap = slopeBounds(trend.whole, rates.plateau / 2).high;
  const lateCap = slopeBounds(trend.late, rates.plateau / 2).high;
  const kept = trend.late.slope / trend.early.slope;
  const growing = whole.low > budget && late.low > budget;
  const steady = growing && kept >= keptLeast;
  const common = {
    confidence: 1 - 2 * rates.leak,
    budget,
    detectionFloor: detectionFloor(trend, budget, rates),
    floors: trend.whole.floors,
    warmupFloors: series.cycles.length - trend.whole.floors,
    ...stepOf(trend),
  };
  const wholeSlope = { estimate: trend.whole.slope, low: whole.low, high: whole.high };
  const lateSlope = { estimate: trend.late.slope, low: late.low, high: late.high };
  if (steady && pastFilling(trend, yardstick))
    return { state: 'leak', shape: kept > 1.5 ? 'accelerating' : 'linear', slope: wholeSlope, ...common };
  if (Math.min(wholeCap, lateCap) < budget) {
    const shape = 'step' in common ? 'step' : trend.whole.slope > budget ? 'saturating' : 'flat';
    const slope = lateCap <= wholeCap ? lateSlope : wholeSlope;
    return { state: 'plateau', shape, slope, ...common };
  }
  return {
    state: 'undecided',
    doubt: steady ? 'filling' : growing ? 'decelerating' : 'noise',
    shape: steady ? 'linear' : growing ? 'decelerating' : 'noisy',
    slope: lateSlope,
    cyclesToDecide: cyclesToDecide(trend, yardstick, budget),
    ...common,
  };
}

/** V8's own growth is a bounded number of bytes, so what passes falls as 1/cycles down to the budget. */
function effectiveBudget(trend: Trend, yardstick: Yardstick): number {
  if (yardstick.explicitBudget) return yardstick.budget;
  const bounded = Math.max(yardstick.boundedGrowth, 4 * trend.late.residual);
  return Math.max(yardstick.budget, bounded / trend.late.span);
}

/** A cache that fills grows as steadily as a leak: only length tells them apart. */
function pastFilling(trend: Trend, yardstick: Yardstick): boolean {
  const growth = trend.whole.slope * trend.cycles;
  return trend.cycles >= yardstick.fillCycles || (growth >= yardstick.capacity && trend.cycles >= 500);
}

function detectionFloor(trend: Trend, budget: number, rates: ErrorRates): number | undefined {
  const needed = [trend.whole, trend.late].map((window) =>
    window.degreesOfFreedom < 1
      ? Number.POSITIVE_INFINITY
      : (studentQuantile(1 - rates.leak, window.degreesOfFreedom) + studentQuantile(0.95, window.degreesOfFreedom)) *
        window.standardError,
  );
  const floor = budget + Math.max(...needed);
  return Number.isFinite(floor) ? floor : undefined;
}

function cyclesToDecide(trend: Trend, yardstick: Yardstick, budget: number): number {
  const doublings = Math.min(6, Math.max(1, Math.log2(Math.max(1, trend.late.slope / budget))));
  const longer = trend.cycles * 2 ** doublings;
  return Math.max(longer, trend.late.slope > budget ? Math.min(yardstick.fillCycles, 4 * longer) : 0);
}

function stepOf(trend: Trend): { readonly step: Trend['whole']['steps'][number] } | Record<string, never> {
  const tallest = [...trend.whole.steps].sort((a, b) => Math.abs(b.height) - Math.abs(a.height))[0];
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
