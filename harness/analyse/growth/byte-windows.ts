import type { MemoryManagement } from '../../model/run-log.js';
import { collectedHeapBytes, type Tolerance } from '../decide/tolerance.js';
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
export function byteWindows(series: FloorSeries, { shiftMin, pages }: Tolerance): SlopeWindows | undefined {
  const trend = trendOf(withoutLoners(series), { shiftMin, floorsMin: floorsOfLineMin });
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
