import { expect, test } from 'vitest';
import { BackOff } from '../../../../scenarios/series-api/target/health/back-off.js';
import { Monitor } from '../../../../scenarios/series-api/target/health/monitor.js';

/** When a monitor checks, in seconds since it began, a dependency that answers from check `recovers` on. */
async function checkTimes(checks: number, recovers = Number.POSITIVE_INFINITY): Promise<number[]> {
  const seconds: number[] = [];
  let elapsedMs = 0;
  await new Promise<void>((finished) => {
    const monitor = new Monitor('http://dependency', {
      intervalMs: 1_000,
      backOff: new BackOff(),
      wait: async (durationMs) => {
        elapsedMs += durationMs;
      },
      probe: async () => {
        seconds.push(elapsedMs / 1_000);
        if (seconds.length === checks) {
          monitor.stop();
          finished();
        }
        if (seconds.length < recovers) throw new Error('down');
      },
    });
  });
  return seconds;
}

test('a dependency that is down is asked seven times in the first 64 seconds, then once a minute', async () => {
  expect(await checkTimes(9)).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
});

test('an answer sets the pauses back', async () => {
  expect(await checkTimes(7, 4)).toEqual([0, 1, 3, 7, 8, 9, 10]);
});

test('waits double up to a minute and begin anew after a reset', () => {
  const backOff = new BackOff();
  expect(Array.from({ length: 8 }, () => backOff.next())).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000,
  ]);
  backOff.reset();
  expect(backOff.next()).toBe(1_000);
});
