import type { RecordedCurve, RecordedCurves } from '../model/curve.js';
import { invalidSeries } from './csv-rows.js';

/** One series as a format has it, before all of a file share one axis. */
export interface RawSeries {
  /** Without what distinguishes the processes. */
  readonly name: string;
  /** Which process it is of, where there are several: `pod="a"`. */
  readonly entity: string;
  readonly unit: string;
  /** Epoch ms, ms since the start, or row numbers; never fall. */
  readonly positions: readonly number[];
  readonly values: readonly number[];
  readonly limit?: number;
}

/** How a series shows that its process was started again. */
type RestartMark = 'changes' | 'falls';

/** Names of what changes with each start of a process, and of what then begins anew. */
const restartMarks: readonly (readonly [RegExp, RestartMark])[] = [
  [/(?:^|_)start_?time(?:_?(?:s|ms|seconds))?$/i, 'changes'],
  [/^pid$/i, 'changes'],
  [/^restarts?$|restart_?count$|_restarts(?:_total)?$/i, 'changes'],
  [/(?:^|_)uptime(?:_?(?:s|ms|seconds))?$/i, 'falls'],
  [/^elapsed$/i, 'falls'],
];

/** How a series of that name shows restarts; undefined where it is of something else. */
export function restartMark(name: string): RestartMark | undefined {
  return restartMarks.find(([pattern]) => pattern.test(name))?.[1];
}

/** Names of what only grows, or is no matter of memory. */
const notJudged = /_(?:total|count|sum|bucket|created|info)$|(?:^|_|\b)cpu|^ppid$|^ctime$|^timestamp$/i;

export function isJudgedByName(name: string): boolean {
  return restartMark(name) === undefined && !notJudged.test(name);
}

interface Recording {
  readonly name: string;
  readonly path: string;
  readonly axis: RecordedCurves['axis'];
  /** Positions are epoch ms. */
  readonly dated: boolean;
  readonly series: readonly RawSeries[];
  /** Names to judge. @defaultValue those that can leak */
  readonly metrics?: readonly string[];
  /** What could be named there. @defaultValue the names of the series */
  readonly names?: readonly string[];
}

/**
 * Series of a file on one axis.
 * @throws {PlateauError} `PLATEAU_INVALID_SERIES` where nothing can be judged
 */
export function curvesOfSeries({ name, path, axis, dated, series, metrics, ...recording }: Recording): RecordedCurves {
  const judged = series.filter((one) =>
    metrics === undefined ? isJudgedByName(one.name) : metrics.includes(one.name),
  );
  const names = recording.names ?? [...new Set(series.map((one) => one.name))];
  const unknown = metrics?.find((metric) => !names.includes(metric));
  if (unknown !== undefined)
    throw invalidSeries(`${path}: expected "${unknown}", got ${listed(names)}`, 'see --metric <name,...>');
  if (names.length === 0)
    throw invalidSeries(`${path}: expected readings, got none`, 'check the time range, and the query or the filter');
  if (judged.length === 0)
    throw invalidSeries(
      `${path}: expected a quantity that can leak, got ${listed(names)}`,
      'name what to judge with --metric <name,...>; counters that only grow and CPU are left out',
    );
  const marks = series.filter((one) => restartMark(one.name) !== undefined && !judged.includes(one));
  const all = [...new Set(judged.flatMap(({ positions }) => positions))].sort((left, right) => left - right);
  const first = all[0] ?? 0;
  const rowOf = new Map(all.map((position, row) => [position, row]));
  return {
    name,
    axis,
    startedAtMs: dated ? first : 0,
    positions: Float64Array.from(all, (position) => position - first),
    curves: judged.map((one) => curveOf(one, marks, { rowOf, first, length: all.length, alone: judged.length === 1 })),
  };
}

interface Axis {
  readonly rowOf: ReadonlyMap<number, number>;
  readonly first: number;
  readonly length: number;
  readonly alone: boolean;
}

function curveOf(one: RawSeries, marks: readonly RawSeries[], { rowOf, first, length, alone }: Axis): RecordedCurve {
  const values = new Float64Array(length).fill(Number.NaN);
  for (const [index, position] of one.positions.entries()) values[rowOf.get(position)!] = one.values[index]!;
  const own = marks.filter(({ entity }) => entity === one.entity || alone);
  const restarts = [...new Set(own.flatMap(restartsOf))].sort((left, right) => left - right);
  return {
    metric: one.entity === '' ? shownName(one.name) : `${shownName(one.name)}{${one.entity}}`,
    unit: one.unit,
    values,
    ...(one.limit !== undefined && { limit: one.limit }),
    restarts: restarts.map((position) => position - first).filter((position) => position > 0),
  };
}

/** A number as a name would be read as a reading. */
function shownName(name: string): string {
  return /^\d*$/.test(name) ? `column ${name}`.trim() : name;
}

/** Positions at which a mark shows a new process. */
function restartsOf({ name, positions, values }: RawSeries): number[] {
  const mark = restartMark(name);
  const read = [...positions.entries()].filter(([index]) => Number.isFinite(values[index]));
  return read.slice(1).flatMap(([index, position], at) => {
    const before = values[read[at]![0]]!;
    const now = values[index]!;
    return (mark === 'falls' ? now < before : now !== before) ? [position] : [];
  });
}

const namesShown = 8;

function listed(names: readonly string[]): string {
  const shown = names
    .slice(0, namesShown)
    .map((name) => `"${name}"`)
    .join(', ');
  return names.length > namesShown ? `${shown} and ${names.length - namesShown} more` : shown;
}
