import type { Tolerance } from '../decide/tolerance.js';
import { type FloorSeries, floorsOfLineMin } from '../series/floors.js';
import { withoutLoners } from '../series/glitches.js';
import { type SlopeWindows, slopeBounds, type Trend, trendOf } from './trend.js';

/**
 * Pages whose floors lie closer to a line than this are still. Recorded sound services once they were warm: C, Rust,
 * Python, Redis and nginx 0 to 18 KiB, Go and Java mostly 25 KiB to 3.5 MiB.
 */
const stillBytes = 20 * 1024;
/** Standard deviations by which other floors may drift apart at a steady pace: sound Go and Java services, up to 5 of them. */
const roughness = 6;

/** Slopes of a noisy series of bytes with their bounds; undefined where there are too few floors. */
export function byteWindows(series: FloorSeries, tolerance: Tolerance): SlopeWindows | undefined {
  const trend = trendOf(withoutLoners(series), { shiftMin: tolerance.shiftMin, floorsMin: floorsOfLineMin });
  if (trend === undefined) return undefined;
  return {
    trend,
    bounds: (window, alpha) => slopeBounds(trend[window], alpha),
    restlessness: tolerance.pages === undefined ? 0 : driftOf(trend, tolerance),
  };
}

/**
 * What pages that a collector manages, or an allocator that works in lumps, may hide. Where no collector works, a heap that waits for
 * one hides nothing: a service in Rust that kept 20 B a cycle was flat to within 71 B with the room of a collector.
 */
function driftOf({ whole }: Trend, { pages, leakAllowance }: Tolerance): number {
  if (pages !== 'collected' && whole.residual <= stillBytes) return 0;
  return Math.max(leakAllowance, roughness * whole.residual);
}
