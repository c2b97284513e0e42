import type { SampleKind, SamplePhase, SampleTable } from '../model/sample.js';

/** One metric at the floors of a run; all arrays have the same length and no gaps. */
export interface FloorSeries {
  readonly cycles: Float64Array;
  readonly values: Float64Array;
  readonly elapsedMs: Float64Array;
  /** Row of the sample table that each floor stands in. */
  readonly rows: Uint32Array;
}

export interface RowFilter {
  readonly kind: SampleKind;
  readonly phases: readonly SamplePhase[];
}

/** Floors that judge bytes: the census disturbs the heap by up to hundreds of KiB. */
export const undisturbedFloors: RowFilter = { kind: 'floor', phases: ['measure'] };
/** Floors that judge counts: exact, whoever looked. */
export const drivenFloors: RowFilter = { kind: 'floor', phases: ['measure', 'census'] };
export const nullFloors: RowFilter = { kind: 'floor', phases: ['null'] };

export function rowsOf(table: SampleTable, filter: RowFilter): Uint32Array {
  const rows: number[] = [];
  for (let row = 0; row < table.length; row += 1)
    if (table.kinds[row] === filter.kind && filter.phases.includes(table.phases[row]!)) rows.push(row);
  return Uint32Array.from(rows);
}

/** Values of a metric in some rows, unread ones left out. */
export function seriesOf(table: SampleTable, values: Float64Array, rows: Uint32Array): FloorSeries {
  const kept = rows.filter((row) => Number.isFinite(values[row]!));
  return {
    cycles: Float64Array.from(kept, (row) => table.cycles[row]!),
    values: Float64Array.from(kept, (row) => values[row]!),
    elapsedMs: Float64Array.from(kept, (row) => table.elapsedMs[row]!),
    rows: kept,
  };
}

/** The floors that lie in the first `rowCount` rows of the table; shares memory. */
export function seriesUntil(series: FloorSeries, rowCount: number): FloorSeries {
  let length = series.rows.length;
  while (length > 0 && series.rows[length - 1]! >= rowCount) length -= 1;
  return sliceSeries(series, 0, length);
}

export function sliceSeries(series: FloorSeries, from: number, to: number): FloorSeries {
  return {
    cycles: series.cycles.subarray(from, to),
    values: series.values.subarray(from, to),
    elapsedMs: series.elapsedMs.subarray(from, to),
    rows: series.rows.subarray(from, to),
  };
}

/** The floors whose index is wanted. */
export function pickFloors(series: FloorSeries, wanted: (index: number) => boolean): FloorSeries {
  const keep = (_: number, index: number) => wanted(index);
  return {
    cycles: series.cycles.filter(keep),
    values: series.values.filter(keep),
    elapsedMs: series.elapsedMs.filter(keep),
    rows: series.rows.filter(keep),
  };
}

/** First index whose cycles are at least `cycles`. */
export function indexAtCycles(series: FloorSeries, cycles: number): number {
  let low = 0;
  let high = series.cycles.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (series.cycles[middle]! < cycles) low = middle + 1;
    else high = middle;
  }
  return low;
}
