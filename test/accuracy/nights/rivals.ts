import { changePoints } from '../../../harness/analyse/nights/change-points.js';
import { mean, median, robustDeviation } from '../../../harness/analyse/statistics/order-statistics.js';
import { studentDistribution } from '../../../harness/analyse/statistics/student-t.js';

/** A rule that finds changes of level in a series, looked at once. */
export interface NightRule {
  readonly name: string;
  /** First indices of new levels. */
  readonly find: (values: readonly number[]) => readonly number[];
  readonly about: string;
  /** What it finds in the first nights it still finds when there are more. */
  readonly keepsWhatItFound?: true;
}

/** Largest window of Hunter and Otava. */
const windowLength = 50;

/** Two-sided p of Student's t-test with pooled variance. */
function studentP(before: readonly number[], after: readonly number[]): number {
  const degrees = before.length + after.length - 2;
  if (degrees < 1) return 1;
  const [one, other] = [mean(before), mean(after)];
  const squares = (values: readonly number[], centre: number) =>
    values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const variance = (squares(before, one) + squares(after, other)) / degrees;
  if (variance === 0) return one === other ? 1 : 0;
  const t = Math.abs(one - other) / Math.sqrt(variance * (1 / before.length + 1 / after.length));
  return 2 * (1 - studentDistribution(t, degrees));
}

/**
 * E-divisive means with Student's t for significance, as Hunter and Otava do it: the split with the largest energy
 * statistic, accepted below ten times the p, both halves searched again, then the weakest merged until all are below p.
 */
function hunter(values: readonly number[], p = 0.001): number[] {
  const found = new Set<number>();
  for (let from = 0; ; from += windowLength / 2) {
    const to = Math.min(values.length, from + windowLength);
    divide(values, from, to, p * 10, found);
    if (to === values.length) break;
  }
  return merged(
    values,
    [...found].sort((one, other) => one - other),
    p,
  );
}

function divide(values: readonly number[], from: number, to: number, p: number, found: Set<number>): void {
  if (to - from < 4) return;
  const split = from + bestEnergySplit(values.slice(from, to));
  if (studentP(values.slice(from, split), values.slice(split, to)) >= p) return;
  found.add(split);
  divide(values, from, split, p, found);
  divide(values, split, to, p, found);
}

/** Largest energy statistic with distance |x - y| (Matteson and James 2014); both sides have two values or more. */
function bestEnergySplit(values: readonly number[]): number {
  const distancesTo = (value: number, side: readonly number[]) =>
    side.reduce((sum, other) => sum + Math.abs(value - other), 0);
  let [within, beyond, between] = [0, 0, 0];
  for (let one = 0; one < values.length; one += 1) beyond += distancesTo(values[one]!, values.slice(one + 1));
  let best = { split: 2, energy: Number.NEGATIVE_INFINITY };
  for (let split = 1; split <= values.length - 2; split += 1) {
    const moved = values[split - 1]!;
    const toBefore = distancesTo(moved, values.slice(0, split - 1));
    const toAfter = distancesTo(moved, values.slice(split));
    within += toBefore;
    beyond -= toAfter;
    between += toAfter - toBefore;
    if (split < 2) continue;
    const after = values.length - split;
    const pairs = (side: number) => side * (side - 1);
    const difference = (2 * between) / (split * after) - (2 * within) / pairs(split) - (2 * beyond) / pairs(after);
    const energy = ((split * after) / values.length) * difference;
    if (energy > best.energy) best = { split, energy };
  }
  return best.split;
}

function merged(values: readonly number[], candidates: number[], p: number): number[] {
  const kept = [...candidates];
  while (kept.length > 0) {
    const pValues = kept.map((split, at) =>
      studentP(values.slice(kept[at - 1] ?? 0, split), values.slice(split, kept[at + 1] ?? values.length)),
    );
    const weakest = pValues.indexOf(Math.max(...pValues));
    if (pValues[weakest]! < p) break;
    kept.splice(weakest, 1);
  }
  return kept;
}

/** PELT for a change in mean (Killick et al. 2012), penalty 3 log n, scale from differences. */
function pelt(values: readonly number[]): number[] {
  const differences = values.slice(1).map((value, index) => value - values[index]!);
  const scale = robustDeviation(differences) / Math.SQRT2 || 1;
  const scaled = values.map((value) => value / scale);
  const penalty = 3 * Math.log(values.length);
  const [sums, squares] = [[0], [0]];
  for (const value of scaled) {
    sums.push(sums.at(-1)! + value);
    squares.push(squares.at(-1)! + value ** 2);
  }
  const cost = (from: number, to: number) =>
    squares[to]! - squares[from]! - (sums[to]! - sums[from]!) ** 2 / (to - from);
  const best = [-penalty];
  const last = [0];
  for (let to = 1; to <= scaled.length; to += 1) {
    let [least, from] = [Number.POSITIVE_INFINITY, 0];
    for (let start = 0; start < to; start += 1) {
      const total = best[start]! + cost(start, to) + penalty;
      if (total < least) [least, from] = [total, start];
    }
    best.push(least);
    last.push(from);
  }
  const found: number[] = [];
  for (let at = last[scaled.length]!; at > 0; at = last[at]!) found.unshift(at);
  return found;
}

/** Two-sided CUSUM (Page 1954), k 1.5 and h 2.7 deviations of the first ten nights or of all before. */
function cusum(values: readonly number[]): number[] {
  const found: number[] = [];
  let start = 0;
  let [high, low, since] = [0, 0, 0];
  for (let night = 0; night < values.length; night += 1) {
    if (night - start < 10) {
      since = night + 1;
      continue;
    }
    const before = values.slice(start, since);
    const deviation = robustDeviation(before) || 1e-9;
    const distance = (values[night]! - median(before)) / deviation;
    high = Math.max(0, high + distance - 1.5);
    low = Math.max(0, low - distance - 1.5);
    if (high === 0 && low === 0) since = night + 1;
    if (Math.max(high, low) < 2.7) continue;
    found.push(since);
    [start, since, high, low] = [since, night + 1, 0, 0];
  }
  return found;
}

export const nightRules: readonly NightRule[] = [
  {
    name: 'plateau',
    keepsWhatItFound: true,
    find: (values) => changePoints(values.map((value) => ({ value, standardError: 0 }))).map(({ index }) => index),
    about:
      'the last 3 to 24 nights against all before, Student t at 0.001 for three nights, no night counts for more than its part',
  },
  {
    name: 'E-divisive + t',
    find: (values) => hunter(values),
    about: 'as Hunter and Apache Otava: windows of 50, p < 0.001',
  },
  { name: 'PELT', find: pelt, about: 'Killick, Fearnhead, Eckley 2012; change in mean, penalty 3 log n' },
  { name: 'CUSUM', keepsWhatItFound: true, find: cusum, about: 'Page 1954; two-sided, k 1.5, h 2.7' },
];
