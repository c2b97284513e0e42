import type { DriveProgress } from '../model/agent-protocol.js';
import { PlateauError } from '../model/errors.js';
import type { Clock } from '../platform/clock.js';

/** A call that fails after so long was waiting for something: it timed out. */
const slowFailureMs = 5_000;

interface StallLimits {
  readonly clock: Clock;
  readonly stallMs: number;
}

/**
 * Runs `work` while asking `progress` from time to time; gives up when for `stallMs` nothing finished, or nothing but
 * calls that timed out.
 * @param progress rejects when the target does not answer
 * @throws {PlateauError} `PLATEAU_TARGET_UNRESPONSIVE`
 */
export async function watchForStall<Result>(
  work: Promise<Result>,
  progress: () => Promise<DriveProgress>,
  limits: StallLimits,
): Promise<Result> {
  const { clock, stallMs } = limits;
  const done = new AbortController();
  const watch = async (): Promise<never> => {
    const moves = new Moves(limits);
    for (;;) {
      await clock.wait(Math.min(500, stallMs / 4), done.signal);
      if (done.signal.aborted) return new Promise<never>(() => undefined);
      const stall = moves.note(await progress().catch(() => undefined));
      if (stall !== undefined) throw stall;
    }
  };
  try {
    return await Promise.race([work, watch()]);
  } finally {
    done.abort();
  }
}

/** When something last finished, and when something last succeeded. */
class Moves {
  private last: DriveProgress = { finished: 0, succeeded: 0, underWay: {} };
  private hasAnswered = false;
  private finishedMs: number;
  private succeededMs: number;
  private finishedAtSuccess = 0;

  constructor(private readonly limits: StallLimits) {
    this.finishedMs = this.succeededMs = limits.clock.monotonicMs();
  }

  /**
   * @param now undefined when the target did not answer
   * @returns the error once it is a stall
   */
  note(now: DriveProgress | undefined): PlateauError | undefined {
    const { clock, stallMs } = this.limits;
    const before = this.last;
    const nowMs = clock.monotonicMs();
    this.last = now ?? before;
    this.hasAnswered ||= now !== undefined;
    if (this.last.finished !== before.finished) this.finishedMs = nowMs;
    if (this.last.succeeded !== before.succeeded) {
      this.succeededMs = nowMs;
      this.finishedAtSuccess = this.last.finished;
    }
    const timedOut = this.last.finished - this.finishedAtSuccess;
    const { finished } = this.last;
    if (nowMs - this.finishedMs > stallMs)
      return this.stalled('finished', this.hasAnswered ? `${finished} finished before` : 'the target does not answer');
    return nowMs - this.succeededMs > stallMs && timedOut <= this.timeoutsMax
      ? this.stalled('succeeded', `${finished} finished until now, the last ones with a time-out`)
      : undefined;
  }

  /** More calls than that would not have had the time to. */
  private get timeoutsMax(): number {
    const underWay = Object.values(this.last.underWay).reduce((sum, calls) => sum + calls, 0);
    return (Math.max(1, underWay) * this.limits.stallMs) / slowFailureMs;
  }

  private stalled(did: 'finished' | 'succeeded', besides: string): PlateauError {
    const waiting = Object.entries(this.last.underWay).map(([call, count]) => `${count} in ${call}`);
    const where = waiting.length === 0 ? '' : `; waiting: ${waiting.join(', ')}`;
    const seconds = Math.round(this.limits.stallMs / 1_000);
    return new PlateauError('PLATEAU_TARGET_UNRESPONSIVE', `no cycle ${did} for ${seconds} s (${besides})${where}`, {
      hint: 'look at what the target waits for: a lock, a pool, an answer that never comes',
    });
  }
}
