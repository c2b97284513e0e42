import { RoundSizer, type Sizer } from './round-sizer.js';

/** Sizes the rounds of two targets that take turns: both drive the same number of cycles, sized by their mean speed. */
export class PairSizer implements Sizer {
  private readonly sizer: RoundSizer;
  private first: readonly [cycles: number, durationMs: number, settleMs: number] | undefined;

  constructor(requested: number | 'auto', concurrency: number) {
    this.sizer = new RoundSizer(requested, concurrency);
  }

  /** Changes only between turns. */
  get meanCycles(): number {
    return this.sizer.meanCycles;
  }

  /** Ends a turn: from then on rounds may have another size. `alone` when one target had it for itself. */
  endTurn(): void {
    if (this.first !== undefined) this.sizer.observe(...this.first);
    this.first = undefined;
    if (this.tight) this.sizer.shrink();
    this.tight = false;
  }
}
