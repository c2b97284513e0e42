import type { LeakRate } from '../../analyse/comparison/leak-rate.js';
import type { RunOptions } from '../../model/run-options.js';
import type { Loop, Trial } from '../../model/shrink.js';
import { isSame, reducedTo } from './loop.js';
import { type Narrowed, narrow } from './narrow.js';
import { runOptionsOf, type ShrinkPlan } from './shrink-plan.js';
import { smallestSubset } from './smallest-subset.js';
import { tryLoop } from './trial.js';

/** Longest time that one trial drives: in twice as long, runs of most scenarios are decided. */
const trialMs = 8_000;
/** Longest time in which operations or inputs are narrowed down, in one soak. */
const narrowingMs = 16_000;
/** More looks at loops than one search ever takes: its error rate is shared out over them. */
const trialsMax = 32;
/** The least that it takes to try another loop: the target starts, and some rounds are driven. */
const leftMsMin = 1_500;

type LoopSize = Pick<Loop, 'inputs' | 'concurrency'>;

/** The time for the search is over. */
export class OutOfTime extends Error {}

/** Looks for the smallest loop that still leaks: first the least that may do, then with one thing more. */
export class Search {
  readonly trials: Trial[] = [];
  /** The smallest that is known to leak. */
  best: Loop;
  private readonly startedMs = performance.now();

  constructor(
    private readonly plan: ShrinkPlan,
    private readonly rate: LeakRate,
    private readonly whole: Loop,
  ) {
    this.best = whole;
  }

  /** @throws {OutOfTime} what it came to until then is in `best` */
  async run(): Promise<void> {
    const operations = await this.likelyOperations();
    for (const size of this.sizes()) {
      if (!(await this.leaks({ ...size, operations }))) continue;
      await smallestSubset(operations, (subset) => this.leaks({ ...size, operations: subset }));
      return this.leaveInputs();
    }
    await this.leaveOperations();
    await this.leaveInputs();
  }

  /** Those that the run names, or what one soak shows of those that may bring growth. */
  private async likelyOperations(): Promise<readonly string[]> {
    const { operations, causes, isAttributed, counted } = this.rate;
    if (isAttributed || counted) return causes;
    const items = causes.length > 1 ? causes : operations;
    const { kept } = await this.narrowed(this.whole, items, (asked) => ({ operations: asked }));
    return kept;
  }

  /** From the least to the whole: mostly other inputs are needed, or more cycles at once, and not both. */
  private sizes(): readonly LoopSize[] {
    const { concurrency } = this.whole;
    const inputs = this.universe === 1 ? ([[0]] as const) : ([[0], 'all'] as const);
    const atOnce = concurrency > 1 ? [1, concurrency] : [1];
    return atOnce
      .flatMap((count) => inputs.map((drawn): LoopSize => ({ inputs: drawn, concurrency: count })))
      .toSorted((one, other) => wants(one) - wants(other));
  }

  /** The operation that the run names is kept; of the others, what can be left out is. */
  private async leaveOperations(): Promise<void> {
    const { operations, isAttributed } = this.rate;
    const fixed = isAttributed ? operations.slice(0, 1) : [];
    const others = operations.slice(fixed.length);
    for (const size of [this.sizes()[0]!, this.whole]) {
      const leaks = (chosen: readonly string[]) => this.leaks({ ...size, operations: [...fixed, ...chosen] });
      if (size !== this.whole && !(await leaks(others))) continue;
      await smallestSubset(others, leaks);
      return;
    }
  }

  private get universe(): number | 'fresh' {
    return this.plan.run.manifest.parameters.universe;
  }

  private async leaveInputs(): Promise<void> {
    const { best, universe } = this;
    if (best.inputs === 'all' && !(await this.leaks({ ...best, inputs: [0] })) && universe !== 'fresh')
      await this.chooseInputs(Array.from({ length: universe }, (_, input) => input));
    if (this.best.concurrency > 1) await this.leaks({ ...this.best, concurrency: 1 });
  }

  private async chooseInputs(all: readonly number[]): Promise<void> {
    const { operations } = this.best;
    // What the census alone counts is not read between rounds.
    const { kept, isSmallest } = this.rate.counted
      ? { kept: all, isSmallest: false }
      : await this.narrowed(this.best, all, (inputs) => ({ operations, inputs }));
    const isShown = kept.length < all.length && (await this.leaks({ ...this.best, inputs: kept }));
    if (isShown && isSmallest) return;
    await this.halveInputs(isShown ? kept : all);
  }

  /** Tries the first input, since mostly each of those that are left is enough, and then the halves. */
  private async halveInputs(given: readonly number[]): Promise<void> {
    let inputs = given;
    while (inputs.length > 1 && !(await this.leaks({ ...this.best, inputs: inputs.slice(0, 1) }))) {
      const half = Math.ceil(inputs.length / 2);
      const [left, right] = [inputs.slice(0, half), inputs.slice(half)];
      if (await this.leaks({ ...this.best, inputs: left })) inputs = left;
      else if (await this.leaks({ ...this.best, inputs: right })) inputs = right;
      else return;
    }
  }

  private async narrowed<Item>(
    loop: Loop,
    items: readonly Item[],
    partOf: (asked: readonly Item[]) => { operations: readonly string[] },
  ): Promise<Narrowed<Item>> {
    const { plan, rate } = this;
    const options = this.trialOptions(loop, narrowingMs);
    plan.listener?.onLoop?.(loop, 'narrow');
    // A part grows faster than the whole; what its own trial has shown is the closer limit.
    const slope = this.trials.find((trial) => isSame(trial.loop, loop))?.slope ?? rate.slope;
    return narrow({ source: reducedTo(plan.source, loop), options, items, partOf, rate: { ...rate, slope } });
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
  private trialOptions({ concurrency }: Loop, longestMs = trialMs): RunOptions {
    const leftMs = this.plan.searchMs - (performance.now() - this.startedMs);
    if (leftMs < leftMsMin) throw new OutOfTime();
    return { ...runOptionsOf(this.plan), concurrency, driveMs: Math.min(longestMs, leftMs), untilDecided: true };
  }

  private get errorRate(): number {
    return (1 - this.plan.run.manifest.parameters.confidence) / trialsMax;
  }
}

/** How many things more than the least a size wants. */
function wants({ inputs, concurrency }: LoopSize): number {
  return Number(inputs === 'all') + Number(concurrency > 1);
}
