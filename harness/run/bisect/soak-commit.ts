import {
  type DistinguishingMetric,
  hasMetric,
  judgeByReferences,
  type References,
} from '../../analyse/comparison/reference-test.js';
import { judgeDelivery } from '../../analyse/findings/delivery.js';
import type { JudgedCommit } from '../../model/bisection.js';
import { PlateauError } from '../../model/errors.js';
import type { StoredRun } from '../../model/run-log.js';
import type { RunOptions } from '../../model/run-options.js';
import { thrownMessage } from '../../model/thrown.js';
import type { LoadedScenario } from '../../scenario/load-scenario.js';
import { loadRun } from '../../store/load-run.js';
import { writeRunRecord } from '../../store/run-store.js';
import { analyse } from '../analyse-run.js';
import { createManifest } from '../create-manifest.js';
import { driveUntilKnown, type SequentialTest, type TestOutcome } from '../measuring/looks.js';
import { MeasuringPass } from '../measuring/measuring-pass.js';
import { openRunStore } from '../open-run-store.js';

/** A run that is still undecided when it should end goes on for this many times as long. */
const extension = 4;

export interface CommitQuestion {
  readonly sha: string;
  readonly source: LoadedScenario;
  readonly options: RunOptions;
  /** Best first: the first that the commit has is taken. */
  readonly metrics: readonly DistinguishingMetric[];
  readonly references: References;
  /** Of a wrong verdict on this commit. */
  readonly errorRate: number;
}

/**
 * Soaks a commit until it is known on which side of the leak it lies: as good and as bad as the references, which have
 * been judged in full, and no longer than that takes. What is not known is skipped, and never good.
 * @throws {PlateauError} when plateau itself fails; the reason of the signal when it was aborted
 */
export async function judgeCommit(question: CommitQuestion): Promise<JudgedCommit> {
  const { sha, source, options } = question;
  const startedMs = performance.now();
  const skipped = (reason: string): JudgedCommit => ({
    sha,
    verdict: 'skipped',
    reason,
    elapsedMs: Math.round(performance.now() - startedMs),
  });
  const manifest = extended(createManifest(source, { ...options, attribution: 'off' }));
  const store = openRunStore(source, manifest, options);
  let outcome: TestOutcome<DistinguishingMetric, 'good' | 'bad'>;
  try {
    const pass = await MeasuringPass.open({ source, manifest, store, options });
    try {
      outcome = await driveUntilKnown(pass, testOf(question));
    } finally {
      await pass.close();
    }
  } catch (error) {
    if (!isOfTheCommit(error)) throw error;
    return skipped(`the target does not start: ${firstLine(error)}`);
  } finally {
    await store.close();
  }
  options.signal?.throwIfAborted();
  const run = await loadRun(store.directory);
  writeRunRecord(store.directory, analyse(run));
  const reason = unfounded(run);
  if (reason !== undefined) return { ...skipped(reason), runId: manifest.id };
  const { metric, verdict } = outcome;
  const elapsedMs = Math.round(performance.now() - startedMs);
  const facts = {
    sha,
    runId: manifest.id,
    cycles: run.samples.cycles.at(-1) ?? 0,
    elapsedMs,
    ...(metric !== undefined && { metric: metric.metric }),
    ...(verdict.slope && { slope: verdict.slope }),
  };
  if (metric === undefined) return { ...facts, verdict: 'skipped', reason: `has none of ${namesOf(question)}` };
  if (verdict.state === 'undecided')
    return { ...facts, verdict: 'skipped', reason: `${metric.metric} is still undecided after ${facts.cycles} cycles` };
  return { ...facts, verdict: verdict.state, reason: `${metric.metric} grows as in the ${verdict.state} commit` };
}

function testOf({
  metrics,
  references,
  errorRate,
  options,
}: CommitQuestion): SequentialTest<DistinguishingMetric, 'good' | 'bad'> {
  return {
    errorRate,
    signal: options.signal,
    metricOf: (run) => metrics.find(({ counted, metric }) => counted || hasMetric(run, metric)),
    judge: (run, metric, alpha) => judgeByReferences(run, metric, references, alpha),
  };
}

function extended<Of extends { parameters: { durationMs: number } }>(manifest: Of): Of {
  const { parameters } = manifest;
  return { ...manifest, parameters: { ...parameters, durationMs: parameters.durationMs * extension } };
}

/** What says that nothing can be said of the metrics: a load that did not land makes no target good. */
function unfounded(run: StoredRun): string | undefined {
  const ended = run.events.find((event) => event.event === 'crashed' || event.event === 'stalled');
  if (ended !== undefined) return `the target ${ended.event}: ${ended.detail}`;
  const { findings, notLanded } = judgeDelivery(run);
  if (notLanded !== undefined) return notLanded;
  const [collapsed] = findings;
  if (collapsed !== undefined) return `the load did not land: ${collapsed.metric} ${collapsed.reason}`;
  const failed = run.events.find((event) => event.event === 'audit' && !event.ok && !event.check.startsWith('probe:'));
  return failed?.event === 'audit' ? `audit ${failed.check} failed: ${failed.detail}` : undefined;
}

function isOfTheCommit(error: unknown): boolean {
  return (
    error instanceof PlateauError &&
    (error.code === 'PLATEAU_TARGET_START' || error.code === 'PLATEAU_INVALID_SCENARIO')
  );
}

export function firstLine(error: unknown): string {
  return thrownMessage(error).split('\n', 1)[0]!;
}

function namesOf({ metrics }: CommitQuestion): string {
  return metrics.map(({ metric }) => metric).join(', ');
}
