import type { Clock } from '../../platform/clock.js';

/**
 * Part of a run's time that is kept for what follows driving: the census, rest and the cause. The census takes 15 s at
 * most, a rest that decides 6 s, one that lasts until known timers have fired 65 s.
 */
const keptShare = 0.4;
const keptMsMax = 75_000;
/**
 * Part of a run's time that is kept for ending the target and judging the run: 0.2 s to 0.4 s where eight processes want
 * two cores.
 */
const endShare = 0.05;
const endMsMax = 500;
/** Of the time that is left after driving, the census may take this share: the rest decides more. */
const censusShare = 0.5;

/** How long a run may take from the start of its target to its verdict. */
export class TimeLimit {
  private readonly startedMs: number;
  private readonly over = new AbortController();
  private readonly timer: NodeJS.Timeout | undefined;
  private readonly untilEndMs: number;

  /** @param totalMs absent: what follows driving takes as long as it needs */
  constructor(
    private readonly clock: Clock,
    totalMs = Number.POSITIVE_INFINITY,
  ) {
    this.startedMs = clock.monotonicMs();
    this.untilEndMs = totalMs - Math.min(totalMs * endShare, endMsMax);
    if (totalMs === Number.POSITIVE_INFINITY) return;
    // Longer timers fire at once; nothing rests or counts for so long.
    this.timer = setTimeout(() => this.over.abort(), Math.min(this.untilEndMs, 2 ** 31 - 1));
    this.timer.unref();
  }

  /** Aborted when there is only time left to end the run. */
  get signal(): AbortSignal {
    return this.over.signal;
  }

  /** Until there is only time left to end the run. */
  get leftMs(): number {
    return Math.max(0, this.untilEndMs - (this.clock.monotonicMs() - this.startedMs));
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
