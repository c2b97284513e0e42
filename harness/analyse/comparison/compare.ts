import {
  byComparisonGravity,
  type ComparedRun,
  type Comparison,
  type ComparisonOptions,
  type ComparisonWord,
  comparisonSchemaVersion,
  exitCodeOfComparison,
  type MetricComparison,
  type PerformanceComparison,
  type RunDifference,
} from '../../model/comparison.js';
import { PlateauError } from '../../model/errors.js';
import type { Manifest, StoredRun } from '../../model/run-log.js';
import type { RunRecord } from '../../model/run-record.js';
import { footprintOf } from '../findings/footprint.js';
import { judge } from '../judge.js';
import { comparedMetrics, type JudgedRun } from './compared-metrics.js';
import { comparedRecords } from './compared-records.js';
import { compareCosts } from './costs.js';
import { comparedPeaks } from './peaks.js';
import { comparePerformance } from './performance.js';
import { differencesOf, type RunFacts } from './run-differences.js';

/**
 * What changed from one run to another: each metric's growth, throughput and latency, and how the runs themselves
 * differ. A pure function of both.
 * @throws {PlateauError} `PLATEAU_NOT_COMPARABLE` where a difference voids the comparison and `force` is not set
 */
export function compareRuns(before: StoredRun, after: StoredRun, options: ComparisonOptions = {}): Comparison {
  const differences = differencesOf(factsOf(before), factsOf(after));
  refuse(differences, options);
  const confidence =
    options.confidence ?? Math.min(before.manifest.parameters.confidence, after.manifest.parameters.confidence);
  const sides = [before, after].map(judgedAlone) as [JudgedRun, JudgedRun];
  const metrics = [...comparedMetrics(...sides, confidence), ...comparedPeaks(...sides)].sort(byGravity);
  const interleaved = options.interleaved ?? tookTurns(before.manifest, after.manifest);
  const performance = comparePerformance(before, after, { confidence, interleaved });
  const runs = { before: comparedRun(sides[0]), after: comparedRun(sides[1]) };
  const costs = compareCosts(footprintOf(before), footprintOf(after));
  return concluded({ ...runs, confidence, interleaved, metrics, performance, ...costs, differences });
}

/** A run's own judgement: what a baseline knows of is growth all the same. */
function judgedAlone(run: StoredRun): JudgedRun {
  const { baseline: _, ...manifest } = run.manifest;
  return { run, judgement: judge({ ...run, manifest }) };
}

/**
 * The same of two records whose samples are gone: by the intervals of their findings, which each run drew by itself, and
 * without throughput.
 * @throws {PlateauError} `PLATEAU_NOT_COMPARABLE`
 */
export function compareRecords(before: RunRecord, after: RunRecord, options: ComparisonOptions = {}): Comparison {
  const differences = differencesOf(recordFacts(before), recordFacts(after));
  refuse(differences, options);
  return concluded({
    before: recordedRun(before),
    after: recordedRun(after),
    confidence: Math.min(...[...before.findings, ...after.findings].map(({ confidence }) => confidence), 1),
    interleaved: options.interleaved ?? false,
    metrics: comparedRecords(before, after).sort(byGravity),
    performance: [],
    ...compareCosts(before.footprint, after.footprint),
    differences,
  });
}

function recordFacts(record: RunRecord): RunFacts {
  const operations = new Set(Object.keys(record.latency ?? {}).map((phase) => phase.slice(0, phase.lastIndexOf('.'))));
  return { ...record, operations: [...operations].sort() };
}

function recordedRun({
  id,
  scenario,
  defects,
  seed,
  startedAt,
  command,
  verdict,
  reason,
  counts,
  parameters: { readings },
}: RunRecord): ComparedRun {
  return {
    id,
    scenario,
    defects,
    seed,
    startedAt,
    command,
    verdict,
    reason,
    cycles: counts.cycles,
    ...(typeof readings === 'number' && { readings }),
    failed: counts.failed,
    basis: 'record',
  };
}

function tookTurns(before: Manifest, after: Manifest): boolean {
  return before.pair?.id === after.id && after.pair?.id === before.id;
}

type Evidence = Pick<
  Comparison,
  | 'before'
  | 'after'
  | 'confidence'
  | 'interleaved'
  | 'metrics'
  | 'performance'
  | 'footprint'
  | 'residue'
  | 'differences'
>;

function concluded(evidence: Evidence): Comparison {
  const verdict = verdictOf(evidence);
  return {
    schemaVersion: comparisonSchemaVersion,
    ...evidence,
    verdict,
    exitCode: exitCodeOfComparison(verdict),
    reason: reasonFor(verdict, evidence),
    warnings: warningsOf(evidence),
  };
}

function factsOf({ manifest }: StoredRun): RunFacts {
  return { ...manifest, parameters: { ...manifest.parameters } };
}

function refuse(differences: readonly RunDifference[], { force = false }: ComparisonOptions): void {
  const voiding = differences.find(({ weight }) => weight === 'voids');
  if (voiding === undefined || force) return;
  throw new PlateauError(
    'PLATEAU_NOT_COMPARABLE',
    `${voiding.subject}: expected the same in both runs, got ${voiding.before} before and ${voiding.after} after: ${voiding.detail}.`,
    { hint: 'compare runs of the same scenario and load, or pass --force to compare these all the same' },
  );
}

function comparedRun({ run, judgement }: JudgedRun): ComparedRun {
  const { manifest, samples, events } = run;
  const counts = events.findLast((event) => event.event === 'counts');
  return {
    id: manifest.id,
    scenario: manifest.scenario,
    defects: [...manifest.defects],
    ...(manifest.pair && { variant: manifest.pair.variant }),
    seed: manifest.seed,
    startedAt: manifest.startedAt,
    command: manifest.command,
    verdict: judgement.verdict,
    reason: judgement.reason,
    cycles: Math.round(samples.cycles.at(-1) ?? 0),
    failed: counts?.failed ?? 0,
    basis: 'samples',
  };
}

function byGravity(left: MetricComparison, right: MetricComparison): number {
  return (
    Number(right.decisive) - Number(left.decisive) ||
    byComparisonGravity(left.word, right.word) ||
    (left.metric < right.metric ? -1 : left.metric > right.metric ? 1 : 0)
  );
}

/** Ends that say nothing of the metrics, or spoil them. */
const broken: ReadonlySet<ComparedRun['verdict']> = new Set(['crashed', 'stalled']);

function verdictOf({ before, after, metrics, performance }: Evidence): ComparisonWord {
  const words = metrics.filter(counts).map(({ word }) => word);
  if (performance.some(({ word }) => word === 'slower')) words.push('worse');
  if (broken.has(after.verdict)) words.push(broken.has(before.verdict) ? 'cannot tell' : 'worse');
  else if (unfounded(before, metrics, 'before') || unfounded(after, metrics, 'after')) words.push('cannot tell');
  const gravest = words.sort(byComparisonGravity)[0] ?? 'cannot tell';
  // What grew beside a leak and was not decided by itself is certified now: that is no lesser fix.
  const allCertified = metrics.every(
    ({ word, decisive, after: now }) => word !== 'improved' || !decisive || now?.verdict === 'plateau',
  );
  return gravest === 'improved' && words.includes('fixed') && allCertified ? 'fixed' : gravest;
}

/** A metric that is certified now cannot have got worse, whatever it was. */
function counts({ decisive, word, after }: MetricComparison): boolean {
  return decisive && !(word === 'cannot tell' && after?.verdict === 'plateau');
}

/** Inconclusive, and not for any metric's sake: the load did not land, the instrument failed its self-test. */
function unfounded(run: ComparedRun, metrics: readonly MetricComparison[], side: 'before' | 'after'): boolean {
  if (run.verdict !== 'inconclusive') return false;
  return !metrics.some((metric) => metric[side]?.verdict === 'inconclusive');
}

function reasonFor(verdict: ComparisonWord, { before, after, metrics, performance }: Evidence): string {
  const deciding = metrics.filter((metric) => counts(metric) && metric.word === verdict);
  const more = deciding.length - 1;
  if (deciding.length > 0 && verdict !== 'unchanged')
    return `${deciding[0]!.metric} ${deciding[0]!.reason}${more > 0 ? ` (and ${more} more ${more === 1 ? 'metric' : 'metrics'})` : ''}`;
  const slower = performance.find(({ word }) => word === 'slower');
  if (verdict === 'worse' && slower !== undefined) return `${slower.metric} went ${slower.reason}`;
  if (verdict === 'worse') return `the run after ended as ${after.verdict}: ${after.reason}`;
  if (verdict === 'cannot tell') {
    const doubtful = after.verdict === 'plateau' ? before : after;
    return `the run ${doubtful === before ? 'before' : 'after'} says nothing: ${doubtful.reason}`;
  }
  const what = after.verdict === 'leak' ? 'leaks as before' : 'no difference that matters';
  return `${what} in ${deciding.length} compared metrics`;
}

function warningsOf({ before, after, metrics, performance, differences }: Evidence): string[] {
  const voided = differences.filter(({ weight }) => weight === 'voids').map(({ subject }) => subject);
  const ended = [
    { name: 'before', run: before },
    { name: 'after', run: after },
  ].filter(({ run }) => run.verdict === 'interrupted' || run.verdict === 'crashed');
  const unsure = performance.filter(({ word }: PerformanceComparison) => word === 'cannot tell');
  return [
    ...(voided.length > 0 ? [`compared by force: ${voided.join(', ')} differ`] : []),
    ...ended.map(({ name, run }) => `the run ${name} ended early (${run.verdict}): compared as far as it came`),
    ...(before.basis === 'record' && before.readings === undefined
      ? ['only the records were there: slopes are compared by the intervals of their findings, throughput is not']
      : []),
    ...(metrics.length === 0 ? ['no metric is judged in both runs'] : []),
    ...(unsure.length > 0
      ? [`speed: the rounds differ too much to compare ${unsure.map(({ metric }) => metric).join(', ')}`]
      : []),
  ];
}
