import type { Decision } from './decision.js';
import { decideCounts } from './exact-channel.js';
import type { FloorSeries } from './floors.js';
import { type ErrorRates, tooFewFloors } from './slope-decision.js';
import { median } from './statistics/order-statistics.js';
import { recordRunProbability } from './statistics/record-rule.js';
import type { Yardstick } from './yardstick.js';

/** A pool that shrinks steadily runs dry however small it is. */
const leastFall = 4;
/** Of values that could stand in any order, a run of new lows as long as this one is this seldom. */
const seldom = 1e-4;
const fewestFloors = 8;

/** Judges a gauge that may neither grow nor run dry. */
export function decideLevel(series: FloorSeries, yardstick: Yardstick, rates: ErrorRates): Decision {
  const rising = decideCounts(series, yardstick, rates);
  if (rising.state === 'leak' || rising.slope.estimate >= 0) return rising;
  const mirrored = { ...series, values: series.values.map((value) => -value) };
  const falling = decideCounts(mirrored, { ...yardstick, capacity: leastFall, leastCycles: 1 }, rates);
  const dried = recordRunProbability(beforeDry(mirrored)) < seldom;
  if (falling.state !== 'leak' && !dried) return rising;
  const { estimate, low, high } = falling.slope;
  return { ...falling, state: 'leak', shape: 'falling', slope: { estimate: -estimate, low: -high, high: -low } };
}

/** The part of a series before it first stood at its lowest and stayed there. */
function beforeDry({ values }: FloorSeries): Float64Array {
  const lowest = values.at(-1)!;
  let end = values.length;
  while (end > 1 && values[end - 2] === lowest) end -= 1;
  return end < values.length / 4 ? new Float64Array(0) : values.subarray(0, end);
}

/** Judges a gauge that may grow up to a bound: its level counts, not its slope. */
export function decideBounded(series: FloorSeries, yardstick: Yardstick, bound: number): Decision {
  const { values, cycles } = series;
  const nothing = tooFewFloors(series, yardstick);
  if (values.length < fewestFloors) return nothing;
  const highest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const recent = median(values.subarray(Math.floor((values.length * 3) / 4)));
  const span = Math.max(1, cycles.at(-1)! - cycles[0]!);
  const slope = (values.at(-1)! - values[0]!) / span;
  return {
    ...nothing,
    state: recent > bound ? 'leak' : 'plateau',
    shape: recent > bound ? 'linear' : 'flat',
    slope: { estimate: slope, low: slope, high: slope },
    confidence: 1,
    budget: 0,
    bound: { most: bound, reached: highest },
    detectionFloor: 0,
    floors: values.length,
  };
}
