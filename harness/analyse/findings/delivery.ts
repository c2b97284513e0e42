import type { RuleName } from '../../model/rule.js';
import type { StoredRun } from '../../model/run-log.js';
import type { DeliveryFinding } from '../../model/run-record.js';
import { drivenFloors, type FloorSeries, rowsOf, seriesOf } from '../series/floors.js';
import { median } from '../statistics/order-statistics.js';

/** Rounds in a row that a collapse must last. */
const lastingRounds = 4;
const roundsMin = 8;
/** Throughput below this share of what it was has stopped. */
const stoppedShare = 0.02;
/** A success rate that fell below this share of what it was is a refusal. */
const refusedShare = 0.6;
/** A load of which less succeeded never landed: nothing can be said of the target under it. */
export const landedLeast = 0.5;

export interface Delivery {
  readonly findings: readonly DeliveryFinding[];
  /** Why the load says nothing, when it does not. */
  readonly notLanded: string | undefined;
}

/** Whether the load arrived: throughput that stops, success that falls although nothing else changed. */
export function judgeDelivery(run: StoredRun): Delivery {
  const throughput = floorsOf(run, 'throughput');
  const success = floorsOf(run, 'successRate');
  const findings: DeliveryFinding[] = [];
  if (throughput !== undefined && collapsed(throughput, stoppedShare))
    findings.push(
      levelFinding(run, 'throughput', throughput, { verdict: 'stalled', share: stoppedShare, unit: 'cycles/s' }),
    );
  if (success !== undefined && collapsed(success, refusedShare) && early(success) >= landedLeast)
    findings.push(
      levelFinding(run, 'successRate', success, { verdict: 'refusing', share: refusedShare, unit: 'ratio' }),
    );
  return { findings, notLanded: findings.length > 0 ? undefined : landing(run, success, throughput) };
}

function floorsOf(run: StoredRun, metric: string): FloorSeries | undefined {
  const values = run.samples.metrics.get(metric);
  if (values === undefined) return undefined;
  const series = seriesOf(run.samples, values, rowsOf(run.samples, drivenFloors));
  return series.values.length < roundsMin ? undefined : series;
}

/** What it was at first; a small cap may be reached after a few rounds. */
function early({ values }: FloorSeries): number {
  const third = Math.floor(values.length / 3);
  return Math.max(...[lastingRounds, third].map((rounds) => median(values.subarray(0, rounds))));
}

function collapsed(series: FloorSeries, share: number): boolean {
  const limit = early(series) * share;
  return limit > 0 && series.values.subarray(-lastingRounds).every((value) => value < limit);
}

function landing(
  run: StoredRun,
  success: FloorSeries | undefined,
  throughput: FloorSeries | undefined,
): string | undefined {
  const counts = run.events.findLast((event) => event.event === 'counts');
  const share =
    success !== undefined
      ? median(success.values)
      : counts !== undefined && counts.created + counts.failed > 0
        ? counts.created / (counts.created + counts.failed)
        : 1;
  if (share < landedLeast)
    return `the load did not land: ${Math.round(share * 100)} % of the cycles succeeded, at least ${landedLeast * 100} % are needed; see the failures`;
  if (throughput !== undefined && median(throughput.values) === 0)
    return 'the load did not land: no cycle was driven; see the failures';
  return undefined;
}

const ruleOfCollapse = { stalled: 'throughput-collapsed', refusing: 'success-collapsed' } satisfies Record<
  string,
  RuleName
>;

function levelFinding(
  run: StoredRun,
  metric: string,
  series: FloorSeries,
  { verdict, share, unit }: { readonly verdict: 'stalled' | 'refusing'; readonly share: number; readonly unit: string },
): DeliveryFinding {
  const before = early(series);
  const now = median(series.values.subarray(-lastingRounds));
  const since = collapseStart(series, before * share);
  const what = metric === 'throughput' ? 'cycles a second' : 'of the cycles succeeding';
  const shown = (value: number) => (metric === 'throughput' ? value.toPrecision(3) : `${Math.round(value * 100)} %`);
  return {
    kind: 'delivery',
    metric,
    unit,
    ...(run.manifest.operations.length === 1 && { operation: run.manifest.operations[0]! }),
    verdict,
    shape: 'falling',
    slope: { estimate: now, low: now, high: before, unit },
    confidence: run.manifest.parameters.confidence,
    budget: before * share,
    detectionFloor: null,
    first: before,
    last: now,
    rounds: series.values.length,
    rule: { name: ruleOfCollapse[verdict], numbers: { before, now, collapsedBelow: before * share } },
    reason: `from ${shown(before)} ${what} to ${shown(now)} after ${since} cycles`,
    step: { atCycles: since, height: now - before },
  };
}

function collapseStart({ values, cycles }: FloorSeries, limit: number): number {
  let start = values.length - 1;
  while (start > 0 && values[start - 1]! < limit) start -= 1;
  return cycles[start]!;
}
