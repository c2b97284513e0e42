import { floorSettling } from './floor-settling.js';

/**
 * A round lasts as long as its floor, so that half of the time is driven, and sixty of them stay within seconds. Where a
 * floor takes seconds, as over millions of objects, it is driven for half as long: a verdict needs some thirty floors, however
 * few cycles lie between them, and cycles beside such floors cost little.
 */
const roundMsMin = 60;
const cheapRoundMsMax = 300;
const dearFloorShare = 0.5;
/**
 * Most cycles of a round of `cheapRoundMsMax`. Batches that are shorter than a round are noise to its floors: a service that
 * lets go of 700 rows at a time took 15 s with 400 cycles, and 25 to 46 s with 1,500.
 */
const automaticMax = 400;
/**
 * The same where the heap does not fall. Forty floors then span 60,000 cycles, which decides what is counted to one in a
 * thousand: a sound function of 1 µs took 48 floors and 4.6 s, and with 400 cycles 91 floors and 10 s.
 */
const flatMax = 2_000;
const automaticMin = 2;
/** Rounds until the size is fixed: the first ones are slow, since the target's code is still being compiled. */
const sizingRounds = 6;
/** Floors after which it is known whether the heap falls: six follow those in which code is compiled. */
const flatFloors = 12;
/** Two readings of one floor differ by as much. */
const fallBytesMin = floorSettling.toleranceBytes;
/** Rounds after which they become twice as long, and again after every `furtherFloors`. */
const firstFloors = 60;
const furtherFloors = 30;
const laterRoundMsMax = 60_000;

/** Says how many cycles the next round has on average. */
export interface Sizer {
  readonly meanCycles: number;
  /** Makes rounds smaller, so that more of them fit in before the target runs out of something. */
  shrink(): void;
  /** Back to short rounds, where many floors are wanted rather than many cycles. */
  restart(roundMs: number): void;
  /** Takes note of a round that was driven, of how long its floor took, and of the heap at that floor. */
  observe(cycles: number, durationMs: number, settleMs?: number, heapUsedBytes?: number): void;
}

/** Sizes rounds by the speed of the target. */
export class RoundSizer implements Sizer {
  private mean: number;
  private floors = 0;
  private msPerCycle = 0;
  private heapUsedBytes: number | undefined;
  private heapFell = false;
  private usualMax = automaticMax;
  /** Cycles that a round never has again, since the target would run out of something. */
  private ceiling = Number.POSITIVE_INFINITY;
  private readonly automatic: boolean;

  constructor(
    requested: number | 'auto',
    private readonly concurrency: number,
    /** Rounds become longer once there are many: a leak of few bytes shows over many cycles. */
    private readonly lengthens = true,
  ) {
    this.automatic = requested === 'auto';
    this.mean = requested === 'auto' ? Math.max(automaticMin, concurrency) : requested;
  }

  get meanCycles(): number {
    return this.mean;
  }

  shrink(): void {
    if (!this.automatic) return;
    this.mean = Math.max(automaticMin, Math.ceil(this.mean / 2));
    this.ceiling = this.mean;
  }

  restart(roundMs: number): void {
    if (!this.automatic || this.msPerCycle === 0) return;
    const fitting = Math.round(roundMs / this.msPerCycle);
    this.mean = Math.max(automaticMin, this.concurrency, Math.min(this.mean, this.usualMax, fitting));
  }

  observe(cycles: number, durationMs: number, settleMs = 0, heapUsedBytes?: number): void {
    this.floors += 1;
    if (cycles > 0) this.msPerCycle = durationMs / cycles;
    this.watchHeap(heapUsedBytes);
    const sizes = this.floors <= sizingRounds || this.floors === flatFloors;
    if (this.automatic && sizes && cycles > 0) this.mean = this.fitting(settleMs);
    const beyond = this.floors - firstFloors;
    const isDue = this.lengthens && beyond >= 0 && beyond % furtherFloors === 0;
    const doubled = this.mean * 2;
    if (isDue && doubled <= this.ceiling && doubled * this.msPerCycle <= laterRoundMsMax) this.mean = doubled;
  }

  /** The first floors fall because code is compiled. Where no heap can be read, rounds stay as they are. */
  private watchHeap(heapUsedBytes: number | undefined): void {
    const before = this.heapUsedBytes;
    this.heapUsedBytes = heapUsedBytes;
    if (heapUsedBytes === undefined || before === undefined) return;
    if (this.floors > sizingRounds && before - heapUsedBytes > fallBytesMin) this.heapFell = true;
    if (this.floors === flatFloors && !this.heapFell) this.usualMax = flatMax;
  }

  private fitting(settleMs: number): number {
    const roundMsMax = Math.max(cheapRoundMsMax, settleMs * dearFloorShare);
    const wantedMs = Math.min(roundMsMax, Math.max(roundMsMin, settleMs));
    const cyclesMax = Math.min(this.ceiling, Math.round(this.usualMax * (roundMsMax / cheapRoundMsMax)));
    const fitting = Math.min(cyclesMax, Math.round(wantedMs / this.msPerCycle), this.mean * 8);
    return Math.max(automaticMin, this.concurrency, fitting);
  }
}
