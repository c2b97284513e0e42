import { basename } from 'node:path';
import { contentOf, eachRow, invalidSeries, quoted } from './csv-rows.js';
import { isMissing, isNumber } from './quantities.js';

/** What to take from a file of columns. */
export interface SeriesRequest {
  /** Column that counts the cycles. */
  readonly x: string;
  /** Columns to judge. @defaultValue those that `isMetric` accepts */
  readonly metrics?: readonly string[];
  readonly isMetric: (column: string) => boolean;
  /** Columns that help to judge the others where they are there, e.g. the time; what is no number in them is missing. */
  readonly companions?: readonly string[];
}

export interface SeriesFile {
  /** File name without its extension. */
  readonly name: string;
  readonly x: string;
  readonly metrics: readonly string[];
  /** The columns that were asked for, of equal length; NaN where a value is missing. */
  readonly columns: ReadonlyMap<string, readonly number[]>;
}

/**
 * Reads a series from a table with a header (RFC 4180; comma, semicolon or tab; decimal commas with a semicolon).
 * Of a table that plateau wrote (columns `kind` and `phase`) the floors are taken that decide.
 * Memory: the text and 8 bytes a value of the columns asked for.
 * @throws {PlateauError} `PLATEAU_INVALID_SERIES` with file, line and column of what cannot be judged
 */
export function cyclesOfTable(path: string, text: string, request: SeriesRequest): SeriesFile {
  let rows: SeriesRows | undefined;
  eachRow(path, text, (row, line, separator) => {
    rows ??= new SeriesRows(path, request, separator === ';');
    rows.add(row, line);
  });
  return (rows ?? new SeriesRows(path, request, false)).series();
}

class SeriesRows {
  private header: readonly string[] | undefined;
  private wanted: {
    readonly index: number;
    readonly name: string;
    readonly companion: boolean;
    readonly values: number[];
  }[] = [];
  private metrics: readonly string[] = [];
  /** What a row must hold to be taken. */
  private marks: readonly { readonly index: number; readonly value: string }[] = [];

  constructor(
    private readonly path: string,
    private readonly request: SeriesRequest,
    private readonly decimalComma: boolean,
  ) {}

  add(row: readonly string[], line: number): void {
    const { header } = this;
    const blank = row.length === 1 && row[0]?.trim() === '';
    if (header === undefined && !blank) this.begin(row.map(contentOf));
    if (header === undefined || blank) return;
    if (row.length !== header.length)
      throw invalidSeries(
        `${this.path}:${line}: expected ${header.length} fields as in the header, got ${row.length}`,
        'every row needs a field a column; leave a field empty where a value is missing',
      );
    if (this.marks.some(({ index, value }) => row[index] !== value)) return;
    for (const { index, name, companion, values } of this.wanted) {
      const value = companion ? Number(row[index] || Number.NaN) : this.numberAt(row[index] as string, name, line);
      if (name === this.request.x) this.checkOrder(value, values.at(-1), line);
      values.push(value);
    }
  }

  series(): SeriesFile {
    if (this.header === undefined)
      throw invalidSeries(
        `${this.path}: expected a header and rows, got an empty file`,
        'the first row names the columns',
      );
    return {
      name: basename(this.path).replace(/\.[^.]+$/, ''),
      x: this.request.x,
      metrics: this.metrics,
      columns: new Map(this.wanted.map(({ name, values }) => [name, values])),
    };
  }

  private begin(header: readonly string[]): void {
    const { x, metrics, isMetric } = this.request;
    const twice = header.find((name, index) => header.indexOf(name) !== index);
    const columns = namesText(header);
    if (twice !== undefined)
      throw invalidSeries(
        `${this.path}: expected columns of different names, got "${twice}" twice`,
        'rename one of them',
      );
    if (!header.includes(x))
      throw invalidSeries(
        `${this.path}: expected a column "${x}" that counts cycles, got ${columns}`,
        'name it with --x <column>',
      );
    this.metrics = metrics ?? header.filter((name) => name !== x && isMetric(name));
    const unknown = this.metrics.find((name) => !header.includes(name));
    if (unknown !== undefined)
      throw invalidSeries(`${this.path}: expected a column "${unknown}", got ${columns}`, 'see --metric <column,...>');
    if (this.metrics.length === 0)
      throw invalidSeries(
        `${this.path}: expected a column named after a metric, got ${columns}`,
        'name those to judge with --metric <column,...>',
      );
    this.header = header;
    if (header.includes('kind') && header.includes('phase'))
      this.marks = [
        { index: header.indexOf('kind'), value: 'floor' },
        { index: header.indexOf('phase'), value: 'measure' },
      ];
    const judged = new Set([x, ...this.metrics]);
    const companions = (this.request.companions ?? []).filter((name) => header.includes(name));
    this.wanted = [...new Set([...judged, ...companions])].map((name) => ({
      index: header.indexOf(name),
      name,
      companion: !judged.has(name),
      values: [],
    }));
  }

  private numberAt(cell: string, column: string, line: number): number {
    const trimmed = contentOf(cell);
    if (isMissing(trimmed)) return Number.NaN;
    const plain = this.decimalComma ? trimmed.replace(',', '.') : trimmed;
    if (isNumber(plain)) return Number(plain);
    throw invalidSeries(
      `${this.path}:${line}: expected a number in column "${column}", got ${quoted(trimmed)}`,
      'leave a missing value empty, and write numbers without units or thousands separators',
    );
  }

  private checkOrder(value: number, before: number | undefined, line: number): void {
    const { path, request } = this;
    if (Number.isNaN(value))
      throw invalidSeries(`${path}:${line}: expected a number in column "${request.x}", got none`, 'leave out the row');
    if (before !== undefined && value < before)
      throw invalidSeries(
        `${path}:${line}: expected "${request.x}" never to fall, got ${value} after ${before}`,
        'sort the rows by it, and judge one run a file',
      );
  }
}

/** Tables of thousands of columns are read too. */
const namesShown = 12;

function namesText(header: readonly string[]): string {
  const more = header.length > namesShown ? ` and ${header.length - namesShown} more` : '';
  return header.slice(0, namesShown).map(quoted).join(', ') + more;
}
