import type { Judgement } from '../model/judgement.js';
import type { StoredRun } from '../model/run-log.js';
import type { Finding } from '../model/run-record.js';
import { gravest, type RunVerdict } from '../model/verdict.js';
import { lookSchedule } from './looks.js';
import { decideMetric, findingOf, judgedMetrics } from './metric-judgement.js';

/**
 * Judges a run, finished or not, from its manifest, samples and events alone: the same input gives the same bytes.
 * Missing evidence is `inconclusive` with the reason, never a pass.
 */
export function judge(run: StoredRun): Judgement {
  const looks = lookSchedule(run.samples);
  const whole = looks.at(-1) === run.samples.length ? looks : [...looks, run.samples.length];
  return judgeAt(run, whole);
}

/** Judges what the given looks have seen. */
export function judgeAt(run: StoredRun, looks: readonly number[]): Judgement {
  const judged = judgedMetrics(run);
  const decisive = judged.filter((metric) => metric.decisive).length;
  const findings = judged
    .map((metric) =>
      findingOf(
        metric,
        decideMetric(metric, looks, { confidence: run.manifest.parameters.confidence, metrics: decisive }),
        run.manifest.operations,
      ),
    )
    .sort(byGravity);
  const events = eventVerdicts(run);
  const audit = run.events.flatMap((event) =>
    event.event === 'audit' ? [{ check: event.check, ok: event.ok, detail: event.detail }] : [],
  );
  const verdicts: RunVerdict[] = [...events.map(({ verdict }) => verdict), ...findings.flatMap(runVerdictOf)];
  if (audit.some(({ ok }) => !ok)) verdicts.push('inconclusive');
  const verdict = gravest(verdicts);
  return {
    verdict,
    reason: reasonOf(verdict, findings, events, audit),
    findings,
    audit,
    warnings: run.events.flatMap((event) => (event.event === 'warning' ? [event.message] : [])),
    warmupRounds: Math.max(0, ...findings.map((finding) => finding.warmupRounds ?? 0)),
  };
}

interface EventVerdict {
  readonly verdict: RunVerdict;
  readonly reason: string;
}

function eventVerdicts(run: StoredRun): readonly EventVerdict[] {
  return run.events.flatMap((event): EventVerdict[] => {
    if (event.event === 'crashed' || event.event === 'fault') return [{ verdict: 'crashed', reason: event.detail }];
    if (event.event === 'stalled') return [{ verdict: 'stalled', reason: event.detail }];
    if (event.event === 'end' && event.reason === 'interrupted')
      return [{ verdict: 'interrupted', reason: 'interrupted; what was sampled until then is kept' }];
    return [];
  });
}

function runVerdictOf(finding: Finding): RunVerdict[] {
  return finding.verdict === 'advisory' || finding.verdict === 'known' ? [] : [finding.verdict];
}

function reasonOf(
  verdict: RunVerdict,
  findings: readonly Finding[],
  events: readonly EventVerdict[],
  audit: Judgement['audit'],
): string {
  const event = events.find((candidate) => candidate.verdict === verdict);
  if (event !== undefined) return event.reason;
  const failed = audit.find(({ ok }) => !ok);
  if (verdict === 'inconclusive' && failed !== undefined) return `${failed.check}: ${failed.detail}`;
  const deciding = findings.find((finding) => finding.verdict === verdict);
  if (deciding === undefined) return 'no metric could be judged: there are no floor samples; run longer';
  if (verdict === 'plateau') return 'every judged metric levels off within its budget';
  return `${deciding.metric} ${deciding.reason}`;
}

const order = ['leak', 'stalled', 'refusing', 'spinning', 'inconclusive', 'plateau', 'known', 'advisory'];

function byGravity(left: Finding, right: Finding): number {
  return order.indexOf(left.verdict) - order.indexOf(right.verdict);
}
