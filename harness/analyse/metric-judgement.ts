import { type MetricChannel, metricDefinition } from '../model/metric.js';
import type { GaugeKind, MemoryManagement, StoredRun } from '../model/run-log.js';
import { decideBytes } from './byte-channel.js';
import { companionShareOf, heapWithoutCode } from './compiled-code.js';
import type { Decision, Doubt } from './decision.js';
import { decideCounts } from './exact-channel.js';
import { condensed, drivenFloors, type FloorSeries, rowsOf, seriesOf, undisturbedFloors } from './floors.js';
import { decideBounded, decideLevel } from './gauge-channel.js';
import { onOperationAxis } from './operation-axis.js';
import { type Rest, restsOf } from './rests.js';
import { type ErrorRates, tooFewFloors } from './slope-decision.js';
import { wholeOf, type Yardstick, yardstickOf } from './yardstick.js';

/** Looks that the error rate is shared out over: they see mostly the same samples. */
const looksBudgeted = 4;
/** What takes long to count and was counted less often than this (a census of a large heap) is shown, and decides nothing. */
const fewestCounts = 8;

/** A metric of a run with what it is measured against. */
export interface JudgedMetric {
  readonly yardstick: Yardstick;
  /** Its floors, condensed where they are very many. */
  readonly series: FloorSeries;
  /** Values at the first and the last floor. */
  readonly first: number;
  readonly last: number;
  readonly channel: MetricChannel;
  /** Stretches without cycles, after what looked like a leak. */
  readonly rests: readonly Rest[];
  /** Could not be read at most of the last floors. */
  readonly lost: boolean;
  readonly gauge?: GaugeKind;
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
  const judged: JudgedMetric[] = [];
  for (const [metric, values] of samples.metrics) {
    const channel = channelOf(run, metric, memoryMetric);
    const gauge = metric.startsWith('gauge.')
      ? (manifest.gauges[metric.slice('gauge.'.length)] ?? { kind: 'level' as const })
      : undefined;
    if (channel === undefined || gauge?.kind === 'counter') continue;
    const read = metric === 'heapUsed' ? withoutCode(run, values, undisturbed) : values;
    const rows = channel === 'count' ? driven : undisturbed;
    const floors = seriesOf(samples, read, rows);
    if (floors.values.length === 0) continue;
    const series = channel === 'count' ? onOperationAxis(floors, samples) : floors;
    const rationed = metricDefinition(metric)?.rationed ?? false;
    const lost = isLost(series, rows, rationed);
    const tooRare = rationed && !lost && metric !== memoryMetric && countedRarely(series, driven);
    const isChosen = manifest.budgets[metric] !== undefined;
    judged.push({
      yardstick: yardstickOf(manifest, metric, cyclesPerMs, memory),
      series: condensed(series),
      first: series.values[0]!,
      last: series.values.at(-1)!,
      channel,
      rests: restsOf(samples, read, rowCount),
      lost,
      ...(gauge !== undefined && { gauge }),
      decisive: isChosen || (channel !== 'advisory' && wholeOf(metric) === undefined && !tooRare),
    });
  }
  return judged;
}

function countedRarely(series: FloorSeries, driven: Uint32Array): boolean {
  return series.values.length < fewestCounts && driven.length > 2 * fewestCounts;
}

/** Read before, and then at fewer than half of the last quarter of the floors; at none of them, where it is read seldom. */
function isLost(series: FloorSeries, rows: Uint32Array, rationed: boolean): boolean {
  const since = rows.subarray(rows.indexOf(series.rows[0]!));
  const quarter = since.subarray(Math.floor((since.length * 3) / 4));
  const read = series.rows.filter((row) => row >= quarter[0]!).length;
  return since.length >= 2 * fewestCounts && (rationed ? read === 0 : read * 2 < quarter.length);
}

function speedOf({ samples }: StoredRun, rows: Uint32Array): number {
  const last = rows.at(-1);
  const elapsedMs = last === undefined ? 0 : samples.elapsedMs[last]!;
  return elapsedMs > 0 ? samples.cycles[last!]! / elapsedMs : 0;
}

function channelOf(run: StoredRun, metric: string, memoryMetric: string | undefined): MetricChannel | undefined {
  const channel = metricDefinition(metric)?.channel ?? run.manifest.channels?.[metric];
  if (channel === undefined || channel === 'context' || channel === 'idle') return undefined;
  return channel === 'advisory' && metric === memoryMetric ? 'bytes' : channel;
}

/** From the inside first; of a process seen from outside, its own pages tell most. */
const memoryMetrics = ['heapUsed', 'nativeUsed', 'uss', 'pss', 'rss'] as const;

/** Whether a metric says how much memory a process keeps. */
export function isMemoryMetric(metric: string): boolean {
  return memoryMetrics.some((name) => name === metric);
}

/** The memory metric that decides: the first one that was read at about as many floors as were driven. */
export function memoryMetricOf({ samples }: StoredRun, driven: Uint32Array): string | undefined {
  return memoryMetrics.find((metric) => {
    const values = samples.metrics.get(metric);
    if (values === undefined) return false;
    const read = driven.reduce((count, row) => count + (Number.isFinite(values[row]!) ? 1 : 0), 0);
    return read > 0 && read >= Math.min(fewestCounts, driven.length / 2);
  });
}

function memoryManagementOf({ events }: StoredRun): MemoryManagement {
  return events.flatMap((event) => (event.event === 'runtime' ? event.memory : []))[0] ?? 'unknown';
}

/** The heap without compiled code, where the target told how much of it there was. */
export function withoutCode({ samples, manifest }: StoredRun, heapUsed: Float64Array, rows: Uint32Array): Float64Array {
  const heapCode = samples.metrics.get('heapCode');
  if (heapCode === undefined) return heapUsed;
  const at = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]!);
  // What another recorder counts as code may hold its companions already.
  if (manifest.channels !== undefined) return heapWithoutCode({ heapUsed, heapCode }, 0);
  const share = companionShareOf({ cycles: at(samples.cycles), heapUsed: at(heapUsed), heapCode: at(heapCode) });
  return heapWithoutCode({ heapUsed, heapCode }, share);
}

/** Error rates of one metric among several, under one budget for the run. */
export function errorRates(confidence: number, decisiveMetrics: number): ErrorRates {
  const error = (1 - confidence) / looksBudgeted;
  // A leak must pass in two windows: their disjoint halves fail independently.
  return { leak: Math.sqrt(error / Math.max(1, decisiveMetrics)), plateau: error };
}

/** What a metric is judged to do. */
export function decideMetric(metric: JudgedMetric, rates: ErrorRates): Decision {
  const { yardstick, series, channel, gauge, lost } = metric;
  if (lost) return doubtful(series, yardstick, 'readings');
  // A level counts by itself, whatever was driven.
  if (gauge?.kind === 'bounded') return decideBounded(series, yardstick, gauge.bound);
  if (standsStill(series)) return { ...doubtful(series, yardstick, 'still'), slope: { estimate: 0, low: 0, high: 0 } };
  if (gauge?.kind === 'level') return decideLevel(series, yardstick, rates);
  return channel === 'count' ? decideCounts(series, yardstick, rates) : decideBytes(series, yardstick, rates);
}

/** Nothing can be said, and more floors of the kind would not change that. */
function doubtful(series: FloorSeries, yardstick: Yardstick, doubt: Doubt): Decision {
  const { cyclesToDecide: _, ...nothing } = tooFewFloors(series, yardstick);
  return { ...nothing, doubt };
}

/** Whether no cycles were driven in the later half of the floors. */
function standsStill({ cycles }: FloorSeries): boolean {
  return cycles.length >= fewestCounts && cycles[cycles.length >> 1] === cycles.at(-1);
}
