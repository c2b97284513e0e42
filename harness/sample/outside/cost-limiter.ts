import type { Clock } from '../../platform/clock.js';

/** Keeps a costly reading below a share of the time: after one that took 10 ms, 1 % means none for a second. */
export class CostLimiter {
  private lastCostMs = 0;
  private lastEndMs = Number.NEGATIVE_INFINITY;

  /** @param freeMs readings that cost no more are always allowed */
  constructor(
    private readonly clock: Clock,
    private readonly freeMs = 0,
  ) {}

  allows(share: number): boolean {
    if (this.lastCostMs <= this.freeMs) return true;
    return this.clock.monotonicMs() >= this.lastEndMs + this.lastCostMs / share;
  }

  measure<Result>(reading: () => Result): Result {
    const startMs = this.clock.monotonicMs();
    try {
      return reading();
    } finally {
      this.lastEndMs = this.clock.monotonicMs();
      this.lastCostMs = this.lastEndMs - startMs;
    }
  }
}
