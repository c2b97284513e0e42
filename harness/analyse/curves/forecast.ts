import type { Bounded } from '../statistics/combined-intervals.js';
import type { JudgedCurve } from './curve-evidence.js';

/** When a curve reaches its limit, in hours or rows after its last reading. */
export interface Forecast {
  readonly limit: number;
  /** `null`: at its estimated slope it never does. */
  readonly estimate: number | null;
  readonly low: number | null;
  /** `null`: it may never do so. */
  readonly high: number | null;
}

/** The last part of the readings shows where the curve stands. */
const lastShare = 1 / 32;
const lastReadingsMin = 3;

/**
 * A limit is reached by peaks, so the earliest time is that of the highest of the last readings at the steepest slope,
 * and the latest that of the lowest of them at the flattest.
 */
export function forecastOf({ readings: { values }, limit }: JudgedCurve, slope: Bounded): Forecast | undefined {
  if (limit === undefined) return undefined;
  const last = [...values.slice(-Math.max(lastReadingsMin, Math.ceil(values.length * lastShare)))].sort(
    (left, right) => left - right,
  );
  const after = (level: number, growth: number) => {
    if (level >= limit) return 0;
    return growth > 0 ? (limit - level) / growth : null;
  };
  return {
    limit,
    estimate: after(last[last.length >> 1]!, slope.estimate),
    low: after(last.at(-1)!, slope.high),
    high: after(last[0]!, slope.low),
  };
}
