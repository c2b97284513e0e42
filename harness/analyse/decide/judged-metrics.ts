import { livesInHeap, type MetricChannel, metricDefinition, parentMetric } from '../../model/metric.js';
import { ownValue } from '../../model/own-value.js';
import type { GaugeKind, MemoryManagement, StoredRun } from '../../model/run-log.js';
import { onOperationAxis } from '../growth/operation-axis.js';
import { companionShareOf, heapWithoutCode } from '../series/compiled-code.js';
import { type Drain, drainOf } from '../series/draining.js';
import {
  condensed,
  drivenFloors,
  type FloorSeries,
  floorsMin,
  rowsOf,
  seriesOf,
  undisturbedFloors,
} from '../series/floors.js';
import { type PendingRelease, pendingReleaseOf } from '../series/pending-timers.js';
import { type Rest, restsOf } from '../series/rests.js';
import { movedMin } from './at-rest.js';
import { type Tolerance, toleranceOf } from './tolerance.js';

/** A metric of a run with what it is measured against. */
export interface JudgedMetric {
  readonly tolerance: Tolerance;
  /** Its floors, condensed where they are very many. */
  readonly series: FloorSeries;
  /** Values at the first and the last floor. */
  readonly first: number;
  readonly last: number;
  readonly channel: MetricChannel;
  /** Stretches without cycles, after what looked like a leak. */
  readonly rests: readonly Rest[];
  /** What a timer would take away that was not seen to fire. */
  readonly pending?: PendingRelease;
  /** How the memory of the target still fell when it had rested. */
  readonly drain?: Drain;
  /** Could not be read at most of the last floors. */
  readonly lost: boolean;
  readonly gauge?: GaugeKind;
  /** Counts live objects, all or those of one class. */
  readonly isOfObjects: boolean;
  /** Decides the run's verdict, as all does that the user gave a budget; others are shown beside it. */
  readonly decisive: boolean;
}

/** Metrics of a run that are judged by their slope, as seen until a row of the table, in the order of the samples. */
export function judgedMetrics(run: StoredRun, rowCount: number): readonly JudgedMetric[] {
  const { samples, manifest } = run;
  const undisturbed = rowsOf(samples, undisturbedFloors, rowCount);
  const driven = rowsOf(samples, drivenFloors, rowCount);
  const cyclesPerMs = speedOf(run, driven);
  const memory = memoryManagementOf(run);
  const memoryMetric = memoryMetricOf(run, driven);
  const pending = pendingReleaseOf(run, rowCount);
  const judged: JudgedMetric[] = [];
  for (const [metric, values] of samples.metrics) {
    const gauge = metric.startsWith('gauge.')
      ? (ownValue(manifest.gauges, metric.slice('gauge.'.length)) ?? { kind: 'level' as const })
      : undefined;
    const channel = gauge?.kind === 'bytes' ? 'bytes' : channelOf(run, metric, memoryMetric);
    if (channel === undefined || gauge?.kind === 'counter') continue;
    const read = metric === 'heapUsed' ? withoutCode(run, values, undisturbed) : values;
    const rows = channel === 'count' ? driven : undisturbed;
    const floors = seriesOf(samples, read, rows);
    if (floors.values.length === 0) continue;
    const series = channel === 'count' ? onOperationAxis(floors, samples) : floors;
    const rationed = metricDefinition(metric)?.rationed ?? false;
    const lost = isLost(series, rows, rationed);
    const tooRare = rationed && !lost && metric !== memoryMetric && countedRarely(series, driven);
    const isChosen = ownValue(manifest.budgets, metric) !== undefined;
    judged.push({
      tolerance: toleranceOf(manifest, metric, cyclesPerMs, memory),
      series: condensed(series),
      first: series.values[0]!,
      last: series.values.at(-1)!,
      channel,
      rests: restsOf(samples, read, rowCount),
      ...(pending !== undefined && { pending }),
      lost,
      isOfObjects: metric === 'objects' || parentMetric(metric) === 'objects',
      ...(gauge !== undefined && { gauge }),
      decisive: isChosen || (channel !== 'advisory' && parentMetric(metric) === undefined && !tooRare),
    });
  }
  return withDrain(judged, memoryMetric);
}

/** What lives in memory that is still given back may go with it. */
function withDrain(judged: readonly JudgedMetric[], memoryMetric: string | undefined): readonly JudgedMetric[] {
  const memory = judged.find(({ tolerance }) => tolerance.metric === memoryMetric);
  const drain = memory && drainOf(memory.series, memory.rests.at(-1), movedMin.bytes);
  if (drain === undefined) return judged;
  return judged.map((metric) => (livesInHeap(metric.tolerance.metric) ? { ...metric, drain } : metric));
}

/** What takes long to count and was counted seldom (a census of a large heap) is shown, and decides nothing. */
function countedRarely(series: FloorSeries, driven: Uint32Array): boolean {
  return series.values.length < floorsMin && driven.length > 2 * floorsMin;
}

/** Read before, and then at fewer than half of the last quarter of the floors; at none of them, where it is read seldom. */
function isLost(series: FloorSeries, rows: Uint32Array, rationed: boolean): boolean {
  const since = rows.subarray(rows.indexOf(series.rows[0]!));
  const quarter = since.subarray(Math.floor((since.length * 3) / 4));
  const readAt = series.rows.findIndex((row) => row >= quarter[0]!);
  const read = readAt < 0 ? 0 : series.rows.length - readAt;
  return since.length >= 2 * floorsMin && (rationed ? read === 0 : read * 2 < quarter.length);
}

function speedOf({ samples }: StoredRun, rows: Uint32Array): number {
  const last = rows.at(-1);
  const elapsedMs = last === undefined ? 0 : samples.elapsedMs[last]!;
  return elapsedMs > 0 ? samples.cycles[last!]! / elapsedMs : 0;
}

function channelOf(run: StoredRun, metric: string, memoryMetric: string | undefined): MetricChannel | undefined {
  const channel = metricDefinition(metric)?.channel ?? ownValue(run.manifest.channels, metric);
  if (channel === undefined || channel === 'context' || channel === 'idle' || channel === 'peak') return undefined;
  return channel === 'advisory' && metric === memoryMetric ? 'bytes' : channel;
}

/** From the most exact to the bluntest. */
export const pagesMetrics = ['uss', 'pss', 'rss'] as const;
/** From the inside first; of a process seen from outside, its own pages show most. */
const memoryMetrics = ['heapUsed', 'nativeUsed', ...pagesMetrics] as const;

/** Whether a metric says how much memory a process keeps. */
export function isMemoryMetric(metric: string): boolean {
  return memoryMetrics.some((name) => name === metric);
}

/** Whether a metric is the pages of a process, whatever is in them. */
export function isPagesMetric(metric: string): boolean {
  return pagesMetrics.some((name) => name === metric);
}

/** The memory metric that decides: the first one that was read at about as many floors as were driven. */
export function memoryMetricOf({ samples }: StoredRun, driven: Uint32Array): string | undefined {
  return memoryMetrics.find((metric) => {
    const values = samples.metrics.get(metric);
    if (values === undefined) return false;
    const read = driven.reduce((count, row) => count + (Number.isFinite(values[row]!) ? 1 : 0), 0);
    return read > 0 && read >= Math.min(floorsMin, driven.length / 2);
  });
}

/** Who gives back the memory of the target, as its runtime shows. */
export function memoryManagementOf({ events }: StoredRun): MemoryManagement {
  return events.flatMap((event) => (event.event === 'runtime' ? event.memory : []))[0] ?? 'unknown';
}

/** The heap without compiled code, where the target reported how much of it there was. */
export function withoutCode({ samples, manifest }: StoredRun, heapUsed: Float64Array, rows: Uint32Array): Float64Array {
  const heapCode = samples.metrics.get('heapCode');
  if (heapCode === undefined) return heapUsed;
  const at = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]!);
  // What another recorder counts as code may hold its companions already.
  if (manifest.channels !== undefined) return heapWithoutCode({ heapUsed, heapCode }, 0);
  const share = companionShareOf({ cycles: at(samples.cycles), heapUsed: at(heapUsed), heapCode: at(heapCode) });
  return heapWithoutCode({ heapUsed, heapCode }, share);
}
