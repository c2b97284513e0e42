import type { SampleTable } from '../../model/sample.js';
import { msPerHour } from '../../model/units.js';
import { countAllowance, type FloorSeries } from '../series/floors.js';
import { levelAtRest } from '../series/rest-spans.js';
import { longRestMs, type Rest } from '../series/rests.js';
import { around, type Bounded, scaled } from '../statistics/combined-intervals.js';
import { median, mostShare } from '../statistics/order-statistics.js';
import type { Decision } from './decision.js';
import type { Tolerance } from './tolerance.js';

/**
 * A quarter is no noise. What gives back so much of its growth at rest is kept for a time and not for good. Growth whose pace in
 * the last quarter of a rest is still so much of that in the first half goes on.
 */
const shareMin = 0.25;
/** What a heap or a count moves by at rest for other reasons: late collections, unused code, connections that are made anew. */
export const movedMin = { bytes: 96 * 1024, count: countAllowance } as const;
/** What a census moves a heap by. */
const movedByCensusBytes = 384 * 1024;

/** A time to live is known from readings that lie no further apart than this part of it. */
const keptResolution = 0.15;

/**
 * How long most was kept that is given back at rest, by the target's clock.
 * @returns undefined where it was not moved on, or the readings are too far apart
 */
function keptMsOf({ values, atMs, beforeJump }: Rest, level: number): number | undefined {
  const near = level + (Math.max(...values) - level) / 20;
  const settled = values.findIndex((value) => value <= near);
  if (settled < beforeJump || settled < 1) return undefined;
  const [before, at] = [atMs[settled - 1]!, atMs[settled]!];
  return at - before <= keptResolution * at ? at : undefined;
}

/** What a rest gave back of growth that looked like a leak. */
export interface ReleaseAtRest {
  readonly release: NonNullable<Decision['release']>;
  /** Which of the rests was the first to show it: what is kept for longer than was driven before goes in a later one. */
  readonly rest: number;
}

/** What time alone gave back of growth that looked like a leak; undefined where it was little. */
export function releaseAtRest(
  decision: Decision,
  series: FloorSeries,
  rests: readonly Rest[],
  { unit }: Tolerance,
): ReleaseAtRest | undefined {
  for (const [index, rest] of rests.entries()) {
    const released = index === 0 ? releasedFirst(decision, series, rest, unit) : releasedLater(decision, series, rest);
    if (released.share < shareMin || released.amount < movedMin[unit === 'B' ? 'bytes' : 'count']) continue;
    return { release: releaseOf(decision, released, rest, rests.at(-1)!), rest: index };
  }
  return undefined;
}

interface Released {
  readonly amount: number;
  /** Of all growth until the rest. */
  readonly share: number;
}

function releasedFirst({ slope, warmupFloors }: Decision, series: FloorSeries, rest: Rest, unit: string): Released {
  const { cycles, values } = series;
  const growth = slope.estimate * (cycles.at(-1)! - cycles[warmupFloors]!);
  const level = levelAtRest(rest);
  const sinceDriven = values.at(-1)! - level;
  // The census that comes before disturbs bytes; but what is kept for a moment only goes already while it is taken.
  if (unit !== 'B' || isMost(sinceDriven, growth)) return { amount: sinceDriven, share: sinceDriven / growth };
  const amount = rest.values[0]! - level;
  return { amount, share: (amount * slowedByCensus(series, rest)) / growth };
}

/**
 * How many times as fast cycles were driven before the census as during it. Of what is kept for a time, so many times less
 * was there when the rest began: a cache of 6 s held 5,100 entries at 830 cycles/s, and 1,000 after ten seconds of census.
 */
function slowedByCensus(series: FloorSeries, { drivenMs, cyclesAt }: Rest): number {
  const cyclesPerMs = (cyclesAt[0]! - series.cycles.at(-1)!) / (drivenMs - series.elapsedMs.at(-1)!);
  return cyclesPerMs > 0 ? Math.max(1, cyclesPerMsOf(series) / cyclesPerMs) : 1;
}

/** What levels off grows less than its slope shows: what was there when the rest began counts. */
function releasedLater({ warmupFloors }: Decision, { values }: FloorSeries, rest: Rest): Released {
  const growth = rest.values[0]! - values[warmupFloors]!;
  const amount = rest.values[0]! - levelAtRest(rest);
  return { amount, share: growth > 0 ? amount / growth : 0 };
}

function releaseOf({ slope }: Decision, { amount, share }: Released, rest: Rest, last: Rest): ReleaseAtRest['release'] {
  // The last rest is read where the one before showed it to go.
  const keptMs = keptMsOf(last, levelAtRest(last));
  if (keptMs !== undefined) return { share: Math.min(1, share), withinMs: keptMs, kept: slope };
  const settled = rest.values.findIndex((value) => value <= levelAtRest(rest) + amount / 20);
  return { share: Math.min(1, share), withinMs: rest.atMs[settled]! };
}

/** What lives for a time would have come to a level in so many of its lives. */
const livesMin = 2;

/**
 * Of the pace that growth had, what it kept from one rest to the next while the clock moved on between rounds, too.
 * @returns undefined where it is not known for how long it is kept at rest, or the clock moved too little
 */
export function shareKeptInUse(
  { slope }: Decision,
  rests: readonly Rest[],
  { kept, withinMs }: NonNullable<Decision['release']>,
): number | undefined {
  const [before, after] = rests.slice(-2);
  if (kept === undefined || before === undefined || after === undefined) return undefined;
  if (after.drivenMs < livesMin * withinMs) return undefined;
  return (after.values[0]! - levelAtRest(before)) / ((after.cycles - before.cycles) * slope.estimate);
}

/**
 * Whether most of what a heap grew by was gone when objects were counted. V8 collects before that as it does when memory is
 * short, its caches of compiled scripts too: what then goes was no leak.
 * @param growthPerCycle in B
 */
export function fellInCensus({ metrics, phases, cycles }: SampleTable, growthPerCycle: number): boolean {
  const heap = metrics.get('heapUsed');
  const census = phases.indexOf('census');
  if (heap === undefined || census < 0) return false;
  const before = heap.subarray(0, census).findLast(Number.isFinite) ?? 0;
  const now = heap.findLast(Number.isFinite) ?? 0;
  return isMost(before - now, growthPerCycle * cycles.at(-1)!);
}

/** More than a census takes away by its collections. */
function isMost(releasedBytes: number, growth: number): boolean {
  return releasedBytes >= mostShare * growth && releasedBytes >= movedByCensusBytes;
}

export interface GrowthAtRest {
  /** `unclear` until the rest has lasted; `ended` when the last quarter brought hardly anything. */
  readonly state: 'unclear' | 'goes on' | 'ended';
  readonly perHour: Bounded;
}

/**
 * What grew at rest as it did before, although hardly a cycle was driven; undefined where nothing did. What the cycles bring
 * that keep connections in use is taken off: a batch that waits for 5,000 requests fills at rest, too, by two objects for each.
 */
export function growthAtRest(
  decision: Decision,
  series: FloorSeries,
  rest: Rest,
  { unit }: Tolerance,
): GrowthAtRest | undefined {
  const counted = unit !== 'B';
  const readings = readingsOf(series, rest, counted);
  const noise = movedMin[counted ? 'count' : 'bytes'];
  if (readings.length < 2) return undefined;
  const levels = levelsByTime(decision, series, readings);
  const times = readings.map(({ atMs }) => atMs);
  const pacePerMs = pacePerMsOf(decision, series);
  const lastedMs = times.at(-1)! - times[0]!;
  const rise = levels.at(-1)! - levels[0]!;
  if (rise < noise || lastedMs <= 0) return undefined;
  const isAfter = (part: number) => (at: number) => at - times[0]! >= part * lastedMs;
  const middle = times.findIndex(isAfter(0.5));
  const perMs = (from: number, to: number) => (levels[to]! - levels[from]!) / (times[to]! - times[from]!);
  const early = perMs(0, middle);
  if (early < mostShare * pacePerMs) return undefined;
  const end = times.length - 1;
  const late = middle === end ? early : perMs(Math.min(end - 1, times.findIndex(isAfter(0.75))), end);
  const state = lastedMs < longRestMs ? 'unclear' : late < shareMin * early ? 'ended' : 'goes on';
  return { state, perHour: scaled(around(rise, noise), msPerHour / lastedMs) };
}

interface ReadingAtRest {
  readonly level: number;
  readonly atMs: number;
  readonly cycles: number;
}

/** Where the clock jumps further than between rounds, what repeats often is left out. The census before disturbs bytes. */
function readingsOf(series: FloorSeries, rest: Rest, counted: boolean): ReadingAtRest[] {
  const read = rest.values.slice(0, rest.beforeJump).map((level, index) => ({
    level,
    atMs: rest.atMs[index]!,
    cycles: rest.cyclesAt[index]!,
  }));
  if (!counted || read.length === 0) return read;
  return [{ level: series.values.at(-1)!, atMs: 0, cycles: series.cycles.at(-1)! }, ...read];
}

/** Levels without what the cycles of the rest brought. In the same time driving did more cycles, so that the two growths can be separated. */
function levelsByTime(decision: Decision, series: FloorSeries, readings: readonly ReadingAtRest[]): number[] {
  const [first, last] = [readings[0]!, readings.at(-1)!];
  const restMs = last.atMs - first.atMs;
  const cyclesPerMs = cyclesPerMsOf(series);
  const moreCycles = cyclesPerMs * restMs - (last.cycles - first.cycles);
  const moreGrowth = steepnessOf(decision, series) * cyclesPerMs * restMs - (last.level - first.level);
  const perCycle = moreCycles > 0 ? Math.max(0, moreGrowth / moreCycles) : 0;
  return readings.map(({ level, cycles }) => level - perCycle * (cycles - first.cycles));
}

/** What a cycle brings where it brings anything: what swings has no slope on the whole, and rises all the same. */
function steepnessOf({ slope }: Decision, { cycles, values }: FloorSeries): number {
  const rises: number[] = [];
  for (let floor = 1; floor < cycles.length; floor += 1) {
    const rise = (values[floor]! - values[floor - 1]!) / (cycles[floor]! - cycles[floor - 1]!);
    if (rise > 0 && Number.isFinite(rise)) rises.push(rise);
  }
  return Math.max(slope.estimate, rises.length === 0 ? 0 : median(rises));
}

/** What growth a cycle was per ms, at the speed of the run. */
function pacePerMsOf({ slope }: Decision, series: FloorSeries): number {
  return slope.estimate * cyclesPerMsOf(series);
}

function cyclesPerMsOf({ cycles, elapsedMs }: FloorSeries): number {
  return (cycles.at(-1)! - cycles[0]!) / (elapsedMs.at(-1)! - elapsedMs[0]!);
}

/**
 * Whether growth that went with the hours of driven days ended: in a further day without cycles, in which the jobs of the
 * target ran as often, it brought hardly anything.
 */
export function isFullAfterADay(
  decision: Decision,
  series: FloorSeries,
  { values, atMs, beforeJump }: Rest,
  { unit }: Tolerance,
): boolean {
  const end = beforeJump - 1;
  if (end < 1) return false;
  const expected = pacePerMsOf(decision, series) * (atMs[end]! - atMs[0]!);
  const rise = values[end]! - values[0]!;
  return expected >= movedMin[unit === 'B' ? 'bytes' : 'count'] && rise < shareMin * expected;
}

/** The level that growth came to, and when it came there at the pace it had. */
export function fillOf({ slope }: Decision, rests: readonly Rest[]): NonNullable<Decision['fill']> {
  const [first, last] = [rests[0]!, rests.at(-1)!];
  const level = levelAtRest(last);
  const grown = Math.max(0, level - levelAtRest(first));
  return { level, atCycles: Math.min(last.cycles, Math.round(first.cycles + grown / slope.estimate)) };
}
