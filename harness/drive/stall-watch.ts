import { PlateauError } from '../model/errors.js';
import type { Clock } from '../platform/clock.js';

/**
 * Runs `work` while asking `progress` from time to time; gives up when it has not moved for `stallMs`.
 * @param progress cycles finished so far, or a rejection when the target does not answer
 * @throws {PlateauError} `PLATEAU_TARGET_UNRESPONSIVE`
 */
export async function watchForStall<Result>(
  work: Promise<Result>,
  progress: () => Promise<number>,
  { clock, stallMs }: { clock: Clock; stallMs: number },
): Promise<Result> {
  const done = new AbortController();
  const watch = async (): Promise<never> => {
    let before = -1;
    let movedMs = clock.monotonicMs();
    for (;;) {
      await clock.wait(Math.min(500, stallMs / 4), done.signal);
      if (done.signal.aborted) return new Promise<never>(() => undefined);
      const finished = await progress().catch(() => before);
      if (finished !== before) {
        before = finished;
        movedMs = clock.monotonicMs();
      } else if (clock.monotonicMs() - movedMs > stallMs) {
        throw new PlateauError(
          'PLATEAU_TARGET_UNRESPONSIVE',
          `no cycle finished for ${Math.round(stallMs / 1_000)} s (${Math.max(0, finished)} finished before)`,
          { hint: 'look at what the target waits for: a lock, a pool, an answer that never comes' },
        );
      }
    }
  };
  try {
    return await Promise.race([work, watch()]);
  } finally {
    done.abort();
  }
}
