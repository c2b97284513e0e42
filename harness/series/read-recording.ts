import { basename } from 'node:path';
import type { RecordedCurves } from '../model/curve.js';
import { contentOf, eachRow, headerOf, invalidSeries } from './csv-rows.js';
import { objectTable, printedTable } from './log-tables.js';
import { isOpenMetrics, openMetricsSeries } from './open-metrics.js';
import { isPrometheusAnswer, prometheusSeries } from './prometheus.js';
import { curvesOfSeries, type RawSeries } from './raw-series.js';
import { cyclesOfTable, type SeriesFile, type SeriesRequest } from './read-cycles.js';
import { readText } from './read-text.js';
import { checkAxis, type RecordedTable, type TableAxis, tableAxis, tableSeries } from './table-series.js';

/** What to take from a file that something else recorded. */
export interface RecordingRequest extends Omit<SeriesRequest, 'x'> {
  /** Column of a table that counts cycles, or holds the time. @defaultValue `cycles`, else a column of time or of row numbers */
  readonly x?: string;
}

/** Floors over cycles, or curves over time. */
export type Recording =
  | { readonly kind: 'cycles'; readonly series: SeriesFile }
  | { readonly kind: 'curves'; readonly curves: RecordedCurves };

const cyclesColumn = 'cycles';

/**
 * Reads what something else recorded: a table with a header (CSV, Grafana's export), the answer to a range query of Prometheus,
 * OpenMetrics text, logged objects (`pidusage`), or what `docker stats` and `kubectl top` print. Its content shows which it is.
 * Memory: the text and its values as text.
 * @throws {PlateauError} `PLATEAU_INVALID_SERIES` with file, line and column of what cannot be judged
 */
export async function readRecording(path: string, request: RecordingRequest): Promise<Recording> {
  const text = await readText(path);
  if (isOwnRecord(text))
    throw invalidSeries(
      `${path}: expected what something else recorded, got a record of plateau`,
      'pass its run directory, which holds the samples; `plateau compare` reads a record alone',
    );
  const name = basename(path).replace(/\.[^.]+$/, '');
  const common = { name, path, ...(request.metrics && { metrics: request.metrics }) };
  const series = seriesOfPrometheus(path, text);
  if (series !== undefined)
    return { kind: 'curves', curves: curvesOfSeries({ ...common, axis: 'time', dated: true, series }) };
  if (isOpenMetrics(text)) {
    const scraped = openMetricsSeries(text);
    return { kind: 'curves', curves: curvesOfSeries({ ...common, axis: scraped.dated ? 'time' : 'row', ...scraped }) };
  }
  const logged = printedTable(path, text) ?? (/^\s*[{[]|\{[^{}]*:/.test(text) ? objectTable(path, text) : undefined);
  if (logged !== undefined) {
    const axis = tableAxis(logged, request.x) ?? { kind: 'row' as const };
    return { kind: 'curves', curves: curvesOfTable(logged, axis.kind === 'rising' ? { kind: 'row' } : axis, common) };
  }
  return recordingOfTable(path, text, request, common);
}

/** What plateau writes of a run; it may have been cut. */
function isOwnRecord(text: string): boolean {
  return /^\s*\{\s*"schemaVersion"\s*:/.test(text);
}

interface Common {
  readonly name: string;
  readonly path: string;
  readonly metrics?: readonly string[];
}

function seriesOfPrometheus(path: string, text: string): RawSeries[] | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    const json: unknown = JSON.parse(text);
    return isPrometheusAnswer(json) ? prometheusSeries(path, json) : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Objects one after the other are no JSON, and are looked at as a log.
    if (!/^[^\]]{0,200}"resultType"\s*:/.test(text)) return undefined;
    throw invalidSeries(
      `${path}: expected the whole answer to a range query, got JSON that is cut or damaged`,
      'ask for it again',
    );
  }
}

function recordingOfTable(path: string, text: string, request: RecordingRequest, common: Common): Recording {
  // Grafana names the separator in a first line, for spreadsheets.
  const content = text.replace(/^\uFEFF?sep=.\n/, '');
  const overCycles = (x: string): Recording => ({
    kind: 'cycles',
    series: cyclesOfTable(path, content, { ...request, x }),
  });
  if (request.x === undefined && headerOf(content).includes(cyclesColumn)) return overCycles(cyclesColumn);
  const table = tableOf(path, content);
  const axis = tableAxis(table, request.x);
  if (axis === undefined) checkAxis(table, request.x);
  if (axis === undefined || (request.x !== undefined && axis.kind === 'rising'))
    return overCycles(request.x ?? cyclesColumn);
  return { kind: 'curves', curves: curvesOfTable(table, axis, common) };
}

function tableOf(path: string, text: string): RecordedTable {
  let columns: readonly string[] | undefined;
  const rows: { cells: readonly string[]; line: number }[] = [];
  eachRow(path, text, (row, line, separator) => {
    if (row.length === 1 && row[0]?.trim() === '') return;
    const cells = row.map(contentOf);
    if (columns === undefined) columns = cells;
    else if (cells.length !== columns.length)
      throw invalidSeries(
        `${path}:${line}: expected ${columns.length} fields as in the header, got ${cells.length}`,
        'every row needs a field a column; leave a field empty where a value is missing',
      );
    else rows.push({ cells: separator === ';' ? cells.map(withDecimalPoint) : cells, line });
  });
  return { path, columns: columns ?? [], rows };
}

function withDecimalPoint(cell: string): string {
  return /^[+-]?\d+,\d+/.test(cell) ? cell.replace(',', '.') : cell;
}

function curvesOfTable(table: RecordedTable, axis: TableAxis, common: Common): RecordedCurves {
  return curvesOfSeries({
    ...common,
    axis: axis.kind === 'dated' || axis.kind === 'elapsed' ? 'time' : 'row',
    dated: axis.kind === 'dated',
    names: table.columns.filter((_, column) => column !== axis.column),
    series: tableSeries(table, axis, common.metrics),
  });
}
