import type { RuleName } from '../../model/rule.js';
import type { StoredRun } from '../../model/run-log.js';
import type { DeliveryFinding } from '../../model/run-record.js';
import { drivenFloors, type FloorSeries, floorsMin, rowsOf, seriesOf } from '../series/floors.js';
import { median } from '../statistics/order-statistics.js';

/** Rounds in a row that a collapse must last. */
const lastingRounds = 4;
/** How many times as long as any that the target came back from: one that refused for 1 s of each 4 was condemned after 0.7 s. */
const lastingTimes = 2;
/** Limits of requests and restarts of what a service depends on are over within some seconds: a run that goes on waits for that. */
const recoveryMs = 5_000;
/** Throughput below this share of what it was has stopped. */
const stoppedShare = 0.02;
/** A success rate that fell below this share of what it was is a refusal. */
const refusedShare = 0.6;
/** A load of which less succeeded never landed: nothing can be said of the target under it. */
export const landedShareMin = 0.5;
/** Of a rate, less is said: clocks and a busy machine account for some percent. */
const rateShareMin = 0.9;

export interface Delivery {
  readonly findings: readonly DeliveryFinding[];
  /** Why the load says nothing, when it does not. */
  readonly notLanded: string | undefined;
  /** What else the reader should know of it. */
  readonly notes: readonly string[];
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
  if (success !== undefined && collapsed(success, refusedShare) && early(success) >= landedShareMin)
    findings.push(
      levelFinding(run, 'successRate', success, { verdict: 'refusing', share: refusedShare, unit: 'ratio' }),
    );
  const rate = rateTaken(run, throughput);
  const notLanded = landing(run, success, throughput) ?? rate?.notLanded;
  return {
    findings,
    notLanded: findings.length > 0 ? undefined : notLanded,
    notes: rate === undefined ? [] : [rate.note],
  };
}

/** @returns undefined where no rate was asked for, or the target takes it */
function rateTaken(run: StoredRun, throughput: FloorSeries | undefined) {
  const { ratePerSecond } = run.manifest.parameters;
  const taken = floorsOf(run, 'landedShare');
  if (ratePerSecond === undefined || taken === undefined || throughput === undefined) return undefined;
  const share = median(taken.values);
  if (share >= rateShareMin) return undefined;
  const percent = `${Math.round(share * 100)} %`;
  const pace = Math.round(median(throughput.values)).toLocaleString('en');
  const note = `the target takes ${percent} of the ${ratePerSecond.toLocaleString('en')} cycles a second that are asked for; ${pace} a second were driven`;
  const limit = `at least ${landedShareMin * 100} % are needed; ask for fewer cycles a second`;
  return { note, notLanded: share < landedShareMin ? `the load did not land: ${note}, ${limit}` : undefined };
}

function floorsOf(run: StoredRun, metric: string): FloorSeries | undefined {
  const values = run.samples.metrics.get(metric);
  if (values === undefined) return undefined;
  const series = seriesOf(run.samples, values, rowsOf(run.samples, drivenFloors));
  return series.values.length < floorsMin ? undefined : series;
}

/** What it was at first; a small cap may be reached after a few rounds. */
function early({ values }: FloorSeries): number {
  const third = Math.floor(values.length / 3);
  return Math.max(...[lastingRounds, third].map((rounds) => median(values.subarray(0, rounds))));
}

function collapsed(series: FloorSeries, share: number): boolean {
  const { rounds, ms, longestBeforeMs } = collapseOf(series, share);
  return rounds >= lastingRounds && ms > lastingTimes * longestBeforeMs;
}

/** A load that does not arrive at present, and may do so again. */
export function mayRecover(run: StoredRun): boolean {
  return Object.entries({ throughput: stoppedShare, successRate: refusedShare }).some(([metric, share]) => {
    const series = floorsOf(run, metric);
    const { rounds, ms } = series === undefined ? noCollapse : collapseOf(series, share);
    return rounds > 0 && ms < recoveryMs;
  });
}

interface Collapse {
  /** Of those at the end. */
  readonly rounds: number;
  readonly ms: number;
  /** Of a collapse that was over before. */
  readonly longestBeforeMs: number;
}

const noCollapse: Collapse = { rounds: 0, ms: 0, longestBeforeMs: 0 };

function collapseOf(series: FloorSeries, share: number): Collapse {
  const { values, elapsedMs } = series;
  const limit = early(series) * share;
  let { rounds, ms, longestBeforeMs } = noCollapse;
  for (let floor = 0; floor < values.length; floor += 1) {
    if (values[floor]! >= limit) {
      longestBeforeMs = Math.max(longestBeforeMs, ms);
      rounds = ms = 0;
    } else {
      ms += rounds === 0 ? 0 : elapsedMs[floor]! - elapsedMs[floor - 1]!;
      rounds += 1;
    }
  }
  return { rounds, ms, longestBeforeMs };
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
  if (share < landedShareMin)
    return `the load did not land: ${Math.round(share * 100)} % of the cycles succeeded, at least ${landedShareMin * 100} % are needed; see the failures`;
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
