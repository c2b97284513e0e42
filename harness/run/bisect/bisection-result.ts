import type { DistinguishingMetric } from '../../analyse/comparison/reference-test.js';
import type { BisectionResult, JudgedCommit } from '../../model/bisection.js';
import type { Interval } from '../../model/run-record.js';
import type { History } from '../../repository/history.js';
import { describeCommit } from '../../repository/repository.js';
import type { BisectionPlan } from './bisection-plan.js';

interface Found {
  readonly plan: BisectionPlan;
  readonly history: History;
  readonly metric: DistinguishingMetric;
  /** What is left: the first bad commit, or several of which one is. */
  readonly commits: readonly string[];
  readonly judged: ReadonlyMap<string, JudgedCommit>;
}

type Facts = Omit<BisectionResult, 'outcome' | 'reason'>;

/** What a finished search says. */
export async function concluded(facts: Facts, found: Found): Promise<BisectionResult> {
  const { plan, commits, metric } = found;
  const described = await Promise.all(commits.map((sha) => describeCommit(plan.repository, sha)));
  const last = described.at(-1)!;
  const parent = lastGood(found);
  const slopes = { before: slopeOf(parent, found, metric.good), after: slopeOf(last.sha, found, metric.bad) };
  const common = {
    ...facts,
    metric: metric.metric,
    unit: slopes.after.unit,
    slopes,
    proof: plan.proof(parent, last.sha, facts.seed),
  };
  if (commits.length === 1)
    return {
      ...common,
      outcome: 'found',
      reason: `${last.sha.slice(0, 9)} brought the growth of ${metric.metric}`,
      commit: last,
    };
  return {
    ...common,
    outcome: 'range',
    reason: `one of ${commits.length} commits brought the growth of ${metric.metric}; ${commits.length - 1} of them cannot be judged`,
    range: described,
  };
}

/** A good commit right before what was found: every way to it is good. */
function lastGood({ history, commits, plan, judged }: Found): string {
  const left = new Set(commits);
  const before = commits.flatMap((sha) => history.parents.get(sha) ?? []).filter((sha) => !left.has(sha));
  return before.find((sha) => judged.get(sha)?.verdict === 'good') ?? before.at(-1) ?? plan.good;
}

/** The slope of the run of a commit where it was read in the same metric, else that of the end on its side. */
function slopeOf(sha: string, { judged, metric }: Found, otherwise: Interval): Interval {
  const run = judged.get(sha);
  return run?.metric === metric.metric && run.slope !== undefined ? run.slope : otherwise;
}
