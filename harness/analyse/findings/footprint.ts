import { type MetricChannel, metricDefinition, parentMetric } from '../../model/metric.js';
import type { StoredRun } from '../../model/run-log.js';
import type { Footprint } from '../../model/run-record.js';
import { withoutCode } from '../decide/judged-metrics.js';
import { rowsOf, undisturbedFloors } from '../series/floors.js';
import { around } from '../statistics/combined-intervals.js';
import { mean } from '../statistics/order-statistics.js';
import { studentQuantile } from '../statistics/student-t.js';
import { roundedBounds } from './finding.js';

const repeatsMin = 3;
const shown: ReadonlySet<MetricChannel> = new Set(['bytes', 'count', 'advisory']);
/** Pages are the same memory again, seen from outside. */
const notShown: ReadonlySet<string> = new Set(['pss', 'uss']);
/** Bytes an object below this are what the harness' own table takes. */
const bytesMin = 1;

/** Floors before, with and after the objects of one hold. */
interface Hold {
  readonly before: number;
  readonly during: number;
  readonly after: number;
  readonly objects: number;
}

/** What one live object of each operation costs, and what it leaves behind; undefined where none were held. */
export function footprintOf(run: StoredRun): Footprint[] | undefined {
  const found = run.manifest.operations.flatMap((operation) => {
    const holds = holdsOf(run, operation).slice(1);
    return holds.length < repeatsMin ? [] : [footprintOfOperation(run, operation, holds)];
  });
  return found.length === 0 ? undefined : found;
}

/** Each hold is three floors: none held, some held, none held. */
function holdsOf({ samples }: StoredRun, operation: string): Hold[] {
  const held = samples.metrics.get(`held.${operation}`);
  const holds: Hold[] = [];
  if (held === undefined) return holds;
  for (let row = 1; row + 1 < samples.length; row += 1)
    if (samples.phases[row] === 'hold' && held[row]! > 0 && held[row - 1] === 0 && held[row + 1] === 0)
      holds.push({ before: row - 1, during: row, after: row + 1, objects: held[row]! });
  return holds;
}

function footprintOfOperation(run: StoredRun, operation: string, holds: readonly Hold[]): Footprint {
  const metrics = [...run.samples.metrics.keys()].filter(isTold).flatMap((metric) => {
    const values = valuesOf(run, metric);
    const live = holds.map(({ before, during, objects }) => (values[during]! - values[before]!) / objects);
    const residue = holds.map(({ before, after, objects }) => (values[after]! - values[before]!) / objects);
    if (![...live, ...residue].every(Number.isFinite)) return [];
    const { confidence } = run.manifest.parameters;
    return [
      {
        metric,
        unit: metricDefinition(metric)!.unit,
        live: bounded(live, confidence),
        residue: bounded(residue, confidence),
      },
    ];
  });
  return {
    operation,
    objects: Math.round(mean(holds.map(({ objects }) => objects))),
    repeats: holds.length,
    confidence: run.manifest.parameters.confidence,
    metrics: metrics.filter(({ unit, live, residue }) => {
      const least = unit === 'B' ? bytesMin : 0;
      return Math.max(Math.abs(live.estimate), Math.abs(residue.estimate)) > least;
    }),
  };
}

function isTold(metric: string): boolean {
  const channel = metricDefinition(metric)?.channel;
  return channel !== undefined && shown.has(channel) && !notShown.has(metric) && parentMetric(metric) === undefined;
}

/** The heap as it is judged: code that is compiled while objects are held is none of theirs. */
function valuesOf(run: StoredRun, metric: string): Float64Array {
  const values = run.samples.metrics.get(metric)!;
  return metric === 'heapUsed' ? withoutCode(run, values, rowsOf(run.samples, undisturbedFloors)) : values;
}

function bounded(values: readonly number[], confidence: number) {
  const estimate = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - estimate) ** 2, 0) / (values.length - 1);
  const reach = studentQuantile((1 + confidence) / 2, values.length - 1) * Math.sqrt(variance / values.length);
  return roundedBounds(around(estimate, reach));
}
