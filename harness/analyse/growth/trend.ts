import { type FloorSeries, indexAtCycles, type Points, sliceSeries } from '../series/floors.js';
import { around, type Bounded } from '../statistics/combined-intervals.js';
import { type Line, leastSquares } from '../statistics/least-squares.js';
import { mean, median } from '../statistics/order-statistics.js';
import { studentQuantile } from '../statistics/student-t.js';
import { type LevelShift, levelShifts, withoutShifts } from './level-shifts.js';
import { withoutRegularTeeth } from './regular-sawtooth.js';
import { teethOf } from './sawtooth.js';
import { lineOverStep } from './step-fit.js';

/** Slope of one window of a series, per cycle. */
export interface WindowSlope {
  readonly slope: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** Cycles between its first and last floor. */
  readonly span: number;
  readonly floors: number;
  /** Standard deviation of its block floors around the line. */
  readonly residual: number;
  /** Level shifts that were taken out. */
  readonly shifts: readonly LevelShift[];
  /** Residual sum of one step to that of the line: above 1 where the line fits the window better. */
  readonly lineOverStep: number;
}

/** A series seen through three windows of cycles, so that growth must show in more than one of them. */
export interface Trend {
  /** Cycles driven until its last floor. */
  readonly cycles: number;
  /** Index of the first floor after the quarter of the cycles that is left to warm-up. */
  readonly from: number;
  /** From a quarter of the cycles on. */
  readonly whole: WindowSlope;
  /** From a quarter to a half. */
  readonly early: WindowSlope;
  /** From a half on: as many cycles as all before. */
  readonly late: WindowSlope;
  /** Slopes of the early and the late window from their ends: lone peaks do not count, steps do. */
  readonly ends: { readonly early: number; readonly late: number };
}

/** A series' trend with the bounds that its channel puts on the slopes of its windows. */
export interface SlopeWindows {
  readonly trend: Trend;
  /** One-sided bounds at an error rate of `alpha` each. */
  bounds(window: 'whole' | 'late', alpha: number): { readonly low: number; readonly high: number };
  /** Drift that the series' own noise hides; nothing is certified better than this. */
  readonly restlessness: number;
}

export interface TrendOptions {
  /** Level shifts below this height are never taken out. */
  readonly shiftMin: number;
  /** Fewer floors than this show nothing. */
  readonly floorsMin: number;
}

/** Floors a block; the length that shows the line best is taken. */
const blockLengths = [1, 2, 4] as const;
const blocksMin = 6;
/** The choice among block lengths costs less than one test each: their floors are the same samples. */
const choiceCost = 2;
/** Longer windows are first reduced to this many block floors: bounded work, whatever the length of the run. */
const blocksMax = 64;

/** One-sided bounds of a slope at an error rate of `alpha` each. */
export function slopeBounds(window: WindowSlope, alpha: number): Bounded {
  return around(window.slope, reachOf(window, alpha));
}

/** Distance from the estimate to a one-sided bound. */
export function reachOf(
  { standardError, degreesOfFreedom }: Pick<WindowSlope, 'standardError' | 'degreesOfFreedom'>,
  alpha: number,
): number {
  if (degreesOfFreedom < 1 || !Number.isFinite(standardError)) return Number.POSITIVE_INFINITY;
  return standardError === 0 ? 0 : studentQuantile(1 - alpha / choiceCost, degreesOfFreedom) * standardError;
}

/**
 * Regression on block floors in windows of cycles. A series that starts late (a census) has no warm-up left, and one that was not
 * read between a quarter and a half of the cycles (two of them) has no early window: their windows are halves of what was read.
 * @returns undefined when there are too few floors
 */
export function trendOf(series: FloorSeries, { shiftMin, floorsMin }: TrendOptions): Trend | undefined {
  const count = series.cycles.length;
  if (count < floorsMin) return undefined;
  const cycles = series.cycles[count - 1]!;
  const from = indexAtCycles(series, cycles / 4);
  const isOfHalves = series.cycles[0]! > cycles / 4 || from === indexAtCycles(series, cycles / 2);
  const half = indexAtCycles(series, isOfHalves ? (series.cycles[from]! + cycles) / 2 : cycles / 2);
  if (half - from < 3 || count - half < 4) return undefined;
  // Cycles that stand still show no growth per cycle.
  if (series.cycles[half - 1]! === series.cycles[from]! || cycles === series.cycles[half]!) return undefined;
  const window = (start: number, end: number) => windowSlope(sliceSeries(series, start, end), shiftMin);
  return {
    cycles,
    from,
    whole: window(from, count),
    early: window(from, half),
    late: window(half, count),
    ends: endSlopes(sliceSeries(series, from, count), half - from),
  };
}

function windowSlope(window: FloorSeries, shiftMin: number): WindowSlope {
  const base = Math.ceil(window.cycles.length / blocksMax);
  const candidates = blockLengths
    .map((length) => Math.floor(window.cycles.length / (length * base)))
    .filter((blocks, index) => index === 0 || blocks >= blocksMin)
    .map((blocks) => slopeOfFloors(window, blockFloors(window, blocks), shiftMin));
  const teeth = teethOf(window.values);
  const levelled = teeth === undefined ? undefined : withoutRegularTeeth(window, teeth);
  if (levelled !== undefined) candidates.push(slopeOfFloors(window, levelled, shiftMin));
  const best = candidates.reduce((left, right) => (reachOf(right, 0.01) < reachOf(left, 0.01) ? right : left));
  return { ...best, lineOverStep: Math.max(...candidates.map((candidate) => candidate.lineOverStep)) };
}

function slopeOfFloors(window: FloorSeries, floors: Points, shiftMin: number): WindowSlope {
  const shifts = levelShifts(floors, shiftMin);
  const values = withoutShifts(floors, shifts);
  const line = leastSquares(floors.cycles, values);
  const degreesOfFreedom = line.degreesOfFreedom - shifts.length;
  const lost = degreesOfFreedom < 1 ? Number.POSITIVE_INFINITY : line.degreesOfFreedom / degreesOfFreedom;
  return {
    slope: line.slope,
    standardError: line.standardError * Math.sqrt(lost * inflation(floors.cycles, values, line)),
    degreesOfFreedom,
    span: window.cycles.at(-1)! - window.cycles[0]!,
    floors: window.cycles.length,
    residual: degreesOfFreedom < 1 ? 0 : Math.sqrt(line.residualSum / degreesOfFreedom),
    shifts: shifts.map(({ atCycles, height }) => ({ atCycles, height })),
    lineOverStep: lineOverStep(values, line.residualSum),
  };
}

/** Of each two floors the lower one counts. */
function endSlopes(whole: FloorSeries, half: number): Trend['ends'] {
  const { cycles, values } = blockFloors(whole, Math.max(1, whole.values.length >> 1));
  const middle = Math.round((half / whole.values.length) * values.length);
  const part = (start: number, end: number) =>
    slopeOfEnds({ cycles: cycles.subarray(start, end), values: values.subarray(start, end) });
  return { early: part(0, middle), late: part(middle, values.length) };
}

/** From the middle of the first third to that of the last. */
function slopeOfEnds({ cycles, values }: Points): number {
  const third = Math.max(1, Math.floor(values.length / 3));
  const rise = median(values.subarray(-third)) - median(values.subarray(0, third));
  const run = mean(cycles.subarray(-third)) - mean(cycles.subarray(0, third));
  return run > 0 ? rise / run : 0;
}

/** Factor on the variance of a slope whose residuals follow each other (AR(1) by their lag-1 correlation). */
function inflation(cycles: Float64Array, values: Float64Array, line: Line): number {
  if (line.residualSum <= 0) return 1;
  let product = 0;
  let before = 0;
  for (let index = 0; index < cycles.length; index += 1) {
    const residual = values[index]! - line.intercept - line.slope * cycles[index]!;
    if (index > 0) product += residual * before;
    before = residual;
  }
  const correlation = Math.min(0.8, Math.max(0, product / line.residualSum));
  return (1 + correlation) / (1 - correlation);
}

/**
 * Lowest value of each of `blocks` consecutive blocks, with the cycles at which it was read:
 * the floor that sawtooths, late collections and transient code stand on.
 */
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
