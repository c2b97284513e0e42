/**
 * How much better a straight line fits a series than one step does: ratio of the residual sums of squares,
 * step to line, both with a level. The step is put where it fits best; O(n).
 * @returns above 1 where the line is better; 1 for fewer than eight points
 */
export function lineOverStep(values: ArrayLike<number>, lineResidualSum: number): number {
  const count = values.length;
  if (count < 8) return 1;
  let mean = 0;
  for (let index = 0; index < count; index += 1) mean += values[index]! / count;
  let total = 0;
  for (let index = 0; index < count; index += 1) total += (values[index]! - mean) ** 2;
  let explained = 0;
  let sum = 0;
  for (let before = 1; before < count; before += 1) {
    sum += values[before - 1]! - mean;
    explained = Math.max(explained, (sum * sum * count) / (before * (count - before)));
  }
  return lineResidualSum > 0 ? (total - explained) / lineResidualSum : Number.POSITIVE_INFINITY;
}
