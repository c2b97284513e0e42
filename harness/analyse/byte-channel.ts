import type { MemoryManagement } from '../model/run-log.js';
import type { Decision } from './decision.js';
import type { FloorSeries } from './floors.js';
import { withoutLoners } from './glitches.js';
import { byOctaves, unlessDoubling } from './octaves.js';
import { decideSlope, type ErrorRates, tooFewFloors } from './slope-decision.js';
import { evidenceOf, type SlopeWindows } from './slope-windows.js';
import { slopeBounds, type Trend, trendOf } from './trend.js';
import { collectedHeapBytes, type Yardstick } from './yardstick.js';

const leastFloors = 20;
/**
 * Pages whose floors lie closer to a line than this are still. Recorded sound services: C, Rust, Python, Redis and nginx
 * 0 to 18 KiB, Go and Java 25 KiB to 3.5 MiB.
 */
const stillBytes = 20 * 1024;
/** Standard deviations by which other floors may drift apart at a steady pace: sound Go and Java services, up to 5 of them. */
const roughness = 6;

/** Slopes of a noisy series of bytes with their bounds; undefined where there are too few floors. */
export function byteWindows(series: FloorSeries, { smallestShift, pages }: Yardstick): SlopeWindows | undefined {
  const trend = trendOf(withoutLoners(series), { smallestShift, leastFloors });
  if (trend === undefined) return undefined;
  return {
    trend,
    bounds: (window, alpha) => slopeBounds(trend[window], alpha),
    restlessness: pages === undefined ? 0 : driftOf(trend, pages),
  };
}

/** What pages that a collector manages, or an allocator that works in lumps, may hide. */
function driftOf({ whole }: Trend, pages: MemoryManagement): number {
  if (pages !== 'collected' && whole.residual <= stillBytes) return 0;
  return Math.max(collectedHeapBytes, roughness * whole.residual);
}

/** Judges a noisy series of bytes at one look. */
export function decideBytes(series: FloorSeries, yardstick: Yardstick, rates: ErrorRates): Decision {
  const windows = byteWindows(series, yardstick);
  if (windows === undefined) return tooFewFloors(series, yardstick);
  const decision = decideSlope(windows.trend, evidenceOf(windows, rates), yardstick, rates);
  return byOctaves(unlessDoubling(decision, series, yardstick), series, yardstick);
}
