import { farOut, median, robustDeviation } from '../statistics/order-statistics.js';
import type { Points } from './floors.js';

/**
 * Standard deviation of a series beside its course: how far values lie from the line through their neighbours.
 * Slopes, curves and lone glitches do not count. A value and the mean of its two neighbours differ by 1.5 times the
 * variance of one.
 */
export function noiseOf({ cycles, values }: Points): number {
  if (values.length < 3) return 0;
  const surprises = values.subarray(1, -1).map((value, index) => {
    const share = (cycles[index + 1]! - cycles[index]!) / (cycles[index + 2]! - cycles[index]!);
    return value - values[index]! - (Number.isFinite(share) ? share : 0.5) * (values[index + 2]! - values[index]!);
  });
  return robustDeviation(surprises) / Math.sqrt(1.5);
}

/**
 * Brings lone values that lie far above or below both neighbours back to the nearer one: a late collection or a burst of
 * compiled code would tilt a line, and a lone dip would stand for the floor of its whole block.
 */
export function withoutLoners<Series extends Points>(series: Series): Series {
  const { values } = series;
  const limit = farOut * noiseOf(series);
  const tamed = values.map((value, index) => {
    if (index === 0 || index === values.length - 1) return value;
    const [before, after] = [values[index - 1]!, values[index + 1]!];
    if (value < Math.min(before, after) - limit) return Math.min(before, after);
    return value > Math.max(before, after) + limit ? Math.max(before, after) : value;
  });
  return { ...series, values: tamed };
}

/** Leaves out what stands at one floor alone: something under way when it was counted. */
export function withoutGlitches(values: Float64Array): Float64Array {
  return values.map((value, index) =>
    index === 0 || index === values.length - 1 ? value : median([values[index - 1]!, value, values[index + 1]!]),
  );
}
