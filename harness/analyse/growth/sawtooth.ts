import { median } from '../statistics/order-statistics.js';

/** A series that climbs and drops back, again and again. */
export interface Teeth {
  /** Indices of the highest value of each tooth. */
  readonly peaks: readonly number[];
  /** Indices of the lowest value after each drop: the floor that the teeth stand on. */
  readonly troughs: readonly number[];
}

/** Share of the series' range that a tooth spans at least. */
const toothShare = 0.4;
const teethMin = 4;
/** Floors that a climb takes at least, and a drop at most: noise has no such asymmetry. */
const climbMin = 3;
const longestDrop = 2;
/** Share of a climb that its last step takes at most: a lone high value is no tooth. */
const largestStep = 0.45;

/** Finds the teeth of a sawtooth; undefined where the series is none. */
export function teethOf(values: Float64Array): Teeth | undefined {
  const range = centralRange(values);
  const { peaks, troughs } = turns(values, toothShare * range);
  if (peaks.length < teethMin) return undefined;
  const lastSteps = peaks
    .slice(1)
    .map((peak, tooth) => (values[peak]! - values[peak - 1]!) / (values[peak]! - values[troughs[tooth]!]!));
  if (median(lastSteps) > largestStep) return undefined;
  const climbs = peaks.slice(1).map((peak, tooth) => peak - troughs[tooth]!);
  const drops = troughs.map((trough, tooth) => trough - peaks[tooth]!);
  return median(climbs) >= climbMin && median(drops) <= longestDrop ? { peaks, troughs } : undefined;
}

/** From the 5th to the 95th percentile: lone peaks do not count. */
function centralRange(values: Float64Array): number {
  const sorted = values.slice().sort();
  return sorted[Math.floor(sorted.length * 0.95)]! - sorted[Math.floor(sorted.length * 0.05)]!;
}

/** Highs and lows that are at least `height` apart, alternating, a high first. */
function turns(values: Float64Array, height: number): { peaks: number[]; troughs: number[] } {
  const peaks: number[] = [];
  const troughs: number[] = [];
  if (!(height > 0)) return { peaks, troughs };
  let highest = 0;
  let lowest = 0;
  let rising = true;
  for (let index = 1; index < values.length; index += 1) {
    const value = values[index]!;
    if (rising) {
      if (value >= values[highest]!) highest = index;
      if (values[highest]! - value < height) continue;
      peaks.push(highest);
      lowest = index;
    } else {
      if (value <= values[lowest]!) lowest = index;
      if (value - values[lowest]! < height) continue;
      troughs.push(lowest);
      highest = index;
    }
    rising = !rising;
  }
  return { peaks, troughs };
}
