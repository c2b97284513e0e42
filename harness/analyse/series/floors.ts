import type { SampleKind, SamplePhase, SampleTable } from '../../model/sample.js';

export interface Points {
  readonly cycles: Float64Array;
  readonly values: Float64Array;
}

/** One metric at the floors of a run; all arrays have the same length and no gaps. */
export interface FloorSeries extends Points {
  /** By the target's clock, which may be moved on between rounds. */
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

/** Fewer floors than this show no slope, not even of a count. */
export const floorsMin = 8;
/** Fewer show no line among the noise of bytes, and nothing that explains it better than the cycles do. */
export const floorsOfLineMin = 16;

/** Rows that a filter takes, of the first `rowCount`. */
export function rowsOf(table: SampleTable, filter: RowFilter, rowCount = table.length): Uint32Array {
  const rows: number[] = [];
  for (let row = 0; row < rowCount; row += 1)
    if (table.kinds[row] === filter.kind && filter.phases.includes(table.phases[row]!)) rows.push(row);
  return Uint32Array.from(rows);
}

/** Values of a metric in some rows, unread ones left out. */
export function seriesOf(table: SampleTable, values: Float64Array, rows: Uint32Array): FloorSeries {
  const kept = rows.filter((row) => Number.isFinite(values[row]!));
  const moved = table.metrics.get('clockMovedMs');
  const movedAt = (row: number) => (moved !== undefined && Number.isFinite(moved[row]!) ? moved[row]! : 0);
  return {
    cycles: Float64Array.from(kept, (row) => table.cycles[row]!),
    values: Float64Array.from(kept, (row) => values[row]!),
    elapsedMs: Float64Array.from(kept, (row) => table.elapsedMs[row]! + movedAt(row)),
    rows: kept,
  };
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

/** Longer series are condensed: neither verdict nor shape needs more, and work stays bounded whatever the run's length. */
const floorsMax = 4096;

/** The lowest floor of each of some two thousand blocks of a long series; short series as they are. */
export function condensed(series: FloorSeries): FloorSeries {
  const { values } = series;
  if (values.length <= floorsMax) return series;
  const blocks = floorsMax / 2;
  const chosen = new Uint8Array(values.length);
  for (let block = 0; block < blocks; block += 1) {
    const end = Math.floor(((block + 1) * values.length) / blocks);
    let lowest = Math.floor((block * values.length) / blocks);
    for (let index = lowest; index < end; index += 1) if (values[index]! < values[lowest]!) lowest = index;
    chosen[lowest] = 1;
  }
  return pickFloors(series, (index) => chosen[index] === 1);
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
