import { type MetricChannel, metricDefinition, parentMetric } from '../model/metric.js';
import type { StoredRun } from '../model/run-log.js';
import type { Finding } from '../model/run-record.js';
import { decideBytes, type ErrorRates, tooFewFloors } from './byte-channel.js';
import type { Decision } from './decision.js';
import { decideCounts } from './exact-channel.js';
import { drivenFloors, type FloorSeries, rowsOf, seriesOf, seriesUntil, undisturbedFloors } from './floors.js';
import { sentenceOf } from './sentence.js';
import { type Yardstick, yardstickOf } from './yardstick.js';

/** Looks that the error rate is shared out over; later ones are rarer than any run is long. */
const looksBudgeted = 8;

/** A metric of a run with what it is measured against. */
export interface JudgedMetric {
  readonly yardstick: Yardstick;
  readonly series: FloorSeries;
  /** Decides the run's verdict; others are shown beside it. */
  readonly decisive: boolean;
}

/** Metrics of a run that are judged by their slope, in the order of the samples. */
export function judgedMetrics(run: StoredRun): readonly JudgedMetric[] {
  const judged: JudgedMetric[] = [];
  const undisturbed = rowsOf(run.samples, undisturbedFloors);
  const driven = rowsOf(run.samples, drivenFloors);
  for (const [metric, values] of run.samples.metrics) {
    const channel = channelOf(run, metric);
    if (channel === undefined) continue;
    const counts = channel === 'count';
    const judgedValues = metric === 'heapUsed' ? withoutCode(run, values) : values;
    const series = seriesOf(run.samples, judgedValues, counts ? driven : undisturbed);
    if (series.values.length === 0) continue;
    const decisive = channel !== 'advisory' && parentMetric(metric) === undefined;
    judged.push({ yardstick: yardstickOf(run.manifest, metric, channel), series, decisive });
  }
  return judged;
}

function channelOf(run: StoredRun, metric: string): MetricChannel | undefined {
  const channel = metricDefinition(metric)?.channel;
  if (channel === undefined || channel === 'context' || channel === 'idle') return undefined;
  if (channel === 'advisory') return run.manifest.visibility === 'outside' ? 'bytes' : 'advisory';
  if (metric.startsWith('gauge.') && run.manifest.gauges[metric.slice('gauge.'.length)]?.kind === 'counter')
    return undefined;
  return channel;
}

/** Compiled code comes and goes with the JIT; it is no object that anybody holds. */
function withoutCode(run: StoredRun, heapUsed: Float64Array): Float64Array {
  const code = run.samples.metrics.get('heapCode');
  return code === undefined ? heapUsed : heapUsed.map((value, row) => value - (code[row] ?? 0));
}

/** What a metric is judged to do after the rows of each look; a leak needs two looks in a row. */
export function decideMetric(
  metric: JudgedMetric,
  looks: readonly number[],
  { confidence, metrics }: { readonly confidence: number; readonly metrics: number },
): Decision {
  const shared = (1 - confidence) / (looksBudgeted * Math.max(1, metrics));
  const rates: ErrorRates = { leak: Math.sqrt(shared), plateau: (1 - confidence) / looksBudgeted };
  const decide = metric.yardstick.channel === 'count' ? decideCounts : decideBytes;
  const last = looks.at(-1);
  if (last === undefined) return tooFewFloors(metric.series, metric.yardstick);
  return decide(seriesUntil(metric.series, last), metric.yardstick, rates);
}

export function findingOf(metric: JudgedMetric, decision: Decision, operations: readonly string[]): Finding {
  const { unit } = metric.yardstick;
  const { values } = metric.series;
  const operation = operations.length === 1 ? operations[0]! : undefined;
  const verdict = decision.state === 'undecided' ? 'inconclusive' : decision.state;
  return {
    metric: metric.yardstick.metric,
    unit,
    ...(operation !== undefined && { operation }),
    ...(decision.state === 'leak' && { driver: 'operation' as const }),
    verdict: metric.decisive ? verdict : 'advisory',
    shape: decision.shape,
    slope: { ...decision.slope, unit: `${unit}/cycle` },
    confidence: decision.confidence,
    budget: decision.budget,
    detectionFloor: decision.detectionFloor ?? null,
    first: values[0]!,
    last: values.at(-1)!,
    rounds: decision.floors,
    warmupRounds: decision.warmupFloors,
    reason: sentenceOf(decision, unit, operation ?? 'cycle'),
    ...(decision.step !== undefined && { step: decision.step }),
    ...(decision.saturation !== undefined && { saturation: decision.saturation }),
    ...(decision.periodCycles !== undefined && { periodCycles: decision.periodCycles }),
    ...(decision.cyclesToDecide !== undefined &&
      decision.state === 'undecided' && { cyclesToDecide: Math.ceil(decision.cyclesToDecide) }),
  };
}
