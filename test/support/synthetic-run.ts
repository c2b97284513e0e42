import type { Manifest, RunEvent, RunParameters, StoredRun } from '../../harness/model/run-log.js';
import type { SampleKind, SamplePhase } from '../../harness/model/sample.js';
import { SampleTableBuilder } from '../../harness/model/sample-table.js';
import { msPerHour } from '../../harness/model/units.js';
import { type Random, seededRandom } from '../../harness/platform/random.js';

/** Where a floor stands. */
export interface FloorPlace {
  readonly cycles: number;
  readonly elapsedMs: number;
  /** 0-based, of all floors. */
  readonly floor: number;
  readonly random: Random;
  readonly cyclesOf: (operation: string) => number;
}

export interface SyntheticRun {
  readonly metrics: Readonly<Record<string, (place: FloorPlace) => number>>;
  readonly seed?: number;
  /** @defaultValue 60 */
  readonly floors?: number;
  /** Mean cycles between floors. @defaultValue 220 */
  readonly cyclesPerRound?: number;
  /** @defaultValue 0.5 */
  readonly msPerCycle?: number;
  /** Time of a floor. @defaultValue 20 */
  readonly settleMs?: number;
  /** With the weight of each. @defaultValue one, `cycle` */
  readonly operations?: Readonly<Record<string, number>>;
  /** @defaultValue `measure` for all */
  readonly phaseOf?: (floor: number) => SamplePhase;
  readonly kind?: SampleKind;
  readonly parameters?: Partial<RunParameters>;
  readonly manifest?: Partial<Manifest>;
  readonly events?: readonly RunEvent[];
}

/** A run as it could lie on disk, with values that a formula gives: rounds of random size, every floor settled. */
export function syntheticRun(plan: SyntheticRun): StoredRun {
  const { floors = 60, cyclesPerRound = 220, msPerCycle = 0.5, settleMs = 20, operations = { cycle: 1 } } = plan;
  const random = seededRandom('synthetic', plan.seed ?? 1);
  const builder = new SampleTableBuilder();
  const counts = new Map(Object.keys(operations).map((name) => [name, 0]));
  let cycles = 0;
  let elapsedMs = 0;
  for (let floor = 0; floor < floors; floor += 1) {
    const phase = plan.phaseOf?.(floor) ?? 'measure';
    for (const [name, weight] of phase === 'null' || phase === 'rest' ? [] : Object.entries(operations)) {
      const driven = Math.max(1, Math.round(weight * cyclesPerRound * (0.5 + random())));
      counts.set(name, counts.get(name)! + driven);
      cycles += driven;
      elapsedMs += driven * msPerCycle;
    }
    elapsedMs += settleMs * (0.8 + 0.4 * random());
    const place = { cycles, elapsedMs, floor, random, cyclesOf: (name: string) => counts.get(name) ?? 0 };
    builder.add({
      kind: plan.kind ?? 'floor',
      phase,
      round: floor,
      elapsedMs,
      cycles,
      cyclesByOperation: Object.fromEntries(counts),
      values: Object.fromEntries(Object.entries(plan.metrics).map(([metric, value]) => [metric, value(place)])),
    });
  }
  return { manifest: manifestOf(plan, Object.keys(operations)), samples: builder.table(), events: plan.events ?? [] };
}

function manifestOf({ parameters, manifest, seed = 1 }: SyntheticRun, operations: readonly string[]): Manifest {
  return {
    schemaVersion: 1,
    id: '20260131-120000-synth',
    scenario: 'synthetic',
    defects: [],
    operations,
    seed,
    startedAt: '2026-01-31T12:00:00.000Z',
    command: 'plateau run synthetic',
    rerun: 'plateau run synthetic --seed 1',
    environment: { plateau: '0', node: '20', platform: 'linux', cpuModel: 'none', cores: 2, memoryBytes: 2 ** 34 },
    parameters: {
      cyclesPerRound: 'auto',
      rounds: 10_000,
      durationMs: 120_000,
      concurrency: 1,
      untilDecided: true,
      confidence: 0.99,
      thorough: false,
      attribution: 'off',
      universe: 256,
      settleMs: 0,
      interpreterOnly: false,
      ...parameters,
    },
    budgets: {},
    gauges: {},
    visibility: 'node',
    owner: { pid: 1, startTime: 0, bootId: '', pidNamespace: '' },
    ...manifest,
  };
}

/** Close to normal: the sum of twelve uniforms. */
export function normal(random: Random): number {
  let sum = -6;
  for (let term = 0; term < 12; term += 1) sum += random();
  return sum;
}

/** A settled V8 heap as it was measured: 8 KiB of noise, one reading in ten 100 to 300 KiB too high, a warm-up that decays. */
export function heapFloor({ cycles, random }: FloorPlace): number {
  const peak = random() < 0.1 ? (100 + 200 * random()) * 1024 : 0;
  return 6e6 + 180e3 * (1 - 1 / (1 + cycles / 900)) + 8192 * normal(random) + peak;
}

/** The clock of a target on which days go by between rounds, a quarter of an hour each on average. */
export function clockOfDays(): {
  readonly clockMovedMs: (place: FloorPlace) => number;
  /** By the floor's number. */
  readonly movedAtMs: readonly number[];
} {
  const movedAtMs: number[] = [];
  const clockMovedMs = ({ floor, random }: FloorPlace) => {
    movedAtMs[floor] = (movedAtMs[floor - 1] ?? 0) + Math.round((msPerHour / 4) * (0.5 + random()));
    return movedAtMs[floor]!;
  };
  return { clockMovedMs, movedAtMs };
}
