import type { Clock } from '../../platform/clock.js';

/**
 * Part of a run's time that is kept for what follows driving: the census, rest and the cause. The census takes 15 s at
 * most, a rest that decides 6 s, one that lasts until known timers have fired 65 s.
 */
const keptShare = 0.4;
const keptMsMax = 75_000;
/** Of the time that is left after driving, the census may take this share: the rest decides more. */
const censusShare = 0.5;

/** How long a run may take from the start of its target to its verdict. */
export class TimeLimit {
  private readonly startedMs: number;
  private readonly over = new AbortController();
  private readonly timer: NodeJS.Timeout | undefined;

  /** @param totalMs absent: what follows driving takes as long as it needs */
  constructor(
    private readonly clock: Clock,
    private readonly totalMs?: number,
  ) {
    this.startedMs = clock.monotonicMs();
    if (totalMs === undefined) return;
    // Longer timers fire at once; nothing rests or counts for so long.
    this.timer = setTimeout(() => this.over.abort(), Math.min(totalMs, 2 ** 31 - 1));
    this.timer.unref();
  }

  /** Aborted when the time is over. */
  get signal(): AbortSignal {
    return this.over.signal;
  }

  get leftMs(): number {
    return this.totalMs === undefined
      ? Number.POSITIVE_INFINITY
      : Math.max(0, this.totalMs - (this.clock.monotonicMs() - this.startedMs));
  }

  get censusMs(): number {
    return this.leftMs * censusShare;
  }

  end(): void {
    clearTimeout(this.timer);
  }
}

/** How long cycles are driven at most in a run that may take so long in all. */
export function drivingMs(totalMs: number): number {
  return totalMs - Math.min(totalMs * keptShare, keptMsMax);
}
