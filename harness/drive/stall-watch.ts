import type { DriveProgress } from '../model/agent-protocol.js';
import { PlateauError } from '../model/errors.js';
import type { Clock } from '../platform/clock.js';

/**
 * Runs `work` while asking `progress` from time to time; gives up when it has not moved for `stallMs`.
 * @param progress rejects when the target does not answer
 * @throws {PlateauError} `PLATEAU_TARGET_UNRESPONSIVE`
 */
export async function watchForStall<Result>(
  work: Promise<Result>,
  progress: () => Promise<DriveProgress>,
  { clock, stallMs }: { clock: Clock; stallMs: number },
): Promise<Result> {
  const done = new AbortController();
  const watch = async (): Promise<never> => {
    let before: DriveProgress | undefined;
    let movedMs = clock.monotonicMs();
    for (;;) {
      await clock.wait(Math.min(500, stallMs / 4), done.signal);
      if (done.signal.aborted) return new Promise<never>(() => undefined);
      const now = await progress().catch(() => before);
      const moved = now?.finished !== before?.finished;
      before = now;
      if (moved) movedMs = clock.monotonicMs();
      else if (clock.monotonicMs() - movedMs > stallMs) throw stalled(before ?? { finished: 0, underWay: {} }, stallMs);
    }
  };
  try {
    return await Promise.race([work, watch()]);
  } finally {
    done.abort();
  }
}

function stalled({ finished, underWay }: DriveProgress, stallMs: number): PlateauError {
  const waiting = Object.entries(underWay).map(([call, count]) => `${count} in ${call}`);
  const where = waiting.length === 0 ? '' : `; waiting: ${waiting.join(', ')}`;
  return new PlateauError(
    'PLATEAU_TARGET_UNRESPONSIVE',
    `no cycle finished for ${Math.round(stallMs / 1_000)} s (${finished} finished before)${where}`,
    { hint: 'look at what the target waits for: a lock, a pool, an answer that never comes' },
  );
}
