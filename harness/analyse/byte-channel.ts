import type { Decision } from './decision.js';
import type { FloorSeries } from './floors.js';
import { withoutLoners } from './glitches.js';
import { decideSlope, type ErrorRates, tooFewFloors } from './slope-decision.js';
import { slopeBounds, trendOf } from './trend.js';
import type { Yardstick } from './yardstick.js';

const leastFloors = 20;

/** Judges a noisy series of bytes at one look. */
export function decideBytes(series: FloorSeries, yardstick: Yardstick, rates: ErrorRates): Decision {
  const trend = trendOf(withoutLoners(series), { smallestShift: yardstick.smallestShift, leastFloors });
  if (trend === undefined) return tooFewFloors(series, yardstick);
  const whole = slopeBounds(trend.whole, rates.leak);
  const late = slopeBounds(trend.late, rates.leak);
  const evidence = {
    low: { whole: whole.low, late: late.low },
    high: { whole: whole.high, late: late.high },
    cap: {
      whole: slopeBounds(trend.whole, rates.plateau / 2).high,
      late: slopeBounds(trend.late, rates.plateau / 2).high,
    },
  };
  return decideSlope(trend, evidence, yardstick, rates);
}
