import { PlateauError } from '../model/errors.js';
import { metricDefinition } from '../model/metric.js';
import type { StoredRun } from '../model/run-log.js';
import { SampleTableBuilder } from '../model/sample-table.js';

/** A series that something else recorded. */
export interface RecordedSeries {
  /** Shown as the run's scenario, e.g. the file's name. */
  readonly name: string;
  /** Columns of equal length; NaN where a value is missing. */
  readonly columns: ReadonlyMap<string, ArrayLike<number>>;
  /** Column that counts the cycles; must not fall. */
  readonly x: string;
  /** Columns to judge. @defaultValue every column that is known or looks like a level */
  readonly metrics?: readonly string[];
  /** @defaultValue 0.99 */
  readonly confidence?: number;
  readonly budgets?: Readonly<Record<string, number>>;
}

/** Makes a run of a recorded series, so that it is judged as any other. */
export function storedRunFromSeries(series: RecordedSeries): StoredRun {
  const cycles = columnOf(series, series.x);
  const metrics = series.metrics ?? [...series.columns.keys()].filter((name) => metricDefinition(name) !== undefined);
  const builder = new SampleTableBuilder();
  for (let row = 0; row < cycles.length; row += 1) {
    const values = Object.fromEntries(metrics.map((name) => [name, columnOf(series, name)[row]!]));
    builder.add({
      kind: 'floor',
      phase: 'measure',
      round: row,
      elapsedMs: 0,
      cycles: cycles[row]!,
      cyclesByOperation: {},
      values,
    });
  }
  return {
    manifest: {
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
        rounds: cycles.length,
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
      visibility: 'node',
      owner: { pid: 0, startTime: 0, bootId: '', pidNamespace: '' },
    },
    samples: builder.table(),
    events: [],
  };
}

function columnOf(series: RecordedSeries, name: string): ArrayLike<number> {
  const column = series.columns.get(name);
  if (column !== undefined) return column;
  throw new PlateauError(
    'PLATEAU_INVALID_SERIES',
    `${series.name}: expected a column \`${name}\`, got ${[...series.columns.keys()].join(', ')}`,
    { hint: 'name one of these columns with --x or --metric' },
  );
}
