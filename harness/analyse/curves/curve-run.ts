import type { RecordedCurves } from '../../model/curve.js';
import type { Manifest, StoredRun } from '../../model/run-log.js';

/** How curves are judged. */
export interface CurveOptions {
  /** @defaultValue 0.99 */
  readonly confidence?: number;
}

/**
 * Makes a run of curves, so that they are judged and reported as any other run. Its samples are of the kind `load`: nothing
 * rested or was collected before them. Over rows, the number of a row stands in for the time.
 */
export function storedRunFromCurves(recorded: RecordedCurves, { confidence = 0.99 }: CurveOptions = {}): StoredRun {
  const { positions, curves } = recorded;
  return {
    manifest: manifestOf(recorded, confidence),
    samples: {
      length: positions.length,
      kinds: Array.from(positions, () => 'load' as const),
      phases: Array.from(positions, () => 'measure' as const),
      rounds: new Float64Array(positions.length),
      elapsedMs: positions,
      cycles: Float64Array.from(positions.keys()),
      cyclesByOperation: new Map(),
      metrics: new Map(curves.map(({ metric, values }) => [metric, values])),
    },
    events: [],
  };
}

function manifestOf({ name, axis, startedAtMs, positions, curves }: RecordedCurves, confidence: number): Manifest {
  const limited = curves.filter(({ limit }) => limit !== undefined);
  return {
    schemaVersion: 1,
    id: name,
    scenario: name,
    defects: [],
    operations: [],
    seed: 0,
    startedAt: new Date(startedAtMs).toISOString(),
    command: '',
    rerun: '',
    environment: { plateau: '', node: '', platform: '', cpuModel: '', cores: 1, memoryBytes: 1 },
    parameters: {
      cyclesPerRound: 'auto',
      rounds: 0,
      durationMs: 0,
      concurrency: 1,
      untilDecided: false,
      confidence,
      thorough: false,
      attribution: 'off',
      universe: 'fresh',
      settleMs: 0,
      interpreterOnly: false,
      readings: positions.length,
    },
    budgets: {},
    gauges: {},
    channels: {},
    visibility: 'outside',
    owner: { pid: 0, startTime: 0, bootId: '', pidNamespace: '' },
    curves: {
      axis,
      units: Object.fromEntries(curves.map(({ metric, unit }) => [metric, unit])),
      limits: Object.fromEntries(limited.map(({ metric, limit }) => [metric, limit!])),
      restarts: Object.fromEntries(curves.map(({ metric, restarts }) => [metric, restarts])),
    },
  };
}
