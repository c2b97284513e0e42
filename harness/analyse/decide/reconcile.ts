import { type Contents, metricDefinition, metricDefinitions, parentMetric } from '../../model/metric.js';
import type { StoredRun } from '../../model/run-log.js';
import type { Finding } from '../../model/run-record.js';
import { findingOf } from '../findings/finding.js';
import { lookSchedule, testsAmong } from '../next/looks.js';
import { levelAtRest } from '../series/rest-spans.js';
import { decide, decideDriven } from './decide.js';
import type { Decision } from './decision.js';
import { errorRates } from './error-rates.js';
import { type Beside, Evidence } from './evidence.js';
import { type JudgedMetric, judgedMetrics } from './judged-metrics.js';
import { judgePages, pagesSentence } from './native-memory.js';

/** Parts of a leaking metric that are worth a finding of their own. */
const partsMax = 5;
/** A part is shown beside its whole when it accounts for at least this share of the growth. */
const partShareMin = 0.05;

/** Metrics that only the census reads. */
const countedLast = metricDefinitions()
  .filter(({ name, readIn }) => readIn === 'census' && parentMetric(name) === undefined)
  .map(({ name }) => name);

interface Judged {
  readonly metric: JudgedMetric;
  readonly decision: Decision;
}

/**
 * Every metric that is judged by its slope, as seen until a row of the table; unordered. Each metric is decided once, in
 * the light of what the others show; then parts and wholes are reconciled, so that one cause is reported once.
 */
export function slopeFindings(run: StoredRun, rowCount: number): readonly Finding[] {
  const metrics = judgedMetrics(run, rowCount);
  const rates = ratesOf(run, metrics, rowCount);
  const decidable = metrics.filter(({ channel, decisive }) => channel !== 'advisory' || decisive);
  const alone = new Map(decidable.map((metric) => [metric, new Evidence(run, metric, rates(metric))]));
  const judged = decideAll(alone);
  const isPart = ({ metric }: Judged) => !metric.decisive && parentMetric(metric.tolerance.metric) !== undefined;
  const wholes = judged.filter((one) => !isPart(one));
  const parts = judged.filter(isPart);
  return [
    ...wholes
      .filter((whole) => !isExplainedByContents(whole, wholes, run))
      .map(({ metric, decision }) => findingOf(run, metric, decision)),
    ...decisiveParts(run, wholes, parts),
    ...pagesFindings(run, metrics, wholes, (metric) => alone.get(metric) ?? new Evidence(run, metric, rates(metric))),
  ];
}

/** The error of the run, shared by all that can decide it: also by what is counted last, so that no share shrinks meanwhile. */
function ratesOf(run: StoredRun, metrics: readonly JudgedMetric[], rowCount: number) {
  const { parameters, visibility, channels } = run.manifest;
  const decisive = new Set(metrics.filter((metric) => metric.decisive).map(({ tolerance }) => tolerance.metric));
  if (visibility === 'node' && channels === undefined) for (const metric of countedLast) decisive.add(metric);
  // What somebody else recorded is looked at once.
  const looks = channels === undefined ? lookSchedule(run.samples, rowCount) : [];
  return ({ series }: JudgedMetric) =>
    errorRates(parameters.confidence, decisive.size, Math.max(1, testsAmong(looks, series.rows)));
}

/**
 * Entries that leaked while they were driven, and that a rest or the cause cleared, make nothing a leak that grows beside
 * them. What a rest gave back of that, it gave back all the same.
 */
function decideAll(alone: ReadonlyMap<JudgedMetric, Evidence>): Judged[] {
  const beside = besideOf(alone);
  const judged = [...alone].map(([metric, evidence]) => ({ metric, decision: decide(evidence.inTheLightOf(beside)) }));
  const isByEntries = ({ decision: { state, rule } }: Judged) =>
    state === 'leak' && rule.name === 'held-by-leaking-entries';
  if (judged.some((one) => isCounted(one.metric) && one.decision.state === 'leak' && !isByEntries(one))) return judged;
  const cleared = { ...beside, entriesLeak: false };
  return judged.map((one) =>
    isByEntries(one) ? { ...one, decision: decide(alone.get(one.metric)!.inTheLightOf(cleared)) } : one,
  );
}

function isCounted({ decisive, channel }: JudgedMetric): boolean {
  return decisive && channel === 'count';
}

/** What each metric shows by itself that the others must know. */
function besideOf(alone: ReadonlyMap<JudgedMetric, Evidence>): Beside {
  const entriesLeak = [...alone].some(
    ([metric, evidence]) => isCounted(metric) && decideDriven(evidence).state === 'leak',
  );
  const heap = [...alone].find(([{ tolerance }]) => tolerance.metric === 'heapUsed')?.[1];
  const decision = heap === undefined ? undefined : decideDriven(heap);
  return {
    entriesLeak,
    ...(heap !== undefined &&
      decision?.state === 'plateau' &&
      !hasRisenSince(heap.metric) && { heapBytesPerCycleMax: decision.slope.high }),
  };
}

/** Growth that sets in while objects are counted is in no floor that judged the heap; a rest afterwards shows it. */
function hasRisenSince({ rests, series, tolerance }: JudgedMetric): boolean {
  const last = rests.at(-1);
  return last !== undefined && levelAtRest(last) - series.values.at(-1)! > tolerance.leakAllowance;
}

const none: Contents = { metrics: [], shareMin: 1 };

/** What a metric contains surely grows by most of what the metric does: one leak is reported once. */
function isExplainedByContents(
  { metric, decision }: Judged,
  wholes: readonly Judged[],
  { manifest }: StoredRun,
): boolean {
  const { contents, inNode } = metricDefinition(metric.tolerance.metric) ?? {};
  const { metrics, shareMin } = (manifest.visibility === 'node' ? inNode?.contents : undefined) ?? contents ?? none;
  // Most metrics contain no other: a scenario may have thousands of gauges, and none is compared with all.
  if (decision.state === 'plateau' || metrics.length === 0) return false;
  const known = wholes
    .filter((whole) => metrics.includes(whole.metric.tolerance.metric))
    .reduce((sum, whole) => sum + Math.max(0, whole.decision.slope.low), 0);
  return known > 0 && known > shareMin * decision.slope.estimate;
}

/** Breakdowns (`fds.file`, `objects.Session`) of what leaks, and those that leak while their whole hides it. */
function decisiveParts(run: StoredRun, wholes: readonly Judged[], parts: readonly Judged[]): Finding[] {
  const growing = new Map<string, Judged[]>();
  for (const part of parts) {
    if (part.decision.state !== 'leak') continue;
    const parent = parentMetric(part.metric.tolerance.metric)!;
    growing.set(parent, [...(growing.get(parent) ?? []), part]);
  }
  return [...growing].flatMap(([parent, candidates]) => {
    const whole = wholes.find(({ metric }) => metric.tolerance.metric === parent)?.decision;
    const growthMin = whole?.state === 'leak' ? whole.slope.estimate * partShareMin : 0;
    return candidates
      .filter(({ decision }) => decision.slope.estimate >= growthMin && whole?.release === undefined)
      .sort((left, right) => right.decision.slope.estimate - left.decision.slope.estimate)
      .slice(0, partsMax)
      .map(({ metric, decision }) => findingOf(run, { ...metric, decisive: true }, decision));
  });
}

function pagesFindings(
  run: StoredRun,
  metrics: readonly JudgedMetric[],
  wholes: readonly Judged[],
  evidenceOf: (metric: JudgedMetric) => Evidence,
): Finding[] {
  const threadsLeak = wholes.some(
    ({ metric, decision }) => metric.tolerance.metric === 'threads' && decision.state === 'leak',
  );
  return judgePages(metrics, evidenceOf, threadsLeak).map(({ metric, decision }) => {
    const finding = findingOf(run, metric, decision);
    const isSuspicious = decision.rule.name === 'pages-may-outgrow-the-heap';
    const verdict = decision.state === 'leak' ? 'leak' : isSuspicious ? 'inconclusive' : 'advisory';
    return { ...finding, verdict, reason: pagesSentence(metric.tolerance.metric, decision, finding.reason) };
  });
}
