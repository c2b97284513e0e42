import { type LeakRate, leakRates, operationsByMetric } from '../../analyse/comparison/leak-rate.js';
import { PlateauError } from '../../model/errors.js';
import type { RunOptions } from '../../model/run-options.js';
import type { Finding, RunRecord } from '../../model/run-record.js';
import type { Loop, ShrinkResult, Trial } from '../../model/shrink.js';
import { analyse } from '../analyse-run.js';
import { runScenario } from '../run-scenario.js';
import { sweepLeftovers } from '../sweep-leftovers.js';
import { blocksOf, isSame, reducedTo, splitByInputs } from './loop.js';
import type { ShrinkPlan } from './shrink-plan.js';
import { smallestSubset } from './smallest-subset.js';
import { tryLoop } from './trial.js';

/** Longest time that one trial drives: in twice as long, runs of most scenarios are decided. */
const trialMs = 8_000;
/** More looks at loops than one search ever takes: its error rate is shared out over them. */
const trialsMax = 32;
/** Operations that are distinguished in one trial, with so many floors for each. */
const columnsMax = 16;
const floorsEach = 3;
/** The least that it takes to try another loop: the target starts, and some rounds are driven. */
const leftMsMin = 1_500;

/**
 * Reduces a leaking scenario to the smallest loop that still leaks at the same rate: first the operation that the run names,
 * with one input and one cycle at once, then what must be added to it. The loop is judged in full at the end.
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION` for a run that shows no growth by cycles; the reason of the signal when it
 *   was aborted
 */
export async function shrink(plan: ShrinkPlan): Promise<ShrinkResult> {
  const record = analyse(plan.run);
  const rate = rateOf(plan, record);
  await sweepLeftovers(plan.listener?.run);
  return new Shrinking(plan, rate).run();
}

function rateOf({ run, metric }: ShrinkPlan, { verdict, findings, id }: RunRecord): LeakRate {
  const rates = leakRates(run, findings);
  const wanted = metric === undefined ? rates[0] : rates.find((rate) => rate.metric === metric);
  if (wanted !== undefined) return wanted;
  const leaks = findings.filter((finding) => finding.verdict === 'leak');
  throw new PlateauError(
    'PLATEAU_INVALID_OPTION',
    `Run ${id}: expected one that leaks ${metric ?? 'by cycles'}, got ${got(verdict, leaks)}.`,
    {
      hint:
        leaks.length > 0
          ? 'see `plateau report` of that run'
          : 'give a run that found a leak; `plateau history` lists runs',
    },
  );
}

function got(verdict: string, leaks: readonly Finding[]): string {
  if (leaks.length === 0) return verdict;
  return leaks
    .map(({ metric, driver }) => (driver === 'time' ? `${metric}, which grows with time` : metric))
    .join(', ');
}

/** The time for the search is over. */
class OutOfTime extends Error {}

class Shrinking {
  private readonly startedMs = performance.now();
  private readonly trials: Trial[] = [];
  private readonly whole: Loop;
  /** The smallest that is known to leak. */
  private best: Loop;
  private ranOut = false;

  constructor(
    private readonly plan: ShrinkPlan,
    private readonly rate: LeakRate,
  ) {
    const { concurrency } = plan.run.manifest.parameters;
    this.whole = { operations: plan.run.manifest.operations, inputs: 'all', concurrency };
    this.best = this.whole;
  }

  async run(): Promise<ShrinkResult> {
    try {
      await this.search();
    } catch (error) {
      if (!(error instanceof OutOfTime)) throw error;
      this.ranOut = true;
    }
    return this.conclude(await this.confirm());
  }

  private async search(): Promise<void> {
    if (await this.causesLeak({ inputs: [0], concurrency: 1 })) return;
    await this.leaveOperations();
    await this.leaveInputs();
    if (this.best.concurrency > 1) await this.leaks({ ...this.best, concurrency: 1 });
  }

  /** Tries what the run names: the first operation alone, then all that it names, and of these no more than must be. */
  private async causesLeak(rest: Pick<Loop, 'inputs' | 'concurrency'>): Promise<boolean> {
    const { operations, causes } = this.rate;
    const leaks = (chosen: readonly string[]) => this.leaks({ ...rest, operations: chosen });
    if (await leaks(operations.slice(0, 1))) return true;
    if (causes.length < 2 || !(await leaks(causes))) return false;
    await smallestSubset(causes, leaks);
    return true;
  }

  /** What the run names is kept; of the others, what can be left out is. */
  private async leaveOperations(): Promise<void> {
    if (await this.causesLeak(this.whole)) return;
    const { operations, isAttributed } = this.rate;
    const [first, ...others] = operations;
    const fixed = isAttributed ? [first!] : [];
    await smallestSubset(isAttributed ? others : operations, (subset) =>
      this.leaks({ ...this.whole, operations: [...fixed, ...subset] }),
    );
  }

  private async leaveInputs(): Promise<void> {
    const { universe } = this.plan.run.manifest.parameters;
    if (await this.leaks({ ...this.best, inputs: [0] })) return;
    if (universe === 'fresh' || universe < 2) return;
    const all = Array.from({ length: universe }, (_, input) => input);
    const single = await this.likelyInput(all);
    if (single !== undefined && (await this.leaks({ ...this.best, inputs: [single] }))) return;
    // Only several together leak: halves, as long as one is enough.
    let inputs: readonly number[] = all;
    for (let half = Math.ceil(inputs.length / 2); inputs.length > 1; half = Math.ceil(inputs.length / 2)) {
      const halves = [inputs.slice(0, half), inputs.slice(half)];
      const [left, right] = halves as [number[], number[]];
      if (await this.leaks({ ...this.best, inputs: left })) inputs = left;
      else if (await this.leaks({ ...this.best, inputs: right })) inputs = right;
      else return;
    }
  }

  /** The input that most of the growth goes with: each of some blocks is an operation of its own, to which growth is attributed. */
  private async likelyInput(all: readonly number[]): Promise<number | undefined> {
    if (this.rate.counted) return undefined;
    let inputs = all;
    while (inputs.length > 1) {
      const blocks = blocksOf(inputs, Math.max(2, Math.floor(columnsMax / this.best.operations.length)));
      const loop: Loop = { ...this.best, inputs };
      this.plan.listener?.onLoop?.(loop, 'inputs');
      const source = splitByInputs(this.plan.source, loop, blocks);
      const options = this.trialOptions(loop);
      const floorsMin = floorsEach * blocks.length * loop.operations.length;
      const { run } = await tryLoop({ source, options, rate: this.rate, errorRate: this.errorRate, floorsMin });
      const [name] = operationsByMetric(run, this.rate.metric);
      inputs = blocks.find((block) => name?.endsWith(` ${block.name}`))?.inputs ?? [];
    }
    return inputs[0];
  }

  /** Tries a loop, and takes it where it leaks. */
  private async leaks(loop: Loop): Promise<boolean> {
    const known = this.trials.find((trial) => isSame(trial.loop, loop));
    if (known !== undefined) return known.state === 'same';
    const options = this.trialOptions(loop);
    this.plan.listener?.onLoop?.(loop, 'trial');
    const startedMs = performance.now();
    const source = reducedTo(this.plan.source, loop);
    const { state, slope, run } = await tryLoop({ source, options, rate: this.rate, errorRate: this.errorRate });
    const trial: Trial = {
      loop,
      state: state === 'same' ? 'same' : 'less',
      ...(slope && { slope }),
      runId: run.manifest.id,
      cycles: run.samples.cycles.at(-1) ?? 0,
      elapsedMs: Math.round(performance.now() - startedMs),
    };
    this.trials.push(trial);
    this.plan.listener?.onTrial?.(trial);
    if (trial.state === 'same') this.best = loop;
    return trial.state === 'same';
  }

  /** @throws {OutOfTime} */
  private trialOptions({ concurrency }: Loop): RunOptions {
    const leftMs = this.plan.searchMs - (performance.now() - this.startedMs);
    if (leftMs < leftMsMin) throw new OutOfTime();
    return { ...this.runOptions, concurrency, driveMs: Math.min(trialMs, leftMs), untilDecided: true };
  }

  private get runOptions(): RunOptions {
    const { options, run, listener } = this.plan;
    // How long it was driven is the search's affair, and its faults are operations by now.
    const { faults, durationMs, driveMs, days, rounds, untilDecided, thorough, footprint, ...kept } = options;
    return {
      ...kept,
      seed: run.manifest.seed,
      purpose: 'shrink',
      attribution: 'off',
      ...(listener?.run && { listener: listener.run }),
    };
  }

  private get errorRate(): number {
    return (1 - this.plan.run.manifest.parameters.confidence) / trialsMax;
  }

  /** The loop that the search came to, as `plateau run` would judge it. */
  private async confirm(): Promise<RunRecord> {
    this.plan.listener?.onLoop?.(this.best, 'confirm');
    const { concurrency } = this.best;
    return runScenario(reducedTo(this.plan.source, this.best), { ...this.runOptions, concurrency });
  }

  private conclude({ id, findings, reason }: RunRecord): ShrinkResult {
    this.plan.options.signal.throwIfAborted();
    const { plan, rate, best } = this;
    const { manifest } = plan.run;
    const finding = findings.find(({ metric, verdict }) => metric === rate.metric && verdict === 'leak');
    const outcome = finding === undefined ? 'unshown' : this.ranOut ? 'smaller' : 'smallest';
    return {
      schemaVersion: 1,
      run: manifest.id,
      scenario: manifest.scenario,
      outcome,
      reason:
        finding === undefined
          ? `${rate.metric} is not shown to leak in it: ${reason}`
          : `${rate.metric} ${finding.reason}`,
      metric: rate.metric,
      rate: rate.slope,
      ...(rate.isAttributed && { operation: rate.operations[0]! }),
      whole: this.whole,
      inputs: manifest.parameters.universe,
      loop: best,
      ...(finding && { confirmed: { runId: id, slope: finding.slope } }),
      trials: this.trials,
      elapsedMs: Math.round(performance.now() - this.startedMs),
      seed: manifest.seed,
    };
  }
}
