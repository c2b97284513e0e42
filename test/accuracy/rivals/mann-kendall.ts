import { median } from '../../../harness/analyse/statistics/order-statistics.js';
import type { Rival } from './rival.js';

/** Two-sided 5 % of the normal distribution. */
const critical = 1.959964;

/** S of Mann (1945) and its variance without ties. */
function statistic(values: readonly number[]): { readonly s: number; readonly variance: number } {
  const count = values.length;
  let s = 0;
  for (let later = 1; later < count; later += 1)
    for (let earlier = 0; earlier < later; earlier += 1) s += Math.sign(values[later]! - values[earlier]!);
  return { s, variance: (count * (count - 1) * (2 * count + 5)) / 18 };
}

function rises(s: number, variance: number): boolean {
  return s > 0 && (s - 1) / Math.sqrt(variance) > critical;
}

export const mannKendall: Rival = {
  name: 'Mann-Kendall',
  source: 'Mann 1945, Kendall 1975; two-sided 5 %',
  judge: ({ heapUsed }) => {
    const { s, variance } = statistic(heapUsed);
    return rises(s, variance) ? 'leak' : 'plateau';
  },
};

function ranks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((left, right) => values[left]! - values[right]! || left - right);
  const ranked = new Array<number>(values.length);
  order.forEach((index, rank) => {
    ranked[index] = rank + 1;
  });
  return ranked;
}

/** Slope of Sen (1968): median of the slopes of all pairs, in readings. */
function senSlope(values: readonly number[]): number {
  const slopes: number[] = [];
  for (let later = 1; later < values.length; later += 1)
    for (let earlier = 0; earlier < later; earlier += 1)
      slopes.push((values[later]! - values[earlier]!) / (later - earlier));
  return median(slopes);
}

export const mannKendallHamedRao: Rival = {
  name: 'Mann-Kendall, Hamed-Rao',
  source: 'Hamed and Rao 1998: variance corrected by the significant autocorrelations of the detrended ranks',
  judge: ({ heapUsed }) => {
    const count = heapUsed.length;
    const slope = senSlope(heapUsed);
    const ranked = ranks(heapUsed.map((value, index) => value - slope * index));
    const mean = (count + 1) / 2;
    const total = ranked.reduce((sum, rank) => sum + (rank - mean) ** 2, 0);
    let weighted = 0;
    for (let lag = 1; lag < count - 2; lag += 1) {
      let product = 0;
      for (let index = lag; index < count; index += 1)
        product += (ranked[index]! - mean) * (ranked[index - lag]! - mean);
      const correlation = product / total;
      if (Math.abs(correlation) > critical / Math.sqrt(count))
        weighted += (count - lag) * (count - lag - 1) * (count - lag - 2) * correlation;
    }
    const correction = Math.max(0.01, 1 + (2 / (count * (count - 1) * (count - 2))) * weighted);
    const { s, variance } = statistic(heapUsed);
    return rises(s, variance * correction) ? 'leak' : 'plateau';
  },
};
