import type { Judgement } from '../model/judgement.js';
import type { StoredRun } from '../model/run-log.js';
import type { AuditEntry, Finding } from '../model/run-record.js';
import { gravest, type RunVerdict } from '../model/verdict.js';
import { curveFindings } from './curves/curve-findings.js';
import { isMemoryMetric } from './decide/judged-metrics.js';
import { slopeFindings } from './decide/reconcile.js';
import { type BaselinedFindings, withBaseline } from './findings/baseline.js';
import { type Delivery, judgeDelivery } from './findings/delivery.js';
import { judgeIdle } from './findings/idle.js';
import { judgePeaks, peakNotes } from './findings/peaks.js';
import { byGravity } from './findings/severity-order.js';

/**
 * Judges a run, finished or not, from its manifest, samples and events alone: the same input gives the same bytes.
 * Missing evidence is `inconclusive` with the reason, never a pass.
 */
export function judge(run: StoredRun): Judgement {
  const delivery = judgeDelivery(run);
  const slopes = run.manifest.curves === undefined ? growthOf(run, delivery) : curveFindings(run);
  const peaks = judgePeaks(run);
  const grows = slopes.some(({ verdict }) => verdict === 'leak');
  const { findings, notes } = againstKnown(run, [
    ...slopes,
    ...judgeIdle(run),
    ...peaks,
    // A target that leaks into its cap and then refuses is reported by its leak.
    ...delivery.findings.filter(({ verdict }) => verdict !== 'refusing' || !grows),
  ]);
  const audit = run.events.flatMap((event) =>
    event.event === 'audit' ? [{ check: event.check, ok: event.ok, detail: event.detail }] : [],
  );
  const grounds = [...eventGrounds(run), ...missingEvidence(run, delivery, findings, audit)];
  const verdict = gravest([...grounds.map((ground) => ground.verdict), ...findings.flatMap(runVerdictOf)]);
  return {
    verdict,
    reason: reasonFor(verdict, grounds, findings),
    findings,
    audit,
    warnings: [
      ...run.events.flatMap((event) => (event.event === 'warning' ? [event.message] : [])),
      ...notes,
      ...delivery.notes,
      ...peakNotes(run, peaks),
    ],
    warmupRounds: Math.max(0, ...findings.filter(isDecisive).map(({ warmupRounds }) => warmupRounds ?? 0)),
  };
}

/**
 * A target that is out of descriptors or connections refuses, and stops growing: of one that refuses in the end, what it
 * did until then may show why.
 */
function growthOf(run: StoredRun, { findings }: Delivery): readonly Finding[] {
  const slopes = slopeFindings(run, run.samples.length);
  const refusedFrom = findings.find(({ verdict }) => verdict === 'refusing')?.step?.atCycles;
  if (refusedFrom === undefined || slopes.some(({ verdict }) => verdict === 'leak')) return slopes;
  const rows = run.samples.cycles.findIndex((cycles) => cycles >= refusedFrom);
  const before = slopeFindings(run, rows);
  return before.some(({ verdict }) => verdict === 'leak') ? before : slopes;
}

function againstKnown({ manifest }: StoredRun, findings: readonly Finding[]): BaselinedFindings {
  const judged =
    manifest.baseline === undefined ? { findings, notes: [] } : withBaseline(findings, manifest.baseline.entry);
  return { ...judged, findings: [...judged.findings].sort(byGravity) };
}

/** Something other than a metric that decides. */
interface Ground {
  readonly verdict: RunVerdict;
  readonly reason: string;
}

function eventGrounds(run: StoredRun): Ground[] {
  return run.events.flatMap((event): Ground[] => {
    if (event.event === 'crashed' || event.event === 'fault') return [{ verdict: 'crashed', reason: event.detail }];
    if (event.event === 'stalled') return [{ verdict: 'stalled', reason: event.detail }];
    if (event.event === 'end' && event.reason === 'interrupted')
      return [{ verdict: 'interrupted', reason: 'interrupted; what was sampled until then is kept' }];
    return [];
  });
}

function missingEvidence(
  run: StoredRun,
  delivery: Delivery,
  findings: readonly Finding[],
  audit: readonly AuditEntry[],
): Ground[] {
  const grounds = audit
    .filter(({ check, ok }) => !ok && isVital(run, check))
    .map(({ check, detail }) => `audit ${check} failed: ${detail}`);
  for (const metric of Object.keys(run.manifest.budgets))
    if (!run.samples.metrics.has(metric)) grounds.push(`${metric} has a budget and was never read; see the audit`);
  if (delivery.notLanded !== undefined) grounds.push(delivery.notLanded);
  const memory = memoryUnjudged(run, findings);
  if (memory !== undefined) grounds.push(memory);
  if (!findings.some((finding) => isDecisive(finding) || finding.verdict === 'known'))
    grounds.push(
      run.samples.length === 0
        ? 'there are no samples: nothing was measured; run again'
        : 'no metric could be judged; run longer, or see the audit for what could not be read',
    );
  return grounds.map((reason) => ({ verdict: 'inconclusive', reason }));
}

/** Whatever else of a process was judged, without its memory nothing shows that it levels off. */
function memoryUnjudged({ manifest, samples }: StoredRun, findings: readonly Finding[]): string | undefined {
  const isJudged = findings.some(({ metric, verdict }) => verdict !== 'advisory' && isMemoryMetric(metric));
  if (manifest.visibility === 'node' || manifest.channels !== undefined || isJudged || samples.length === 0)
    return undefined;
  return manifest.visibility === 'none'
    ? 'the memory of the target cannot be seen: its process is not on this machine, or may not be read; start it with plateau, or give its pid'
    : 'the memory of the target could not be read at enough floors; see the audit for the reason';
}

/** What a machine does not let plateau see is named in the audit; without the heap of a Node target nothing is sound. */
function isVital(run: StoredRun, check: string): boolean {
  if (!check.startsWith('probe:')) return true;
  return check === 'probe:heapUsed' && run.manifest.visibility === 'node';
}

function isDecisive({ verdict }: Finding): boolean {
  return verdict !== 'advisory' && verdict !== 'known';
}

function runVerdictOf({ verdict }: Finding): RunVerdict[] {
  // Growth that is known fails nobody.
  return verdict === 'advisory' ? [] : [verdict === 'known' ? 'plateau' : verdict];
}

/** More than any other where it is not known how many. */
function cyclesWanted({ cyclesToDecide }: Finding): number {
  return cyclesToDecide ?? Number.MAX_SAFE_INTEGER;
}

const namesListed = 3;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, namesListed).join(', ');
  return names.length > namesListed ? `${shown} and ${names.length - namesListed} more` : shown;
}

/** What the time to live of entries costs, where it is known. */
function keptNote(findings: readonly Finding[]): string {
  const kept = findings.find(({ unit, release }) => unit === 'B' && release?.level !== undefined);
  return kept === undefined ? '' : `; ${kept.metric} ${kept.reason.split(';')[0]}`;
}

function reasonFor(verdict: RunVerdict, grounds: readonly Ground[], findings: readonly Finding[]): string {
  const ground = grounds.find((candidate) => candidate.verdict === verdict);
  if (ground !== undefined) return ground.reason;
  const decisive = findings.filter((finding) => finding.verdict === verdict);
  // Of what is undecided, what needs most cycles says how many would decide the run.
  if (verdict === 'inconclusive') decisive.sort((left, right) => cyclesWanted(right) - cyclesWanted(left));
  const known = findings.filter((finding) => finding.verdict === 'known');
  if (verdict === 'plateau' && known.length > 0)
    return `nothing is new: ${listed(known.map(({ metric }) => metric))} ${known.length === 1 ? 'grows' : 'grow'} as in the baseline, ${decisive.length} other judged metrics stay within their budgets`;
  if (verdict === 'plateau')
    return decisive.length === 1
      ? `${decisive[0]!.metric} ${decisive[0]!.reason}`
      : `all ${decisive.length} judged metrics stay within their budgets${keptNote(decisive)}`;
  const others = decisive.length - 1;
  const more = others > 0 ? ` (and ${others} more ${others === 1 ? 'metric' : 'metrics'})` : '';
  return `${decisive[0]!.metric} ${decisive[0]!.reason}${more}`;
}
