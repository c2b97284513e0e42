import type { Tolerance } from '../decide/tolerance.js';
import { type FloorSeries, floorsMin, sliceSeries } from '../series/floors.js';
import { noiseOf, withoutGlitches } from '../series/glitches.js';
import { proportionBounds } from '../statistics/clopper-pearson.js';
import { around } from '../statistics/combined-intervals.js';
import { teethOf } from './sawtooth.js';
import { reachOf, type SlopeWindows, trendOf, type WindowSlope } from './trend.js';

/** Events beyond this many are described better by a line than by counting them. */
const rareEventsMax = 40;
/** Standard deviations that a restless count may drift apart. */
const restlessness = 4;

/** Slopes of a series of whole numbers with their bounds; undefined where there are too few floors. */
export function countWindows(series: FloorSeries, { shiftMin }: Tolerance): SlopeWindows | undefined {
  const trend = trendOf(series, { shiftMin, floorsMin });
  if (trend === undefined) return undefined;
  const settled = sliceSeries(series, trend.from, series.cycles.length);
  const lateFrom = settled.cycles.length - trend.late.floors;
  const floors = { whole: settled, late: sliceSeries(settled, lateFrom, settled.cycles.length) };
  return {
    trend,
    bounds: (window, alpha) => rareBounds(floors[window], alpha) ?? lineBounds(trend[window], alpha),
    // A count that goes up and down by itself is certified to within its own restlessness, and no better.
    restlessness: restlessness * (teethOf(settled.values) === undefined ? noiseOf(settled) : trend.whole.residual),
  };
}

interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** A count is off by up to one half at either end of even a perfect line. */
function lineBounds(window: WindowSlope, alpha: number): Bounds {
  return around(window.slope, reachOf(window, alpha) + 1 / window.span);
}

/**
 * Bounds on the rate of a count that only ever rises, by few (Clopper-Pearson on one event a cycle at most).
 * What stands at one floor alone is left out: something under way when it was counted.
 * @returns undefined where it falls too, or rises by many
 */
function rareBounds({ values: read, cycles }: FloorSeries, alpha: number): Bounds | undefined {
  const values = withoutGlitches(read);
  for (let index = 1; index < values.length; index += 1) if (values[index]! < values[index - 1]!) return undefined;
  const events = values.at(-1)! - values[0]!;
  const span = Math.round(cycles.at(-1)! - cycles[0]!);
  if (!Number.isInteger(events) || events > Math.min(rareEventsMax, span / 4)) return undefined;
  return proportionBounds(events, span, alpha);
}
