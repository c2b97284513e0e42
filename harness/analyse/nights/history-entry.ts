import {
  type HistoryEntry,
  type HistoryRow,
  type HistoryRun,
  type Level,
  makesHistory,
  seriesVariant,
} from '../../model/history.js';
import { metricDefinition } from '../../model/metric.js';
import type { Manifest, StoredRun } from '../../model/run-log.js';
import type { Finding, RunRecord } from '../../model/run-record.js';
import type { SampleTable } from '../../model/sample.js';
import { drivenFloors, rowsOf, undisturbedFloors } from '../series/floors.js';
import { median, robustDeviation } from '../statistics/order-statistics.js';

/** What is resident, the most precise first; of the first that was read the peak is the footprint. */
const footprintMetrics = ['pss', 'uss', 'rss'] as const;
const keptPercentiles = ['p50', 'p99'] as const;

/**
 * What the history keeps of a judged run; a pure function of what lies in its directory.
 * @returns `undefined` for runs that make no history
 */
export function historyEntryOf(run: StoredRun, record: RunRecord): HistoryEntry | undefined {
  const { manifest } = run;
  if (!makesHistory(manifest.purpose)) return undefined;
  const about = historyRun(manifest, record);
  const { runId, scenario, variant, night, startedAt, gitCommit, machine } = about;
  const shared = { runId, scenario, variant, night, startedAt, ...(gitCommit !== undefined && { gitCommit }), machine };
  const rows = [
    ...record.findings.map((finding) => ({ ...shared, ...findingPart(finding, run.samples) })),
    ...[...throughputPart(run.samples), ...footprintPart(run.samples), ...latencyParts(record)].map((part) => ({
      ...shared,
      ...part,
    })),
  ];
  // A load that stopped is a finding of throughput: of two rows of one metric the judged one stays.
  const byMetric = new Map(rows.toReversed().map((row) => [row.metric, row]));
  return { run: about, rows: [...byMetric.values()].sort((one, other) => (one.metric < other.metric ? -1 : 1)) };
}

function historyRun(manifest: Manifest, record: RunRecord): HistoryRun {
  const { cpuModel, cores, node, targetNode, gitCommit } = manifest.environment;
  return {
    runId: manifest.id,
    scenario: manifest.scenario,
    variant: seriesVariant(manifest),
    purpose: manifest.purpose ?? 'soak',
    night: manifest.night ?? manifest.id,
    startedAt: manifest.startedAt,
    durationMs: Math.max(0, Date.parse(record.endedAt) - Date.parse(record.startedAt)),
    ...(gitCommit !== undefined && { gitCommit }),
    ...(manifest.tags !== undefined && { tags: manifest.tags }),
    machine: `${cpuModel}, ${cores} cores, Node ${targetNode ?? node}`,
    verdict: record.verdict,
    exitCode: record.exitCode,
    reason: record.reason,
    cycles: record.counts.cycles,
  };
}

type RowPart = Omit<HistoryRow, 'runId' | 'scenario' | 'variant' | 'night' | 'startedAt' | 'gitCommit' | 'machine'>;

function findingPart(finding: Finding, samples: SampleTable): RowPart {
  const { metric, unit, verdict, shape, slope, confidence, budget, detectionFloor } = finding;
  const level = floorLevel(metric, samples);
  return {
    metric,
    unit,
    verdict,
    shape,
    slope,
    confidence,
    budget,
    ...(detectionFloor !== null && { detectionFloor }),
    ...(level && { level }),
  };
}

/** The level at rest: floors of the second half, when everything is warm. */
function floorLevel(metric: string, samples: SampleTable): Level | undefined {
  const values = samples.metrics.get(metric);
  if (values === undefined) return undefined;
  const code = metric === 'heapUsed' ? samples.metrics.get('heapCode') : undefined;
  const exact = metricDefinition(metric)?.channel === 'count';
  const read = Array.from(rowsOf(samples, exact ? drivenFloors : undisturbedFloors))
    .map((row) => values[row]! - (code?.[row] ?? 0))
    .filter(Number.isFinite);
  return levelOf(read.slice(read.length >> 1));
}

function levelOf(values: readonly number[]): Level | undefined {
  if (values.length === 0) return undefined;
  // Of a median: a quarter more than of a mean.
  const standardError = (1.2533 * robustDeviation(values)) / Math.sqrt(values.length);
  return { estimate: median(values), standardError };
}

function throughputPart(samples: SampleTable): RowPart[] {
  const values = samples.metrics.get('throughput');
  if (values === undefined) return [];
  const read = Array.from(rowsOf(samples, undisturbedFloors), (row) => values[row]!).filter(Number.isFinite);
  const level = levelOf(read.slice(read.length >> 1));
  return level === undefined ? [] : [{ metric: 'throughput', unit: 'cycles/s', level }];
}

/** The most that was ever resident, under load and at rest. */
function footprintPart(samples: SampleTable): RowPart[] {
  for (const metric of footprintMetrics) {
    const read = (samples.metrics.get(metric) ?? new Float64Array()).filter(Number.isFinite);
    if (read.length === 0) continue;
    const peak = read.reduce((most, value) => Math.max(most, value), 0);
    return [{ metric: 'footprint', unit: 'B', level: { estimate: peak, standardError: 0 } }];
  }
  return [];
}

function latencyParts({ latency = {} }: RunRecord): RowPart[] {
  return Object.entries(latency).flatMap(([phase, summary]) =>
    keptPercentiles.map((percentile) => ({
      metric: `latency.${phase}.${percentile}`,
      unit: 'ms',
      level: { estimate: summary[percentile], standardError: 0 },
    })),
  );
}
