import type { Decision } from './decision.js';
import type { FloorSeries } from './floors.js';
import { withoutLoners } from './glitches.js';
import { byOctaves, unlessDoubling } from './octaves.js';
import { decideSlope, type ErrorRates, tooFewFloors } from './slope-decision.js';
import { evidenceOf, type SlopeWindows } from './slope-windows.js';
import { slopeBounds, trendOf } from './trend.js';
import type { Yardstick } from './yardstick.js';

const leastFloors = 20;

/** Slopes of a noisy series of bytes with their bounds; undefined where there are too few floors. */
export function byteWindows(series: FloorSeries, { smallestShift }: Yardstick): SlopeWindows | undefined {
  const trend = trendOf(withoutLoners(series), { smallestShift, leastFloors });
  if (trend === undefined) return undefined;
  return { trend, bounds: (window, alpha) => slopeBounds(trend[window], alpha), restlessness: 0 };
}

/** Judges a noisy series of bytes at one look. */
export function decideBytes(series: FloorSeries, yardstick: Yardstick, rates: ErrorRates): Decision {
  const windows = byteWindows(series, yardstick);
  if (windows === undefined) return tooFewFloors(series, yardstick);
  const decision = decideSlope(windows.trend, evidenceOf(windows, rates), yardstick, rates);
  return byOctaves(unlessDoubling(decision, series, yardstick), series, yardstick);
}
