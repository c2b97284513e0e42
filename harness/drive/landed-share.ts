/** Fewer cycles show no trend. */
const cyclesMin = 8;

/**
 * How much of a rate a target takes. One that takes fewer cycles than come ends each later than the one before, counted from
 * when it was meant to begin; one that only answers slowly does not. Keeps sums alone.
 */
export class LandedShare {
  private cycles = 0;
  private indexes = 0;
  private squares = 0;
  private latenciesMs = 0;
  private products = 0;

  constructor(private readonly ratePerSecond: number) {}

  /** @param latencyMs from when the cycle was meant to begin to its end */
  note(index: number, latencyMs: number): void {
    this.cycles += 1;
    this.indexes += index;
    this.squares += index * index;
    this.latenciesMs += latencyMs;
    this.products += index * latencyMs;
  }

  /** From 0 to 1; undefined where the round was too short to show it. */
  get value(): number | undefined {
    if (this.cycles < cyclesMin) return undefined;
    const spread = this.cycles * this.squares - this.indexes ** 2;
    const laterMs = (this.cycles * this.products - this.indexes * this.latenciesMs) / spread;
    return 1 / (1 + (Math.max(0, laterMs) * this.ratePerSecond) / 1_000);
  }
}
