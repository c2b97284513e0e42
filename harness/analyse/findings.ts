import type { StoredRun } from '../model/run-log.js';
import type { Finding } from '../model/run-record.js';
import { findingOf } from './finding.js';
import { byTime } from './growth-by-time.js';
import { decideMetric, errorRates, type JudgedMetric, judgedMetrics } from './metric-judgement.js';
import { judgeNativeMemory, nativeSentence } from './native-memory.js';
import { afterRest } from './release.js';
import type { ErrorRates } from './slope-decision.js';
import { type Judged, weighed } from './weighed.js';
import { wholeOf } from './yardstick.js';

/** Parts of a leaking metric that are worth a finding of their own. */
const mostParts = 5;
/** A part is told beside its whole when it accounts for at least this share of the growth. */
const leastPart = 0.05;

/** Every metric that is judged by its slope, as seen until a row of the table; unordered. */
export function slopeFindings(run: StoredRun, rowCount: number): readonly Finding[] {
  const metrics = judgedMetrics(run, rowCount);
  const rates = errorRates(run.manifest.parameters.confidence, metrics.filter(({ decisive }) => decisive).length);
  const decided = metrics
    .filter(({ channel, decisive }) => channel !== 'advisory' || decisive)
    .map((metric) => ({ metric, decision: decideMetric(metric, rates) }));
  const judged = weighed(decided).map(({ metric, decision }) => ({
    metric,
    decision: afterRest(byTime(run, metric, decision), metric),
  }));
  const isPart = ({ metric }: Judged) => !metric.decisive && wholeOf(metric.yardstick.metric) !== undefined;
  const wholes = judged.filter((one) => !isPart(one));
  const parts = judged.filter(isPart);
  return [
    ...wholes
      .filter((whole) => !explainedByBuffers(whole, wholes))
      .map(({ metric, decision }) => findingOf(run, metric, decision)),
    ...tellingParts(run, wholes, parts),
    ...nativeFindings(run, metrics, wholes, rates),
  ];
}

/** `external` contains array buffers: their leak is told once. */
function explainedByBuffers({ metric, decision }: Judged, wholes: readonly Judged[]): boolean {
  if (metric.yardstick.metric !== 'external' || decision.state !== 'leak') return false;
  const buffers = wholes.find((whole) => whole.metric.yardstick.metric === 'arrayBuffers')?.decision;
  return buffers?.state === 'leak' && buffers.slope.estimate > 0.8 * decision.slope.estimate;
}

/** Breakdowns (`fds.file`, `objects.Session`) of what leaks, and those that leak while their whole hides it. */
function tellingParts(run: StoredRun, wholes: readonly Judged[], parts: readonly Judged[]): Finding[] {
  const growing = new Map<string, Judged[]>();
  for (const part of parts) {
    if (part.decision.state !== 'leak') continue;
    const parent = wholeOf(part.metric.yardstick.metric)!;
    growing.set(parent, [...(growing.get(parent) ?? []), part]);
  }
  return [...growing].flatMap(([parent, candidates]) => {
    const whole = wholes.find(({ metric }) => metric.yardstick.metric === parent)?.decision;
    const least = whole?.state === 'leak' ? whole.slope.estimate * leastPart : 0;
    return candidates
      .filter(({ decision }) => decision.slope.estimate >= least && whole?.release === undefined)
      .sort((left, right) => right.decision.slope.estimate - left.decision.slope.estimate)
      .slice(0, mostParts)
      .map(({ metric, decision }) => findingOf(run, { ...metric, decisive: true }, decision));
  });
}

function nativeFindings(
  run: StoredRun,
  metrics: readonly JudgedMetric[],
  wholes: readonly Judged[],
  rates: ErrorRates,
): Finding[] {
  const threadsLeak = wholes.some(
    ({ metric, decision }) => metric.yardstick.metric === 'threads' && decision.state === 'leak',
  );
  const native = judgeNativeMemory(metrics, rates, threadsLeak);
  if (native === undefined) return [];
  const finding = findingOf(run, native.metric, native.decision);
  const verdict = native.kind === 'leak' ? 'leak' : native.kind === 'suspicion' ? 'inconclusive' : 'advisory';
  return [{ ...finding, verdict, reason: nativeSentence(native, finding.reason) }];
}
