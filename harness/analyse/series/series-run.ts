import { unitBytesOf } from '../../model/column-unit.js';
import { PlateauError } from '../../model/errors.js';
import { metricDefinition } from '../../model/metric.js';
import type { Manifest, RunEvent, StoredRun } from '../../model/run-log.js';
import type { SampleTable } from '../../model/sample.js';
import { quantity } from '../findings/quantity.js';
import { coarseRounding } from './column-unit.js';

/** A series that something else recorded. */
export interface RecordedSeries {
  /** Shown as the run's scenario, e.g. the file's name. */
  readonly name: string;
  /** Columns of equal length; NaN where a value is missing. */
  readonly columns: ReadonlyMap<string, ArrayLike<number>>;
  /** Column that counts the cycles; must not fall. */
  readonly x: string;
  /** Columns to judge. @defaultValue those named after a metric */
  readonly metrics?: readonly string[];
  /** @defaultValue 0.99 */
  readonly confidence?: number;
  /** Largest slope that passes, by column, per unit of `x`. */
  readonly budgets?: Readonly<Record<string, number>>;
}

/** Columns of compiled code in a Node heap, the most complete first; their sum is taken out of `heapUsed`. */
const codeColumns = [['heapCode'], ['codeMeta', 'bcMeta'], ['code']] as const;
/** Time as plateau itself writes it; of other columns the unit is not known. */
const timeColumn = 'elapsedMs';

/** Columns that help to judge others, wherever a series has them. */
export const companionColumns: readonly string[] = [...codeColumns.flat(), timeColumn];

/**
 * Makes a run of a recorded series, so that it is judged as any other: each row a floor, inputs that may never repeat.
 * A column with another name than a metric's is judged as bytes when its name ends with their unit or its values are large,
 * else as a count; fractions of an unknown unit can leak, and be no plateau.
 * @throws {PlateauError} `PLATEAU_INVALID_SERIES` for a column that is not there
 */
export function storedRunFromSeries(series: RecordedSeries): StoredRun {
  const metrics = series.metrics ?? [...series.columns.keys()].filter((name) => metricDefinition(name) !== undefined);
  const cycles = columnOf(series, series.x);
  const columns = new Map<string, Float64Array>();
  const channels: [string, 'bytes' | 'count'][] = [];
  const events: RunEvent[] = [];
  for (const name of metrics) {
    const { values, channel, doubt } = judgedColumn(name, columnOf(series, name), spanOf(cycles));
    columns.set(name, values);
    if (channel !== undefined) channels.push([name, channel]);
    if (doubt !== undefined) events.push(doubt);
  }
  const code = columns.has('heapUsed') ? codeOf(series) : undefined;
  if (code !== undefined) columns.set('heapCode', code);
  return {
    manifest: manifestOf(series, { channels: Object.fromEntries(channels), node: columns.has('heapUsed') }),
    samples: tableOf(fromStart(cycles), timeOf(series), columns),
    events,
  };
}

interface JudgedColumn {
  readonly values: Float64Array;
  /** How it is judged, where its name is no metric's. */
  readonly channel?: 'bytes' | 'count';
  /** Why it cannot be certified. */
  readonly doubt?: RunEvent;
}

function judgedColumn(name: string, values: Float64Array, cycles: number): JudgedColumn {
  if (metricDefinition(name) !== undefined) return { values };
  const unitBytes = unitBytesOf(name);
  if (unitBytes === undefined) {
    if (isLarge(values)) return { values, channel: 'bytes' };
    return { values, channel: 'count', ...(hasFractions(values) && { doubt: unknownUnit(name) }) };
  }
  const step = coarseRounding(values, unitBytes, cycles);
  return {
    values: values.map((value) => value * unitBytes),
    channel: 'bytes',
    ...(step !== undefined && { doubt: tooCoarse(name, step) }),
  };
}

/** Cycles since the start; a column that starts far from zero, e.g. with a time of day, or below it counts from its first row. */
function fromStart(x: Float64Array): Float64Array {
  const first = x[0] ?? 0;
  return first > spanOf(x) || first < 0 ? x.map((value) => value - first) : x;
}

function spanOf(x: Float64Array): number {
  return (x.at(-1) ?? 0) - (x[0] ?? 0);
}

function columnOf(series: RecordedSeries, name: string): Float64Array {
  const column = series.columns.get(name);
  if (column !== undefined) return Float64Array.from(column);
  throw new PlateauError(
    'PLATEAU_INVALID_SERIES',
    `${series.name}: expected a column \`${name}\`, got ${[...series.columns.keys()].join(', ')}`,
    { hint: 'name one of these columns with --x or --metric' },
  );
}

function codeOf(series: RecordedSeries): Float64Array | undefined {
  const parts = codeColumns.find((names) => names.every((name) => series.columns.has(name)));
  if (parts === undefined) return undefined;
  const [first, ...rest] = parts.map((name) => columnOf(series, name));
  return first!.map((value, row) => rest.reduce((sum, column) => sum + column[row]!, value));
}

function timeOf(series: RecordedSeries): Float64Array | undefined {
  const time = series.columns.has(timeColumn) ? columnOf(series, timeColumn) : undefined;
  const runsForward = time?.every((value, row) => value >= (time[row - 1] ?? 0)) ?? false;
  return runsForward ? time : undefined;
}

/** Levels beyond this are no counts of anything that a process holds. */
const largestCount = 2 ** 20;

function isLarge(values: Float64Array): boolean {
  return values.some((value) => value > largestCount);
}

function hasFractions(values: Float64Array): boolean {
  return values.some((value) => Number.isFinite(value) && !Number.isInteger(value));
}

/** Of 80.125, nobody but its name says whether it is megabytes: then no rounding is small enough for a plateau. */
function unknownUnit(column: string): RunEvent {
  const named = column.replaceAll(/\W+/g, '_');
  return {
    event: 'audit',
    check: `unit:${column}`,
    ok: false,
    detail: `expected bytes, whole counts, or a name that ends with its unit, got fractions in a column \`${column}\`; call it e.g. ${named}_mb`,
  };
}

/** A level that stands still in steps of a megabyte may grow by most of one. */
function tooCoarse(column: string, step: number): RunEvent {
  return {
    event: 'audit',
    check: `rounding:${column}`,
    ok: false,
    detail: `expected values fine enough to show growth within the budget, got \`${column}\` in steps of ${quantity(step, 'B')}; record more decimals, or bytes`,
  };
}

function tableOf(
  cycles: Float64Array,
  elapsedMs: Float64Array | undefined,
  metrics: ReadonlyMap<string, Float64Array>,
): SampleTable {
  return {
    length: cycles.length,
    kinds: Array.from(cycles, () => 'floor' as const),
    phases: Array.from(cycles, () => 'measure' as const),
    rounds: Float64Array.from(cycles.keys()),
    elapsedMs: elapsedMs ?? new Float64Array(cycles.length),
    cycles,
    cyclesByOperation: new Map(),
    metrics,
  };
}

function manifestOf(
  series: RecordedSeries,
  { channels, node }: { readonly channels: Record<string, 'bytes' | 'count'>; readonly node: boolean },
): Manifest {
  const rows = columnOf(series, series.x).length;
  return {
    schemaVersion: 1,
    id: series.name,
    scenario: series.name,
    defects: [],
    operations: [],
    seed: 0,
    startedAt: '1970-01-01T00:00:00.000Z',
    command: '',
    rerun: '',
    environment: { plateau: '', node: '', platform: '', cpuModel: '', cores: 1, memoryBytes: 1 },
    parameters: {
      cyclesPerRound: 'auto',
      rounds: rows,
      durationMs: 0,
      concurrency: 1,
      untilDecided: false,
      confidence: series.confidence ?? 0.99,
      thorough: false,
      attribution: 'off',
      universe: 'fresh',
      settleMs: 0,
      interpreterOnly: false,
    },
    budgets: series.budgets ?? {},
    gauges: {},
    channels,
    visibility: node ? 'node' : 'outside',
    owner: { pid: 0, startTime: 0, bootId: '', pidNamespace: '' },
  };
}
