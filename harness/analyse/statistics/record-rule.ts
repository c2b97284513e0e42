/**
 * Probability, were the values exchangeable, of the run of strict records that ends a series.
 * The (m+i)th of exchangeable values is the largest so far with probability 1/(m+i), independently (Rényi 1962),
 * so a run of k records after m earlier values has p = Π 1/(m+i). Ties break the run.
 * @returns 1 when the last value is no record
 */
export function recordRunProbability(values: ArrayLike<number>): number {
  let highest = Number.NEGATIVE_INFINITY;
  let probability = 1;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]!;
    if (value > highest) {
      if (index > 0) probability /= index + 1;
      highest = value;
    } else {
      probability = 1;
    }
  }
  return probability;
}
