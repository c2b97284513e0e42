import {
  type DistinguishingMetric,
  distinguishingMetrics,
  type References,
} from '../../analyse/comparison/reference-test.js';
import {
  type BisectionResult,
  type BisectionState,
  bisectionSchemaVersion,
  type JudgedCommit,
} from '../../model/bisection.js';
import type { StoredRun } from '../../model/run-log.js';
import { systemClock } from '../../platform/clock.js';
import { drawSeed, seededRandom } from '../../platform/random.js';
import { bisectionStep } from '../../repository/bisection.js';
import { Checkouts } from '../../repository/checkouts.js';
import { type History, readHistory } from '../../repository/history.js';
import { describeCommit } from '../../repository/repository.js';
import { forgetLostWorktrees } from '../../repository/worktrees.js';
import { BisectionStore } from '../../store/bisection-store.js';
import { createRunId } from '../../store/run-id.js';
import { sweepLeftovers } from '../sweep-leftovers.js';
import { goodAncestors } from './bisection-ends.js';
import type { BisectionLeft, BisectionPlan, CommitPurpose } from './bisection-plan.js';
import { concluded } from './bisection-result.js';
import { CommitJudge } from './judged-commits.js';

/**
 * Finds the commit that brought a leak. The bad commit is soaked first and in full, which shows what leaks and how fast;
 * then the good one; every other is soaked only until it is known which of both it is like. What has been judged is on disk
 * after each commit, so that the same call goes on after a crash. The repository stays as it is.
 * @throws {PlateauError} for what the caller can correct, and when an end does not build or start; the reason of the signal
 *   when it was aborted
 */
export async function bisect(plan: BisectionPlan): Promise<BisectionResult> {
  const { repository, scenarioFile, options } = plan;
  const parents = await goodAncestors(plan);
  await sweepLeftovers(plan.listener?.run);
  await forgetLostWorktrees(repository);
  const id = createRunId(systemClock.epochMs(), seededRandom(drawSeed()));
  const checkouts = new Checkouts(repository, id, scenarioFile);
  try {
    const store = new BisectionStore(options.outDirectory, questionOf(plan, checkouts.path));
    if (plan.restart) store.forget();
    const kept = await store.read();
    // Another seed was asked for: what was judged on the old one is another experiment.
    const usable = kept !== undefined && (options.seed ?? kept.seed) === kept.seed;
    const state = usable ? kept : freshState(plan, checkouts.path);
    return await new Bisection(plan, { store, state, checkouts }).run(parents);
  } finally {
    await checkouts.close();
  }
}

function questionOf({ repository, good, bad, build, metric, options }: BisectionPlan, path: string) {
  const { cycles, concurrency, ratePerSecond, budgets, confidence } = options;
  const load = JSON.stringify({ cycles, concurrency, ratePerSecond, budgets, confidence });
  const optional = { ...(build !== undefined && { build }), ...(metric !== undefined && { metric }) };
  return { scenario: path, repository: repository.root, good, bad, load, ...optional };
}

function freshState(plan: BisectionPlan, path: string): BisectionState {
  return {
    schemaVersion: bisectionSchemaVersion,
    ...questionOf(plan, path),
    seed: plan.options.seed ?? drawSeed(),
    startedAt: new Date(systemClock.epochMs()).toISOString(),
    judged: [],
  };
}

interface BisectionParts {
  readonly store: BisectionStore;
  readonly state: BisectionState;
  readonly checkouts: Checkouts;
}

class Bisection {
  private readonly judged = new Map<string, JudgedCommit>();
  private readonly judge: CommitJudge;

  constructor(
    private readonly plan: BisectionPlan,
    private readonly parts: BisectionParts,
  ) {
    const { state, checkouts, store } = parts;
    for (const entry of state.judged) this.judged.set(entry.sha, entry);
    this.judge = new CommitJudge({ plan, checkouts, seed: state.seed, logDirectory: store.logDirectory });
  }

  /** @param ancestors of both ends where the good one is no ancestor of the bad one: they must be good too */
  async run(ancestors: readonly string[]): Promise<BisectionResult> {
    const { plan } = this;
    const bad = await this.end(plan.bad, 'bad', () => false);
    if (bad.verdict !== 'bad') return this.cannotTell(`the bad commit is not shown to leak: ${bad.reason}`);
    const badRun = await this.judge.load(bad);
    const leaks = await this.judge.leaks(bad);
    const distinguishing = (goodRun: StoredRun) =>
      distinguishingMetrics({ good: goodRun, bad: badRun }, leaks, this.judge.errorRate);
    const good = await this.end(plan.good, 'good', (run) => distinguishing(run).length > 0);
    if (good.verdict === 'skipped') return this.cannotTell(`the good commit is not shown to be good: ${good.reason}`);
    const references = { good: await this.judge.load(good), bad: badRun };
    const metrics = distinguishing(references.good);
    if (metrics.length === 0) return this.cannotTell(`the good commit is not shown to grow less: ${good.reason}`);
    for (const sha of ancestors) {
      const { verdict } = await this.candidate(sha, metrics, references);
      if (verdict === 'bad') return this.cannotTell(`${sha.slice(0, 9)}, where both histories part, leaks already`);
    }
    const history = await readHistory(plan.repository, { good: [plan.good], bad: plan.bad });
    return this.search(history, metrics, references);
  }

  private async search(
    history: History,
    metrics: readonly DistinguishingMetric[],
    references: References,
  ): Promise<BisectionResult> {
    for (;;) {
      const known = new Map([...this.judged].map(([sha, { verdict }]) => [sha, verdict]));
      const step = bisectionStep(history, known);
      if (step.state !== 'next') return this.conclude({ history, metric: metrics[0]!, commits: step.commits });
      await this.candidate(step.commit, metrics, references, { candidates: step.candidates, commits: step.stepsLeft });
    }
  }

  /** An end of the range: soaked in full, unless an earlier call has done so and its run is still there. */
  private async end(sha: string, purpose: 'good' | 'bad', shows: (run: StoredRun) => boolean): Promise<JudgedCommit> {
    const kept = this.judged.get(sha);
    const usable = kept !== undefined && (await this.judge.isUsable(kept));
    return usable ? this.report(kept, true) : this.keep(sha, purpose, () => this.judge.inFull(sha, purpose, shows));
  }

  private async candidate(
    sha: string,
    metrics: readonly DistinguishingMetric[],
    references: References,
    left?: BisectionLeft,
  ): Promise<JudgedCommit> {
    const kept = this.judged.get(sha);
    if (kept !== undefined) return this.report(kept, true);
    return this.keep(sha, 'candidate', () => this.judge.byReferences(sha, metrics, references), left);
  }

  private async keep(
    sha: string,
    purpose: CommitPurpose,
    judge: () => Promise<JudgedCommit>,
    left?: BisectionLeft,
  ): Promise<JudgedCommit> {
    const { options, listener, repository } = this.plan;
    options.signal.throwIfAborted();
    listener?.onCommit?.(await describeCommit(repository, sha), purpose, left);
    const judged = await judge();
    this.judged.set(sha, judged);
    this.parts.store.write({ ...this.parts.state, judged: [...this.judged.values()] });
    return this.report(judged, false);
  }

  private async report(judged: JudgedCommit, kept: boolean): Promise<JudgedCommit> {
    const { listener, repository } = this.plan;
    if (listener?.onJudged !== undefined) listener.onJudged(await describeCommit(repository, judged.sha), judged, kept);
    return judged;
  }

  private async cannotTell(reason: string): Promise<BisectionResult> {
    return { ...this.facts(), outcome: 'cannot tell', reason };
  }

  private conclude(found: { history: History; metric: DistinguishingMetric; commits: readonly string[] }) {
    return concluded(this.facts(), { ...found, plan: this.plan, judged: this.judged });
  }

  private facts() {
    const { state } = this.parts;
    const { reference, good, bad, rerun, repository } = this.plan;
    const judged = [...this.judged.values()];
    return {
      schemaVersion: bisectionSchemaVersion as typeof bisectionSchemaVersion,
      scenario: reference,
      repository: repository.root,
      good,
      bad,
      judged,
      driven: judged.filter(({ runId }) => runId !== undefined).length,
      seed: state.seed,
      rerun: rerun(state.seed),
    };
  }
}
