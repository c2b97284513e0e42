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

/** What a sound target may hold more of, of whatever is counted: what is under way, or is made anew. */
export const countAllowance = 8;
/** Fewer show no line among the noise of bytes, and nothing that explains it better than the cycles do. */
export const floorsOfLineMin = 16;

/** Rows that a filter takes, of the first `rowCount`. */
export function rowsOf(table: SampleTable, filter: RowFilter, rowCount = table.length): Uint32Array {
  const { kinds, phases } = table;
  return indexesWhere(rowCount, (row) => kinds[row] === filter.kind && filter.phases.includes(phases[row]!));
}

/** Values of a metric in some rows, unread ones left out. */
export function seriesOf(table: SampleTable, values: Float64Array, rows: Uint32Array): FloorSeries {
  const kept = picked(
    rows,
    indexesWhere(rows.length, (index) => Number.isFinite(values[rows[index]!]!)),
  );
  const elapsedMs = picked(table.elapsedMs, kept);
  const moved = table.metrics.get('clockMovedMs');
  if (moved !== undefined)
    for (let index = 0; index < kept.length; index += 1) {
      const movedMs = moved[kept[index]!]!;
      if (Number.isFinite(movedMs)) elapsedMs[index] = elapsedMs[index]! + movedMs;
    }
  return { cycles: picked(table.cycles, kept), values: picked(values, kept), elapsedMs, rows: kept };
}

/** Loops, here and below: an iterator or a callback for each of millions of values takes ten times as long. */
export function picked<Values extends Float64Array | Uint32Array>(values: Values, indexes: Uint32Array): Values {
  const taken = new (values.constructor as new (length: number) => Values)(indexes.length);
  for (let at = 0; at < indexes.length; at += 1) taken[at] = values[indexes[at]!]!;
  return taken;
}

function indexesWhere(length: number, wanted: (index: number) => boolean): Uint32Array {
  const indexes = new Uint32Array(length);
  let count = 0;
  for (let index = 0; index < length; index += 1) if (wanted(index)) indexes[count++] = index;
  return indexes.slice(0, count);
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
  return floorsAt(series, indexesWhere(series.values.length, wanted));
}

function floorsAt({ cycles, values, elapsedMs, rows }: FloorSeries, indexes: Uint32Array): FloorSeries {
  return {
    cycles: picked(cycles, indexes),
    values: picked(values, indexes),
    elapsedMs: picked(elapsedMs, indexes),
    rows: picked(rows, indexes),
  };
}

/** Longer series are condensed: neither verdict nor shape needs more, and work stays bounded whatever the run's length. */
const floorsMax = 4096;

/** The lowest floor of each of some two thousand blocks of a long series; short series as they are. */
export function condensed(series: FloorSeries): FloorSeries {
  const { values } = series;
  if (values.length <= floorsMax) return series;
  const blocks = floorsMax / 2;
  const chosen = new Uint32Array(blocks);
  for (let block = 0; block < blocks; block += 1) {
    const end = Math.floor(((block + 1) * values.length) / blocks);
    let lowest = Math.floor((block * values.length) / blocks);
    for (let index = lowest; index < end; index += 1) if (values[index]! < values[lowest]!) lowest = index;
    chosen[block] = lowest;
  }
  return floorsAt(series, chosen);
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
