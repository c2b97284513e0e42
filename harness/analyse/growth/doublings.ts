import type { Tolerance } from '../decide/tolerance.js';
import { type FloorSeries, indexAtCycles } from '../series/floors.js';
import type { Bounded } from '../statistics/combined-intervals.js';
import { isSamePace, paceMin } from './pace.js';

/** Doublings of the cycles that are looked at, the last ones. */
const doublings = 4;
/** Part of all cycles that lies in the last two doublings. */
const lastTwoShare = 0.75;
/** Floors on either side of a border: late collections lift single ones. */
const neighbours = 1;

/**
 * Growth of which most lies in tables that double: it comes in ever higher and ever rarer steps, each of which may be the
 * last. Each of several doublings of the cycles, or each of several steps, must have brought as much a cycle as the one
 * before, and the last two doublings together more than a cache holds.
 * @returns undefined where the series does not grow like that
 */
export function steadyDoublingsOf(series: FloorSeries, { capacity, shiftMin }: Tolerance): Bounded | undefined {
  const cycles = series.cycles.at(-1) ?? 0;
  const grown = levelAt(series, cycles) - levelAt(series, cycles / 4);
  if (grown < capacity) return undefined;
  const steady = [ratesOf(series), ratesOfSteps(series, shiftMin)].find(
    (rates) => rates !== undefined && keepPace(rates),
  );
  if (steady === undefined) return undefined;
  const last = steady.slice(0, doublings - 1);
  const [low, high] = [Math.min(...last), Math.max(...last)];
  // Just after a step there is twice the room that is used: how long the steps lasted says more.
  return { estimate: Math.min(high, Math.max(low, grown / (lastTwoShare * cycles))), low, high };
}

/** Cycles in all after which the last two doublings bring more than a cache holds, at so much growth a cycle. */
export function cyclesToOutgrow({ capacity }: Tolerance, growthPerCycle: number): number {
  return capacity / (lastTwoShare * growthPerCycle);
}

/** @param rates the last one first */
function keepPace(rates: readonly number[]): boolean {
  return rates.slice(1).every((before, index) => before > 0 && rates[index]! >= paceMin * before);
}

/**
 * Growth a cycle of each of the last steps until the next one, the last one first; the one that is still open as if the next came
 * now. Tables that grow by half, as arrays of V8 and lists of Java do, bring one step in one doubling and two in another.
 * @returns undefined where there are fewer steps than doublings are asked for, or where it falls too
 */
function ratesOfSteps({ cycles, values }: FloorSeries, shiftMin: number): readonly number[] | undefined {
  const steps: { index: number; height: number }[] = [];
  for (let index = 1; index < values.length; index += 1) {
    const height = values[index]! - values[index - 1]!;
    const last = steps.at(-1);
    if (height < -shiftMin) return undefined;
    if (height <= shiftMin) continue;
    // A step between two floors of which one was read late.
    if (last?.index === index - 1) steps[steps.length - 1] = { index, height: last.height + height };
    else steps.push({ index, height });
  }
  if (steps.length <= doublings) return undefined;
  const rates: number[] = [];
  for (const [step, { index, height }] of steps.entries()) {
    const until = steps[step + 1]?.index;
    const rate = height / (cycles[until ?? cycles.length - 1]! - cycles[index]!);
    // What is full has no further step: once the next one is overdue, its absence counts.
    rates.push(until === undefined ? Math.min(rate, rates.at(-1)!) : rate);
  }
  return rates.slice(-doublings - 1).reverse();
}

/** Where a doubling is taken to end, in parts of the cycles: a step may lie on the border of one and of no other. */
const doublingEnds = [1, 0.85];
/** Growth of the last doubling, in level shifts; a table that doubles brought half as much in the one before, which is as much a cycle. */
const shiftsMin = 1.5;
/** The floors before a border, in parts of its cycles: a sawtooth has a trough in them. */
const border = 0.2;

/**
 * What seems to have stepped once, or twice, may be a table that doubles: both of the last doublings of the cycles brought
 * more than passes, however it came.
 * @param passes slope that is within the budget
 */
export function doublingGrowthOf(series: FloorSeries, tolerance: Tolerance, passes: number): Bounded | undefined {
  const cycles = series.cycles.at(-1)!;
  return doublingEnds
    .map((end) => doublingBefore(series, end * cycles, tolerance))
    .find((growth) => growth !== undefined && growth.low > passes);
}

/**
 * Growth a cycle in the last two doublings before `end`, together and each; undefined where there are too few floors, or
 * where it is no more than a warm-up leaves behind.
 */
function doublingBefore(series: FloorSeries, end: number, { shiftMin }: Tolerance): Bounded | undefined {
  const ends = [end, end / 2, end / 4] as const;
  const [last, middle, first] = ends.map((cycles) => lowestBefore(series, cycles));
  if (last === undefined || middle === undefined || first === undefined) return undefined;
  const perCycle = (growth: number, cycles: number) => growth / ((1 - border) * cycles);
  const [early, late] = [perCycle(middle - first, end / 4), perCycle(last - middle, end / 2)];
  if (!isSamePace(early, late) || last - middle < shiftsMin * shiftMin) return undefined;
  return {
    estimate: perCycle(last - first, lastTwoShare * end),
    low: Math.min(early, late),
    high: Math.max(early, late),
  };
}

/** The lowest of the floors in the last fifth of so many cycles; undefined where there are too few. */
export function lowestBefore(series: FloorSeries, cycles: number): number | undefined {
  const from = indexAtCycles(series, (1 - border) * cycles);
  const before = series.values.subarray(from, indexAtCycles(series, cycles) + 1);
  return before.length <= neighbours ? undefined : Math.min(...before);
}

/** Growth a cycle in each of the last doublings, the last one first; undefined where the series is shorter. */
function ratesOf(series: FloorSeries): readonly number[] | undefined {
  const cyclesMax = series.cycles.at(-1) ?? 0;
  const ends = Array.from({ length: doublings + 1 }, (_, doubling) => cyclesMax / 2 ** doubling);
  if ((series.cycles[neighbours] ?? cyclesMax) > ends.at(-1)!) return undefined;
  const levels = ends.map((cycles) => levelAt(series, cycles));
  return ends
    .slice(1)
    .map((start, doubling) => (levels[doubling]! - levels[doubling + 1]!) / (ends[doubling]! - start));
}

function levelAt(series: FloorSeries, cycles: number): number {
  const { values } = series;
  const index = Math.min(indexAtCycles(series, cycles), values.length - 1);
  return Math.min(...values.subarray(Math.max(0, index - neighbours), index + neighbours + 1));
}
