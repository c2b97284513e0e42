import type { Sizer } from '../measuring/round-sizer.js';

/** Rounds of functions that return at once: thirty of them, which the first look waits for, take two seconds. */
const roundMsMax = 60;
/** Ever-new inputs fill caches for up to 50,000 cycles (`decide/tolerance.ts`): thirty rounds drive as many. */
const cyclesMax = 2_400;
const cyclesMin = 2;
/** A leak of 10 KiB a call grows by a few dozen MiB until it is decided, and by no more than that. */
const growthBytesPerRound = 640 * 1024;
/** Rounds become so much longer until their growth is known: of a large leak, none is to outweigh all that come after it. */
const lengthening = 4;
/** Compiling and the first fill of caches are no growth that goes on. */
const warmUpRounds = 3;

/** Sizes rounds of a function that is called in the process of a test: many calls in little time, within its memory. */
export class CallSizer implements Sizer {
  private mean = cyclesMin;
  private rounds = 0;
  private ceiling = cyclesMax;
  private warm: { readonly cycles: number; readonly heapUsedBytes: number } | undefined;
  private cycles = 0;

  get meanCycles(): number {
    return this.mean;
  }

  shrink(): void {
    this.ceiling = Math.max(cyclesMin, Math.ceil(this.mean / 2));
    this.mean = this.ceiling;
  }

  /** Short rounds are what these are. */
  restart(): void {}

  observe(cycles: number, durationMs: number, _settleMs?: number, heapUsedBytes = 0): void {
    this.rounds += 1;
    this.cycles += cycles;
    if (cycles === 0) return;
    if (this.rounds === warmUpRounds) this.warm = { cycles: this.cycles, heapUsedBytes };
    const fitting = Math.floor((roundMsMax * cycles) / Math.max(durationMs, 0.001));
    const wanted = Math.min(this.ceiling, fitting, this.affordable(heapUsedBytes));
    // The first rounds are slow, since the code is still being compiled.
    this.mean = Math.max(cyclesMin, Math.min(wanted, this.mean * lengthening));
  }

  /** Calls until the heap has grown by what a round may bring. */
  private affordable(heapUsedBytes: number): number {
    if (this.warm === undefined || this.cycles === this.warm.cycles) return this.ceiling;
    const perCycle = (heapUsedBytes - this.warm.heapUsedBytes) / (this.cycles - this.warm.cycles);
    return perCycle <= 0 ? this.ceiling : Math.floor(growthBytesPerRound / perCycle);
  }
}
