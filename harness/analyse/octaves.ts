import type { Decision } from './decision.js';
import { type FloorSeries, indexAtCycles } from './floors.js';
import type { Yardstick } from './yardstick.js';

/** Doublings of the cycles that are looked at, the last ones. */
const octaves = 4;
/** Growth a cycle that an octave must keep of the one before: a square root keeps 0.7. */
const keptLeast = 0.75;
/** Growth in the last two octaves, in capacities. */
const leastCapacities = 3;
const neighbours = 1;

/**
 * Growth of which most lies in tables that double: it comes in ever higher and ever rarer steps, each of which may be the
 * last. When each of several doublings of the cycles brought as much a cycle as the one before, none was.
 * @returns the decision as it was where the series does not grow like that
 */
export function byOctaves(decision: Decision, series: FloorSeries, yardstick: Yardstick): Decision {
  if (decision.state !== 'undecided') return decision;
  const rates = ratesOf(series);
  if (rates === undefined) return decision;
  const { cycles } = series;
  const grown = ((rates[0]! + rates[1]! / 2) * cycles.at(-1)!) / 2;
  const kept = rates.slice(1).every((before, index) => before > 0 && rates[index]! >= keptLeast * before);
  if (!kept || grown < leastCapacities * yardstick.capacity) return decision;
  const last = rates.slice(0, octaves - 1);
  const slope = { estimate: grown / (0.75 * cycles.at(-1)!), low: Math.min(...last), high: Math.max(...last) };
  if (slope.low <= Math.max(yardstick.condemned, decision.budget)) return decision;
  const { doubt: _, cyclesToDecide: __, step: ___, ...common } = decision;
  return { ...common, state: 'leak', shape: 'linear', slope };
}

/** Growth a cycle in each of the last octaves, the last one first; undefined where the series is shorter. */
function ratesOf(series: FloorSeries): readonly number[] | undefined {
  const most = series.cycles.at(-1) ?? 0;
  const ends = Array.from({ length: octaves + 1 }, (_, octave) => most / 2 ** octave);
  if ((series.cycles[neighbours] ?? most) > ends.at(-1)!) return undefined;
  const levels = ends.map((cycles) => levelAt(series, cycles));
  return ends.slice(1).map((start, octave) => (levels[octave]! - levels[octave + 1]!) / (ends[octave]! - start));
}

/** The lowest of the floors around: late collections lift single ones. */
function levelAt(series: FloorSeries, cycles: number): number {
  const { values } = series;
  const index = Math.min(indexAtCycles(series, cycles), values.length - 1);
  return Math.min(...values.subarray(Math.max(0, index - neighbours), index + neighbours + 1));
}
