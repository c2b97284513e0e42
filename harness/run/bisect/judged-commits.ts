import type { DistinguishingMetric, References } from '../../analyse/comparison/reference-test.js';
import type { JudgedCommit } from '../../model/bisection.js';
import { PlateauError, withMessage } from '../../model/errors.js';
import type { StoredRun } from '../../model/run-log.js';
import type { RunOptions } from '../../model/run-options.js';
import type { Finding, RunRecord } from '../../model/run-record.js';
import type { Checkouts } from '../../repository/checkouts.js';
import { type LoadedScenario, loadScenario } from '../../scenario/load-scenario.js';
import { loadRun } from '../../store/load-run.js';
import { analyse } from '../analyse-run.js';
import { runDefaults } from '../run-parameters.js';
import { runScenario } from '../run-scenario.js';
import type { BisectionPlan } from './bisection-plan.js';
import { firstLine, judgeCommit } from './soak-commit.js';

/** An end that is inconclusive is soaked once more, for this many times as long. */
const extension = 4;
/** More commits than are ever judged in one bisection: its error is shared out over them. */
const commitsMax = 16;

type End = 'good' | 'bad';

export interface CommitJudgeParts {
  readonly plan: BisectionPlan;
  readonly checkouts: Checkouts;
  readonly seed: number;
  readonly logDirectory: string;
}

/** Checks commits out, builds them and has them soaked; says of each what it is. */
export class CommitJudge {
  /** Of a wrong verdict on one commit. */
  readonly errorRate: number;
  private readonly options: RunOptions & { readonly signal: AbortSignal };
  private readonly notes = new Set<string>();

  constructor(private readonly parts: CommitJudgeParts) {
    const { plan, seed } = parts;
    const { options, listener } = plan;
    this.options = {
      ...options,
      seed,
      attribution: 'off',
      purpose: 'bisect',
      ...(listener?.run && { listener: listener.run }),
    };
    this.errorRate = (1 - (options.confidence ?? runDefaults.confidence)) / commitsMax;
  }

  /**
   * Soaks an end of the range until everything is decided; longer where that does not show what the end is named for.
   * @param shows whether a run that is inconclusive in other ways shows enough
   * @throws {PlateauError} when it does not build or does not start: no search can do without its ends
   */
  async inFull(sha: string, end: End, shows: (run: StoredRun) => boolean): Promise<JudgedCommit> {
    const startedMs = performance.now();
    const record = await this.inCheckout(sha, (source) => this.soak(source, shows)).catch((error: unknown) => {
      throw withMessage(error, (message) => `--${end} ${sha.slice(0, 9)}: ${message}`);
    });
    this.options.signal.throwIfAborted();
    if (record.verdict === 'crashed')
      throw new PlateauError('PLATEAU_TARGET_START', `--${end} ${sha.slice(0, 9)}: ${record.reason}`, {
        hint: `see the run ${record.id}, or name another commit`,
      });
    const elapsedMs = Math.round(performance.now() - startedMs);
    const facts = { sha, runId: record.id, cycles: record.counts.cycles, elapsedMs };
    const leak = this.leaksOf(record)[0];
    if (leak === undefined) return { ...facts, verdict: withoutLeak(record, end), reason: record.reason };
    const { metric, slope, reason } = leak;
    return { ...facts, verdict: end, metric, slope, reason: `${metric} ${reason}` };
  }

  /** Soaks a commit until it is known which of the references it is like; one that does not build is skipped. */
  async byReferences(
    sha: string,
    metrics: readonly DistinguishingMetric[],
    references: References,
  ): Promise<JudgedCommit> {
    const { options, errorRate } = this;
    const startedMs = performance.now();
    try {
      return await this.inCheckout(sha, (source) =>
        judgeCommit({ sha, source, options, metrics, references, errorRate }),
      );
    } catch (error) {
      const ofTheCommit =
        error instanceof PlateauError && (error.code === 'PLATEAU_BUILD' || error.code === 'PLATEAU_INVALID_SCENARIO');
      if (!ofTheCommit) throw error;
      return {
        sha,
        verdict: 'skipped',
        reason: firstLine(error),
        elapsedMs: Math.round(performance.now() - startedMs),
      };
    }
  }

  /** Whether the run of an end that was judged earlier is still there. */
  async isUsable(judged: JudgedCommit): Promise<boolean> {
    return judged.runId !== undefined && (await this.load(judged).catch(() => undefined)) !== undefined;
  }

  /** Findings that the search may follow. */
  async leaks(bad: JudgedCommit): Promise<readonly Finding[]> {
    return this.leaksOf(analyse(await this.load(bad)));
  }

  private leaksOf({ findings }: RunRecord): readonly Finding[] {
    const { metric } = this.parts.plan;
    return findings.filter((finding) => finding.verdict === 'leak' && (metric ?? finding.metric) === finding.metric);
  }

  load({ runId }: JudgedCommit): Promise<StoredRun> {
    return loadRun(runId ?? '', { outDirectory: this.parts.plan.options.outDirectory });
  }

  /** Inconclusive is no verdict: the run is extended. */
  private async soak(source: LoadedScenario, shows: (run: StoredRun) => boolean): Promise<RunRecord> {
    const record = await runScenario(source, this.options);
    const { outDirectory } = this.parts.plan.options;
    if (record.verdict !== 'inconclusive' || shows(await loadRun(record.id, { outDirectory }))) return record;
    const durationMs = extension * (this.options.durationMs ?? runDefaults.durationMs);
    return runScenario(source, { ...this.options, durationMs });
  }

  private async inCheckout<T>(sha: string, work: (source: LoadedScenario) => Promise<T>): Promise<T> {
    const { checkouts, plan, logDirectory } = this.parts;
    const build = plan.build === undefined ? {} : { build: plan.build };
    const { signal } = this.options;
    const checkout = await checkouts.prepare({ sha, logDirectory, signal, ...build });
    try {
      for (const note of checkout.notes) this.noteOnce(note);
      return await work(await loadScenario(checkout.scenarioFile));
    } finally {
      await checkouts.remove(checkout);
    }
  }

  /** What is true of many commits is said once. */
  private noteOnce(note: string): void {
    if (this.notes.has(note)) return;
    this.notes.add(note);
    this.parts.plan.listener?.onNote?.(note);
  }
}

/** A good end may leak in other metrics, or be undecided in some: whether it is good in one is asked of both ends together. */
function withoutLeak({ verdict }: RunRecord, end: End): JudgedCommit['verdict'] {
  const driven = verdict === 'plateau' || verdict === 'leak' || verdict === 'inconclusive';
  if (!driven) return 'skipped';
  return end === 'good' || verdict === 'plateau' ? 'good' : 'skipped';
}
