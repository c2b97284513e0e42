/** Middle value; mean of the two middle ones for even counts; NaN for none. The input is left as it is. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Half is most: whatever accounts for so much of something explains it. */
export const mostShare = 0.5;

/** A value that lies more robust deviations off is no noise: a level that changed, a late collection, a burst of compiled code. */
export const farOut = 5;

/** Median absolute deviation, scaled to the standard deviation of normal noise. */
export function robustDeviation(values: ArrayLike<number>): number {
  const centre = median(values);
  return 1.4826 * median(Array.from(values, (value) => Math.abs(value - centre)));
}

/** Arithmetic mean; NaN for none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += values[index]!;
  return sum / values.length;
}
