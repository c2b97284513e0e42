/** Rows of load samples in time order, cut into buckets of equal time. */
export interface LoadBuckets {
  readonly buckets: readonly (readonly number[])[];
  /** Some bucket may hold more than one row. */
  readonly bucketed: boolean;
}

/**
 * At most `most` buckets; up to that many rows each is a bucket of its own.
 * @param rows sorted by `elapsedMs`
 */
export function bucketRows(rows: readonly number[], elapsedMs: Float64Array, most: number): LoadBuckets {
  if (rows.length <= most) return { buckets: rows.map((row) => [row]), bucketed: false };
  // Two values are drawn for each bucket.
  const count = Math.floor(most / 2);
  const first = elapsedMs[rows[0]!]!;
  const span = elapsedMs[rows.at(-1)!]! - first;
  const buckets: number[][] = Array.from({ length: count }, () => []);
  for (const row of rows) {
    const place = span > 0 ? Math.floor(((elapsedMs[row]! - first) / span) * count) : 0;
    buckets[Math.min(count - 1, place)]!.push(row);
  }
  return { buckets: buckets.filter((bucket) => bucket.length > 0), bucketed: true };
}

/** Lowest and highest value of each bucket; NaN where nothing was read. No spike is lost, whatever the bucket. */
export function envelope(values: Float64Array, { buckets }: LoadBuckets): { low: number[]; high: number[] } {
  const low: number[] = [];
  const high: number[] = [];
  for (const bucket of buckets) {
    let lowest = Number.POSITIVE_INFINITY;
    let highest = Number.NEGATIVE_INFINITY;
    for (const row of bucket) {
      const value = values[row]!;
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
    }
    low.push(lowest <= highest ? lowest : Number.NaN);
    high.push(lowest <= highest ? highest : Number.NaN);
  }
  return { low, high };
}
