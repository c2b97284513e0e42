import { setTimeout as waitFor } from 'node:timers/promises';

/** Time as the stages see it. */
export interface Clock {
  /** Wall clock, ms since 1970. */
  epochMs(): number;
  /** Never goes backwards; only differences mean something. */
  monotonicMs(): number;
  /** Resolves after `durationMs`, or at once when `signal` is aborted. */
  wait(durationMs: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  epochMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  async wait(durationMs, signal) {
    if (signal?.aborted) return;
    await waitFor(durationMs, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
      if (!signal?.aborted) throw error;
    });
  },
};

/** A clock that moves only when it is waited on; for tests of everything that keeps time. */
export class VirtualClock implements Clock {
  private elapsedMs = 0;

  constructor(private readonly startEpochMs = 0) {}

  epochMs(): number {
    return this.startEpochMs + this.elapsedMs;
  }

  monotonicMs(): number {
    return this.elapsedMs;
  }

  wait(durationMs: number, signal?: AbortSignal): Promise<void> {
    if (!signal?.aborted) this.elapsedMs += durationMs;
    return Promise.resolve();
  }
}
