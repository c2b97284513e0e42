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

/** Floors as they are drawn: each of them, or the lowest and the highest of each stretch of a long run. */
export interface FloorPlaces {
  /** Row of the sample table at each place, in order. */
  readonly rows: readonly number[];
  readonly stretches: readonly FloorStretch[];
  /** Some stretch may hold more than one row. */
  readonly bucketed: boolean;
}

interface FloorStretch {
  /** All of one phase. */
  readonly rows: readonly number[];
  /** Places of its two values; the same where it has one row. */
  readonly places: readonly [first: number, last: number];
}

/**
 * About `placesMax` places; up to that many floors have one each. The first and the last floor have theirs in any case.
 * @param floors rows of floors, in order
 */
export function placeFloors(
  floors: readonly number[],
  phaseOf: (row: number) => string,
  placesMax: number,
): FloorPlaces {
  if (floors.length <= placesMax) {
    const stretches = floors.map((row, at) => ({ rows: [row], places: [at, at] as const }));
    return { rows: floors, stretches, bucketed: false };
  }
  const parts = stretchRows(floors, phaseOf, Math.floor(placesMax / 2));
  const rows = [...new Set(parts.flatMap((part) => [part[0]!, part.at(-1)!]))].sort((one, other) => one - other);
  const placeOf = new Map(rows.map((row, at) => [row, at]));
  const stretches = parts.map((part) => ({
    rows: part,
    places: [placeOf.get(part[0]!)!, placeOf.get(part.at(-1)!)!] as const,
  }));
  return { rows, stretches, bucketed: true };
}

/** Floors cut into parts of equal number, and these by their phases; the first and the last floor are parts of their own. */
function stretchRows(floors: readonly number[], phaseOf: (row: number) => string, count: number): number[][] {
  const parts = new Map<string, number[]>();
  floors.forEach((row, index) => {
    const isEnd = index === 0 || index === floors.length - 1;
    const part = isEnd ? `floor ${index}` : Math.floor((index * count) / floors.length);
    const key = `${part} ${phaseOf(row)}`;
    const present = parts.get(key);
    if (present === undefined) parts.set(key, [row]);
    else present.push(row);
  });
  return [...parts.values()];
}

/** Values of one metric at the places of floors. */
export interface PlacedValues {
  readonly values: readonly number[];
  /** Floors at which it was read, drawn or not. */
  readonly read: number;
  /** Every floor that was read has the same value. */
  readonly steady: boolean;
}

/** Lowest and highest value of each stretch, in the order in which they came; NaN where nothing was read. */
export function placedValues(values: Float64Array, { rows, stretches }: FloorPlaces): PlacedValues {
  const placed = new Array<number>(rows.length).fill(Number.NaN);
  let [read, low, high] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { rows: all, places } of stretches) {
    let [lowest, highest] = [-1, -1];
    for (let at = 0; at < all.length; at += 1) {
      const row = all[at]!;
      if (!Number.isFinite(values[row]!)) continue;
      read += 1;
      if (lowest < 0 || values[row]! < values[lowest]!) lowest = row;
      if (highest < 0 || values[row]! > values[highest]!) highest = row;
    }
    if (lowest < 0) continue;
    low = Math.min(low, values[lowest]!);
    high = Math.max(high, values[highest]!);
    placed[places[0]] = values[Math.min(lowest, highest)]!;
    placed[places[1]] = values[Math.max(lowest, highest)]!;
  }
  return { values: placed, read, steady: low >= high };
}
