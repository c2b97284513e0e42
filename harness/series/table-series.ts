import { invalidSeries, quoted } from './csv-rows.js';
import { momentOf, momentOfEpoch } from './moments.js';
import { columnUnit, type Reading, readingOf } from './quantities.js';
import { isJudgedByName, type RawSeries, restartMark } from './raw-series.js';

/** Rows of text under names, as files and logs hold them. */
export interface RecordedTable {
  readonly path: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly cells: readonly string[]; readonly line: number }[];
}

/** What rows are drawn over. */
export interface TableAxis {
  /** Undefined: rows are counted. */
  readonly column?: number;
  /** Of the values of the column: dates, ms or s since the start, or numbers that rise. */
  readonly kind: 'dated' | 'elapsed' | 'rising' | 'row';
  readonly msPerUnit?: number;
}

const timeName = /^(?:.*[_\s])?(?:time|timestamp|date|datetime|ts|epoch|at)(?:[_\s]?(?:s|ms|seconds))?$|^timestampMs$/i;
const elapsedNames: readonly (readonly [RegExp, number])[] = [
  [/^elapsed_?ms$/i, 1],
  [/^(?:elapsed_?(?:s|seconds)|seconds)$/i, 1000],
];
const rowName = /^(?:|index|row|sample|#|unnamed: 0)$/i;

/** The axis of a table: the column that was asked for, else one of time, else one that counts rows. */
export function tableAxis(table: RecordedTable, x?: string): TableAxis | undefined {
  const { columns } = table;
  if (x !== undefined) return columns.includes(x) ? axisAt(table, columns.indexOf(x)) : undefined;
  const axes = columns.map((_, column) => axisAt(table, column));
  return (
    axes.find((axis) => axis?.kind === 'dated') ??
    axes.find((axis) => axis?.kind === 'elapsed') ??
    (rowName.test(columns[0] ?? 'none') ? axisAt(table, 0) : undefined) ??
    (columns.length === 1 && columnContents(table)[0] === 'numbers' && !isReading(columns[0]!)
      ? { kind: 'row' }
      : undefined)
  );
}

/**
 * Why a table has no axis, where its names or its times are what is wrong.
 * @throws {PlateauError} `PLATEAU_INVALID_SERIES` with line and column
 */
export function checkAxis({ path, columns, rows }: RecordedTable, x?: string): void {
  if (columns.length > 0 && columns.every(isReading))
    throw invalidSeries(
      `${path}:1: expected a row with the names of the columns, got ${quoted(columns.join(', '))}`,
      'begin with one such as time,rss',
    );
  if (columns.length === 1 && x === undefined)
    throw invalidSeries(
      `${path}:1: expected columns with commas, semicolons or tabs between them, got ${quoted(columns[0]!)}`,
      'see `plateau analyse --help` for what else is read',
    );
  const column = columns.findIndex((name) => (x === undefined ? timeName.test(name) : name === x));
  const isAxis = (cell: string) => cell === '' || isReading(cell);
  const unread = rows.find(({ cells }) => !isAxis(cells[column] ?? ''));
  if (unread === undefined) return;
  throw invalidSeries(
    `${path}:${unread.line}: expected ${x === undefined ? 'a time' : 'a time or a number'} in column "${columns[column]}", got ${quoted(unread.cells[column]!)}`,
    'write times as 2026-01-31 08:00:00, with Z or +01:00 where they are not UTC, or as epoch seconds',
  );
}

/** A number or a time, which no column is called by. */
function isReading(cell: string): boolean {
  return cell !== '' && (Number.isFinite(Number(cell)) || momentOf(cell) !== undefined);
}

function axisAt({ columns, rows }: RecordedTable, column: number): TableAxis | undefined {
  const name = columns[column]!;
  const cells = rows.map(({ cells }) => cells[column] ?? '').filter((cell) => cell !== '');
  if (cells.length === 0) return undefined;
  const isNamed = timeName.test(name);
  if (cells.every((cell) => momentOf(cell) !== undefined || (isNamed && momentOfEpoch(Number(cell)) !== undefined)))
    return { column, kind: 'dated' };
  const elapsed = elapsedNames.find(([pattern]) => pattern.test(name));
  if (!cells.every((cell) => Number.isFinite(Number(cell)))) return undefined;
  return elapsed === undefined ? { column, kind: 'rising' } : { column, kind: 'elapsed', msPerUnit: elapsed[1] };
}

/**
 * Series of the columns of a table, one for each process that it has rows of.
 * @throws {PlateauError} `PLATEAU_INVALID_SERIES` with file, line and column of what cannot be judged
 */
export function tableSeries(table: RecordedTable, axis: TableAxis, metrics?: readonly string[]): RawSeries[] {
  const contents = columnContents(table);
  const positions = table.rows.map((row, index) => positionOf(table, axis, row, index));
  const groups = groupsOf(table, contents, axis, positions);
  return table.columns.flatMap((name, column) => {
    const wanted =
      metrics === undefined
        ? isJudgedByName(name) || restartMark(name) !== undefined
        : metrics.includes(name) || restartMark(name) !== undefined;
    if (column === axis.column || contents[column] === 'empty' || !wanted) return [];
    if (contents[column] === 'text' && !metrics?.includes(name)) return [];
    return [...groups].map(([entity, rows]) => seriesOfColumn({ table, axis, column, entity, rows, positions }));
  });
}

type Content = 'numbers' | 'text' | 'empty';

/** What a column holds; text distinguishes rows, and is not judged. */
function columnContents({ columns, rows }: RecordedTable): Content[] {
  return columns.map((_, column) => {
    const cells = rows.map(({ cells }) => cells[column] ?? '');
    if (cells.some((cell) => Number.isFinite(readingOf(cell)?.value))) return 'numbers';
    return cells.some((cell) => readingOf(cell) === undefined) ? 'text' : 'empty';
  });
}

function positionOf(
  { path, columns }: RecordedTable,
  { column, kind, msPerUnit = 1 }: TableAxis,
  { cells, line }: RecordedTable['rows'][number],
  index: number,
): number {
  if (column === undefined) return index;
  const cell = cells[column] ?? '';
  const position = kind === 'dated' ? (momentOf(cell) ?? momentOfEpoch(Number(cell))) : Number(cell) * msPerUnit;
  if (cell !== '' && position !== undefined && Number.isFinite(position)) return position;
  throw invalidSeries(
    `${path}:${line}: expected ${kind === 'dated' ? 'a time' : 'a number'} in column "${columns[column]}", got none`,
    'leave out the row',
  );
}

/** Rows of each process: where time stands still or falls, text beside it shows whose row it is. */
function groupsOf(
  table: RecordedTable,
  contents: readonly Content[],
  axis: TableAxis,
  positions: readonly number[],
): ReadonlyMap<string, readonly number[]> {
  const { columns, rows } = table;
  const all = rows.map((_, index) => index);
  const isRising = (indices: readonly number[]) =>
    indices.every((row, at) => at === 0 || positions[row]! > positions[indices[at - 1]!]!);
  if (axis.column !== undefined && isRising(all)) return new Map([['', all]]);
  const telling = columns.flatMap((name, column) =>
    (contents[column] === 'text' || /^pid$/i.test(name)) && column !== axis.column && !/cpu/i.test(name)
      ? [column]
      : [],
  );
  const varying = telling.filter((column) => new Set(rows.map(({ cells }) => cells[column])).size > 1);
  const groups = new Map<string, number[]>();
  for (const index of all) {
    const entity = varying
      .map((column) => `${columns[column] || 'column'}="${rows[index]!.cells[column] ?? ''}"`)
      .join(',');
    groups.set(entity, [...(groups.get(entity) ?? []), index]);
  }
  return groups;
}

interface ColumnOfProcess {
  readonly table: RecordedTable;
  readonly axis: TableAxis;
  readonly column: number;
  readonly entity: string;
  readonly rows: readonly number[];
  readonly positions: readonly number[];
}

function seriesOfColumn({ table, axis, column, entity, rows, positions }: ColumnOfProcess): RawSeries {
  const { path, columns } = table;
  const name = columns[column]!;
  const readings = rows.map((row) => readingAt(table, row, column));
  const own = rows.map((row, index) => (axis.column === undefined ? index : positions[row]!));
  const fall = own.findIndex((position, index) => index > 0 && position < own[index - 1]!);
  if (fall > 0)
    throw invalidSeries(
      `${path}:${table.rows[rows[fall]!]!.line}: expected "${columns[axis.column ?? 0]}" never to fall, got ${table.rows[rows[fall]!]!.cells[axis.column ?? 0]}`,
      'sort the rows by it, and name a process in a column of its own',
    );
  const units = new Set(readings.filter(({ value }) => !Number.isNaN(value)).map(({ unit }) => unit));
  const written = units.has('B') ? 'B' : units.has('%') ? '%' : '';
  const { unit, factor } =
    written === ''
      ? columnUnit(
          name,
          readings.map(({ value }) => value),
        )
      : { unit: written, factor: 1 };
  const limit = readings.find((reading) => reading.limit !== undefined)?.limit;
  return {
    name: name === '' ? 'value' : name,
    entity,
    unit,
    positions: own,
    values: readings.map(({ value }) => value * factor),
    ...(limit !== undefined && limit > 0 && { limit }),
  };
}

function readingAt({ path, columns, rows }: RecordedTable, row: number, column: number): Reading {
  const { cells, line } = rows[row]!;
  const cell = cells[column] ?? '';
  const reading = readingOf(cell);
  if (reading !== undefined) return reading;
  throw invalidSeries(
    `${path}:${line}: expected a number in column "${columns[column]}", got ${quoted(cell)}`,
    'leave a missing value empty; a unit may follow the number, e.g. 512MiB or 84 %',
  );
}
