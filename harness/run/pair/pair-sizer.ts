import { RoundSizer, type Sizer } from '../measuring/round-sizer.js';

/** Sizes the rounds of two targets that take turns: both drive the same number of cycles, sized by their mean speed. */
export class PairSizer implements Sizer {
  private readonly sizer: RoundSizer;
  private rounds = 0;
  private cycles = 0;
  private durationMs = 0;
  private settleMs = 0;
  private tight = false;

  constructor(requested: number | 'auto', concurrency: number) {
    this.sizer = new RoundSizer(requested, concurrency);
  }

  /** Changes between turns only. */
  get meanCycles(): number {
    return this.sizer.meanCycles;
  }

  shrink(): void {
    this.tight = true;
  }

  restart(roundMs: number): void {
    this.sizer.restart(roundMs);
  }

  observe(cycles: number, durationMs: number, settleMs = 0): void {
    this.rounds += 1;
    this.cycles += cycles;
    this.durationMs += durationMs;
    this.settleMs += settleMs;
  }

  /** Every target has driven its round of this turn. */
  endTurn(): void {
    if (this.rounds === 0) return;
    const { rounds, cycles, durationMs, settleMs } = this;
    this.sizer.observe(cycles / rounds, durationMs / rounds, settleMs / rounds);
    if (this.tight) this.sizer.shrink();
    Object.assign(this, { rounds: 0, cycles: 0, durationMs: 0, settleMs: 0, tight: false });
  }
}
