import { type LeakRate, leakRates } from '../../analyse/comparison/leak-rate.js';
import { invalidOption } from '../../model/errors.js';
import type { Finding, RunRecord } from '../../model/run-record.js';
import type { Loop, ShrinkResult } from '../../model/shrink.js';
import { analyse } from '../analyse-run.js';
import { runScenario } from '../run-scenario.js';
import { sweepLeftovers } from '../sweep-leftovers.js';
import { reducedTo } from './loop.js';
import { OutOfTime, Search } from './search.js';
import { runOptionsOf, type ShrinkPlan } from './shrink-plan.js';

/**
 * Reduces a leaking scenario to the smallest loop that still leaks at the same rate: first the operation that the run names,
 * with one input and one cycle at once, then what must be added to it. The loop is judged in full at the end.
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION` for a run that shows no growth by cycles; the reason of the signal when it
 *   was aborted
 */
export async function shrink(plan: ShrinkPlan): Promise<ShrinkResult> {
  const startedMs = performance.now();
  const rate = rateOf(plan, analyse(plan.run));
  await sweepLeftovers(plan.listener?.run);
  const { operations, parameters } = plan.run.manifest;
  const whole: Loop = { operations, inputs: 'all', concurrency: parameters.concurrency };
  const search = new Search(plan, rate, whole);
  const hasEnded = await search.run().then(
    () => true,
    (error: unknown) => {
      if (error instanceof OutOfTime) return false;
      throw error;
    },
  );
  const confirmed = await confirm(plan, search.best);
  plan.options.signal.throwIfAborted();
  return {
    ...resultOf(plan, rate, confirmed, hasEnded),
    whole,
    loop: search.best,
    trials: search.trials,
    elapsedMs: Math.round(performance.now() - startedMs),
  };
}

function rateOf({ run, metric }: ShrinkPlan, { verdict, findings, id }: RunRecord): LeakRate {
  const rates = leakRates(run, findings);
  const wanted = metric === undefined ? rates[0] : rates.find((rate) => rate.metric === metric);
  if (wanted !== undefined) return wanted;
  const leaks = findings.filter((finding) => finding.verdict === 'leak');
  throw invalidOption(
    `Run ${id}: expected one that leaks ${metric ?? 'by cycles'}, got ${got(verdict, leaks)}.`,
    leaks.length > 0
      ? 'see `plateau report` of that run'
      : 'give a run that found a leak; `plateau history` lists runs',
  );
}

function got(verdict: string, leaks: readonly Finding[]): string {
  if (leaks.length === 0) return verdict;
  return leaks
    .map(({ metric, driver }) => (driver === 'time' ? `${metric}, which grows with time` : metric))
    .join(', ');
}

/** The loop that the search came to, as `plateau run` would judge it. */
async function confirm(plan: ShrinkPlan, loop: Loop): Promise<RunRecord> {
  plan.listener?.onLoop?.(loop, 'confirm');
  return runScenario(reducedTo(plan.source, loop), { ...runOptionsOf(plan), concurrency: loop.concurrency });
}

function resultOf(
  { run: { manifest } }: ShrinkPlan,
  rate: LeakRate,
  { id, findings, reason }: RunRecord,
  hasEnded: boolean,
): Omit<ShrinkResult, 'whole' | 'loop' | 'trials' | 'elapsedMs'> {
  const finding = findings.find(({ metric, verdict }) => metric === rate.metric && verdict === 'leak');
  return {
    schemaVersion: 1,
    run: manifest.id,
    scenario: manifest.scenario,
    outcome: finding === undefined ? 'unshown' : hasEnded ? 'smallest' : 'smaller',
    reason:
      finding === undefined
        ? `${rate.metric} is not shown to leak in it: ${reason}`
        : `${rate.metric} ${finding.reason}`,
    metric: rate.metric,
    rate: rate.slope,
    ...(rate.isAttributed && { operation: rate.operations[0]! }),
    inputs: manifest.parameters.universe,
    ...(finding && { confirmed: { runId: id, slope: finding.slope } }),
    seed: manifest.seed,
  };
}
