/** A series as every rule sees it: post-collection readings at cumulative cycles. */
export interface RivalSeries {
  readonly cycles: readonly number[];
  readonly heapUsed: readonly number[];
  readonly rss: readonly number[];
  /** Live objects; absent where they were not counted. */
  readonly objects?: readonly number[];
}

export type RivalVerdict = 'leak' | 'plateau' | 'inconclusive';

/** The decision rule of another tool or test, written from its source or its description, on plateau's series. */
export interface Rival {
  readonly name: string;
  /** Where the rule is described. */
  readonly source: string;
  judge(series: RivalSeries): RivalVerdict;
}

/** `count` readings at equal distances, the first and the last among them. */
export function evenly(values: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, index) => values[Math.round((index * (values.length - 1)) / (count - 1))]!);
}

export function differences(values: readonly number[]): number[] {
  return values.slice(1).map((value, index) => value - values[index]!);
}

/** Length of the longest run of values that pass. */
export function longestRun(values: readonly number[], passes: (value: number) => boolean): number {
  let longest = 0;
  let current = 0;
  for (const value of values) {
    current = passes(value) ? current + 1 : 0;
    longest = Math.max(longest, current);
  }
  return longest;
}
