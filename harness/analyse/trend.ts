import { type FloorSeries, indexAtCycles, sliceSeries } from './floors.js';
import { leastSquares } from './statistics/least-squares.js';
import { median, robustDeviation } from './statistics/order-statistics.js';
import { studentQuantile } from './statistics/student-t.js';

/** Slope of one window of a series, per cycle. */
export interface WindowSlope {
  readonly slope: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** Cycles between its first and last floor. */
  readonly span: number;
  readonly floors: number;
  /** Level shifts that were taken out. */
  readonly steps: readonly LevelShift[];
  /** Standard deviation of its block floors around the line. */
  readonly residual: number;
}

export interface LevelShift {
  readonly atCycles: number;
  readonly height: number;
}

/** A series seen through three windows of cycles, each free of warm-up in its own measure. */
export interface Trend {
  /** Cycles in all. */
  readonly cycles: number;
  /** From a quarter of the cycles on. */
  readonly whole: WindowSlope;
  /** From a quarter to a half. */
  readonly early: WindowSlope;
  /** From a half on: as many cycles as all before. */
  readonly late: WindowSlope;
}

/** Block floors fewer than this tell nothing. */
const leastFloors = 12;
/** Shifts that a window may have taken out; more of them are a trend. */
const mostShifts = 2;

/** One-sided bounds of a slope at an error rate of `alpha` each. */
export function slopeBounds(window: WindowSlope, alpha: number): { readonly low: number; readonly high: number } {
  if (!Number.isFinite(window.standardError) || window.degreesOfFreedom < 1)
    return { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const reach = studentQuantile(1 - alpha, window.degreesOfFreedom) * window.standardError;
  return { low: window.slope - reach, high: window.slope + reach };
}

/**
 * Regression on block floors (METHOD: two-window floor regression).
 * The lowest value of each block is the floor that sawtooths, late collections and transient code stand on.
 * @param smallestShift level shifts below this height are never taken out
 * @returns undefined when there are too few floors
 */
export function trendOf(series: FloorSeries, smallestShift: number): Trend | undefined {
  const count = series.cycles.length;
  if (count < leastFloors) return undefined;
  const cycles = series.cycles[count - 1]!;
  const quarter = indexAtCycles(series, cycles / 4);
  const half = indexAtCycles(series, cycles / 2);
  if (half - quarter < 4 || count - half < 6) return undefined;
  return {
    cycles,
    whole: windowSlope(sliceSeries(series, quarter, count), smallestShift),
    early: windowSlope(sliceSeries(series, quarter, half), smallestShift),
    late: windowSlope(sliceSeries(series, half, count), smallestShift),
  };
}

function windowSlope(window: FloorSeries, smallestShift: number): WindowSlope {
  const floors = blockFloors(window, Math.max(4, Math.min(10, Math.floor(window.cycles.length / 4))));
  const steps = levelShifts(floors, smallestShift);
  const line = leastSquares(floors.cycles, withoutShifts(floors, steps));
  const degreesOfFreedom = line.degreesOfFreedom - steps.length;
  const standardError =
    degreesOfFreedom < 1
      ? Number.POSITIVE_INFINITY
      : line.standardError * Math.sqrt(line.degreesOfFreedom / degreesOfFreedom);
  return {
    slope: line.slope,
    standardError,
    degreesOfFreedom,
    span: window.cycles.at(-1)! - window.cycles[0]!,
    floors: window.cycles.length,
    steps: steps.map(({ atCycles, height }) => ({ atCycles, height })),
    residual: degreesOfFreedom < 1 ? 0 : Math.sqrt(line.residualSum / degreesOfFreedom),
  };
}

interface Points {
  readonly cycles: Float64Array;
  readonly values: Float64Array;
}

/** Lowest value of each of `blocks` consecutive blocks, with the cycles at which it was read. */
export function blockFloors(series: Points, blocks: number): Points {
  const count = series.cycles.length;
  const used = Math.min(blocks, count);
  const cycles = new Float64Array(used);
  const values = new Float64Array(used);
  for (let block = 0; block < used; block += 1) {
    let lowest = Math.floor((block * count) / used);
    for (let index = lowest; index < Math.floor(((block + 1) * count) / used); index += 1)
      if (series.values[index]! < series.values[lowest]!) lowest = index;
    cycles[block] = series.cycles[lowest]!;
    values[block] = series.values[lowest]!;
  }
  return { cycles, values };
}

interface FoundShift extends LevelShift {
  readonly index: number;
}

/** Increments that stand far out of the others: a level that changed once is no slope. */
function levelShifts(floors: Points, smallestShift: number): readonly FoundShift[] {
  const rates: number[] = [];
  for (let index = 1; index < floors.cycles.length; index += 1) {
    const span = floors.cycles[index]! - floors.cycles[index - 1]!;
    rates.push(span > 0 ? (floors.values[index]! - floors.values[index - 1]!) / span : 0);
  }
  const usual = median(rates);
  const spread = robustDeviation(rates);
  const shifts: FoundShift[] = [];
  rates.forEach((rate, position) => {
    const index = position + 1;
    const span = floors.cycles[index]! - floors.cycles[index - 1]!;
    const height = (rate - usual) * span;
    if (Math.abs(rate - usual) > 6 * spread && Math.abs(height) > smallestShift)
      shifts.push({ index, atCycles: floors.cycles[index]!, height });
  });
  return shifts.length <= mostShifts && shifts.length * 3 < floors.cycles.length ? shifts : [];
}

function withoutShifts(floors: Points, shifts: readonly FoundShift[]): Float64Array {
  const levelled = Float64Array.from(floors.values);
  for (const shift of shifts)
    for (let index = shift.index; index < levelled.length; index += 1) levelled[index]! -= shift.height;
  return levelled;
}
