import { historyEntryOf } from '../../harness/analyse/nights/history-entry.js';
import type { HistoryEntry } from '../../harness/model/history.js';
import type { Manifest, StoredRun } from '../../harness/model/run-log.js';
import type { Sample } from '../../harness/model/sample.js';
import { seededRandom } from '../../harness/platform/random.js';
import { analyse } from '../../harness/run/analyse-run.js';
import { loadRun } from '../../harness/store/load-run.js';
import { createRunId } from '../../harness/store/run-id.js';
import { createRunStore, writeRunRecord } from '../../harness/store/run-store.js';
import { type FloorPlace, heapFloor, normal, type SyntheticRun, syntheticRun } from './synthetic-run.js';

export interface NightPlan {
  readonly scenario?: string;
  readonly variant?: string;
  /** 1-based; sets the day, the commit and the seed. */
  readonly number: number;
  /** Bytes a cycle that the heap grows by. */
  readonly heapSlope?: number;
  /** Entries a cycle that a gauge grows by. */
  readonly gaugeSlope?: number;
  /** @defaultValue 400 */
  readonly cyclesPerSecond?: number;
  readonly floors?: number;
  readonly cyclesPerRound?: number;
  readonly manifest?: Partial<Manifest>;
  readonly crashed?: string;
}

export function dayOf(number: number): string {
  return new Date(Date.UTC(2026, 2, number)).toISOString().slice(0, 10);
}

/** Forty hexadecimal digits that tell the night: `0006…`. */
export function commitOf(number: number): string {
  return `${String(number).padStart(4, '0')}${'c0ffee'.repeat(6)}`;
}

/** The run of one night as it would lie on disk: a heap and a gauge as they are measured, judged by the real judge. */
export function nightRun(plan: NightPlan): StoredRun {
  const { number, scenario = 'shop/carts', heapSlope = 0, gaugeSlope = 0, cyclesPerSecond = 400 } = plan;
  const chance = seededRandom('night', scenario, number);
  const day = dayOf(number);
  const speed = cyclesPerSecond * (1 + 0.02 * normal(chance));
  const heap = 40_000 * normal(chance);
  const metrics: SyntheticRun['metrics'] = {
    heapUsed: (place: FloorPlace) => heapFloor(place) + heap + heapSlope * place.cycles,
    'gauge.carts': ({ cycles }) => 4 + Math.floor(gaugeSlope * cycles),
    fds: () => 23,
    rss: ({ random }) => 9e7 + 2e6 * random(),
    throughput: ({ random }) => speed * (1 + 0.05 * normal(random)),
  };
  return syntheticRun({
    metrics,
    seed: number,
    floors: plan.floors ?? 60,
    ...(plan.cyclesPerRound !== undefined && { cyclesPerRound: plan.cyclesPerRound }),
    manifest: {
      id: createRunId(Date.parse(`${day}T02:00:00Z`), chance),
      scenario,
      startedAt: `${day}T02:00:00.000Z`,
      night: day,
      purpose: 'night',
      ...(plan.variant !== undefined && { variant: plan.variant }),
      environment: {
        plateau: '0.1.0',
        node: '20.20.2',
        platform: 'linux x64',
        cpuModel: 'a processor',
        cores: 2,
        memoryBytes: 2 ** 33,
        gitCommit: commitOf(number),
      },
      ...plan.manifest,
    },
    events: [
      { event: 'latency', latency: { 'cycle.create': { count: 9_000, p50: 1.2, p90: 2.1, p99: 4.5, max: 21 } } },
      ...(plan.crashed === undefined
        ? []
        : [{ event: 'crashed' as const, detail: plan.crashed, lastLines: [] as string[] }]),
      {
        event: 'end',
        reason: plan.crashed === undefined ? 'decided' : 'crashed',
        endedAt: `${day}T02:01:00.000Z`,
      },
    ],
  });
}

export function nightEntry(plan: NightPlan): HistoryEntry {
  const run = nightRun(plan);
  return historyEntryOf(run, analyse(run))!;
}

/** Puts a run on disk as plateau does, and judges it from there. */
export async function storeRun(outDirectory: string, run: StoredRun): Promise<string> {
  const store = createRunStore(outDirectory, run.manifest);
  for (const sample of samplesOf(run)) await store.writeSample(sample);
  for (const event of run.events) store.writeEvent(event);
  await store.close();
  writeRunRecord(store.directory, analyse(await loadRun(store.directory)));
  return store.directory;
}

function samplesOf({ samples }: StoredRun): Sample[] {
  const at = (columns: ReadonlyMap<string, Float64Array>, row: number) =>
    Object.fromEntries([...columns].map(([name, values]) => [name, values[row]!]));
  return samples.kinds.map((kind, row) => ({
    kind,
    phase: samples.phases[row]!,
    round: samples.rounds[row]!,
    elapsedMs: samples.elapsedMs[row]!,
    cycles: samples.cycles[row]!,
    cyclesByOperation: at(samples.cyclesByOperation, row),
    values: at(samples.metrics, row),
  }));
}
