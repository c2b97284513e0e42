import { invalidSeries } from './csv-rows.js';
import { columnUnit } from './quantities.js';
import type { RawSeries } from './raw-series.js';

type Labels = Readonly<Record<string, string>>;

interface LabelledSeries {
  readonly name: string;
  readonly labels: Labels;
  /** Epoch ms, or numbers of scrapes. */
  readonly positions: readonly number[];
  readonly values: readonly number[];
}

/**
 * Series of the answer to a range query of Prometheus (`/api/v1/query_range`), or of the part below `data` or `result`.
 * @throws {PlateauError} `PLATEAU_INVALID_SERIES` for an answer that holds no ranges
 */
export function prometheusSeries(path: string, answer: unknown): RawSeries[] {
  const { status, error, data } = objectOf(answer);
  if (status === 'error')
    throw invalidSeries(`${path}: expected the answer to a query, got the error "${String(error)}"`, 'see the query');
  const body = objectOf(data ?? answer);
  const results = Array.isArray(answer) ? answer : body.result;
  if (!Array.isArray(results) || results.some((one) => !Array.isArray(objectOf(one).values)))
    throw invalidSeries(
      `${path}: expected the answer to a range query, got ${typeof body.resultType === 'string' ? `a ${body.resultType}` : 'other JSON'}`,
      'ask /api/v1/query_range with start, end and step',
    );
  return rawSeries(
    results.map((one) => {
      const { metric, values } = objectOf(one);
      const { __name__: name = 'value', ...labels } = objectOf(metric) as Record<string, string>;
      const readings = (values as readonly unknown[]).map((reading) => readingOf(path, reading));
      return {
        name,
        labels,
        positions: readings.map(({ atMs }) => atMs),
        values: readings.map(({ value }) => value),
      };
    }),
  );
}

/** The latest moment that a date can hold. */
const epochMsMax = 8.64e15;

/** `[1700000000.5, "12"]`. */
function readingOf(path: string, reading: unknown): { readonly atMs: number; readonly value: number } {
  const [seconds, value] = Array.isArray(reading) ? reading : [];
  const atMs = typeof seconds === 'number' ? Math.round(seconds * 1000) : Number.NaN;
  if (Math.abs(atMs) <= epochMsMax) return { atMs, value: Number(value) };
  throw invalidSeries(
    `${path}: expected readings of epoch seconds and a value, got ${JSON.stringify(reading)}`,
    'ask /api/v1/query_range with start, end and step',
  );
}

/** Whether JSON is the answer of a Prometheus. */
export function isPrometheusAnswer(json: unknown): boolean {
  const { status, data, resultType, result } = objectOf(json);
  const first = objectOf(Array.isArray(json) ? json[0] : undefined);
  return (
    (typeof status === 'string' && (data !== undefined || status === 'error')) ||
    (resultType !== undefined && result !== undefined) ||
    (first.metric !== undefined && first.values !== undefined)
  );
}

/** Labels distinguish processes; those that all series of a file share are left out. */
export function rawSeries(series: readonly LabelledSeries[]): RawSeries[] {
  const keys = [...new Set(series.flatMap(({ labels }) => Object.keys(labels)))].sort();
  const telling = keys.filter((key) => new Set(series.map(({ labels }) => labels[key])).size > 1);
  return series.map(({ name, labels, positions, values }) => {
    const { unit, factor } = columnUnit(name, values);
    const entity = telling.filter((key) => labels[key] !== undefined).map((key) => `${key}="${labels[key]}"`);
    return {
      name,
      entity: entity.join(','),
      unit,
      positions,
      values: values.map((value) => (Number.isFinite(value) ? value * factor : Number.NaN)),
    };
  });
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
