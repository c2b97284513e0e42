import type { Decision } from './decision.js';
import { type FloorSeries, indexAtCycles } from './floors.js';
import type { Yardstick } from './yardstick.js';

/** Doublings of the cycles that are looked at, the last ones. */
const octaves = 4;
/** Growth a cycle that an octave must keep of the one before: a square root keeps 0.7. */
const keptLeast = 0.75;
/** Growth in the last two octaves, in capacities. */
const leastCapacities = 1;
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

/** Where an octave is taken to end, in parts of the cycles: a doubling may lie on the border of one and of no other. */
const octaveEnds = [1, 0.85];
/** Growth of the last doubling, in shifts that are told from noise; a table that doubles brought half as much in the one before. */
const leastShifts = 1.5;
const ofTheOneBefore = { least: 0.6, most: 1.7 } as const;
/** The floors before a border, in parts of its cycles: a sawtooth has a trough in them, late collections are no matter. */
const border = 0.2;

/**
 * What seems to have stepped once, or twice, may be a table that doubles: where both of the last doublings of the cycles
 * brought more than passes, however it came, that is no plateau yet.
 */
export function unlessDoubling(decision: Decision, series: FloorSeries, yardstick: Yardstick): Decision {
  if (decision.state !== 'plateau') return decision;
  const cycles = series.cycles.at(-1)!;
  const slope = octaveEnds
    .map((end) => doublingBefore(series, end * cycles, yardstick))
    .find((growth) => growth !== undefined && growth.low > decision.budget);
  if (slope === undefined) return decision;
  return { ...decision, state: 'undecided', doubt: 'filling', shape: 'linear', slope, cyclesToDecide: 2 * cycles };
}

/**
 * Growth a cycle in the last two octaves before `end`, together and each; undefined where there are too few floors, or
 * where it is no more than a warm-up leaves behind.
 */
function doublingBefore(series: FloorSeries, end: number, { smallestShift }: Yardstick): Decision['slope'] | undefined {
  const ends = [end, end / 2, end / 4] as const;
  const [last, middle, first] = ends.map((cycles) => lowestBefore(series, cycles));
  if (last === undefined || middle === undefined || first === undefined) return undefined;
  const perCycle = (growth: number, cycles: number) => growth / ((1 - border) * cycles);
  const [early, late] = [perCycle(middle - first, end / 4), perCycle(last - middle, end / 2)];
  const doubles = late >= ofTheOneBefore.least * early && late <= ofTheOneBefore.most * early;
  if (!doubles || last - middle < leastShifts * smallestShift) return undefined;
  return { estimate: perCycle(last - first, 0.75 * end), low: Math.min(early, late), high: Math.max(early, late) };
}

function lowestBefore(series: FloorSeries, cycles: number): number | undefined {
  const from = indexAtCycles(series, (1 - border) * cycles);
  const before = series.values.subarray(from, indexAtCycles(series, cycles) + 1);
  return before.length <= neighbours ? undefined : Math.min(...before);
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
