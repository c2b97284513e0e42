import { describe, expect, test } from 'vitest';
import { watchForStall } from '../../../harness/drive/stall-watch.js';
import type { DriveProgress } from '../../../harness/model/agent-protocol.js';
import { VirtualClock } from '../../../harness/platform/clock.js';

interface Driven {
  readonly untilMs?: number;
  /** What was driven by then. */
  readonly progress: (elapsedMs: number) => Omit<DriveProgress, 'underWay'>;
}

/** How a drive ends that is watched, and when. */
async function watch({ untilMs = Number.POSITIVE_INFINITY, progress }: Driven) {
  const clock = new VirtualClock();
  let end: () => void = () => undefined;
  const work = new Promise<'ended'>((resolve) => {
    end = () => resolve('ended');
  });
  const readProgress = (): Promise<DriveProgress> => {
    if (clock.monotonicMs() >= untilMs) end();
    return Promise.resolve({ ...progress(clock.monotonicMs()), underWay: { 'order.create': 4 } });
  };
  const outcome = await watchForStall(work, readProgress, { clock, stallMs: 20_000 }).catch(
    (error: Error) => error.message,
  );
  return { outcome, elapsedMs: clock.monotonicMs() };
}

/** Each of four calls fails after so long. */
const failing = (failureMs: number) => (elapsedMs: number) => ({
  finished: 900 + 4 * Math.floor(elapsedMs / failureMs),
  succeeded: 900,
});

describe('a stall', () => {
  test('is when nothing finishes', async () => {
    const { outcome, elapsedMs } = await watch({ progress: () => ({ finished: 7, succeeded: 7 }) });
    expect(outcome).toBe('no cycle finished for 20 s (7 finished before); waiting: 4 in order.create');
    expect(elapsedMs).toBeLessThan(22_000);
  });

  test('is when the target does not even answer', async () => {
    const clock = new VirtualClock();
    const work = new Promise<never>(() => undefined);
    const progress = () => Promise.reject(new Error('no answer'));
    await expect(watchForStall(work, progress, { clock, stallMs: 20_000 })).rejects.toThrow(
      /^no cycle finished for 20 s \(the target does not answer\)$/,
    );
  });

  test('is when nothing finishes but calls that time out', async () => {
    const { outcome, elapsedMs } = await watch({ progress: failing(10_000) });
    expect(outcome).toBe(
      'no cycle succeeded for 20 s (908 finished until now, the last ones with a time-out); waiting: 4 in order.create',
    );
    expect(elapsedMs).toBeLessThan(22_000);
  });

  test('is none when calls are refused at once', async () => {
    expect(await watch({ progress: failing(50), untilMs: 60_000 })).toMatchObject({ outcome: 'ended' });
  });

  test('is none when something succeeds now and then beside calls that time out', async () => {
    const progress = (elapsedMs: number) => ({
      finished: Math.floor(elapsedMs / 2_500),
      succeeded: Math.floor(elapsedMs / 15_000),
    });
    expect(await watch({ progress, untilMs: 120_000 })).toMatchObject({ outcome: 'ended' });
  });
});
