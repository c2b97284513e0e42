import { expect, test } from 'vitest';
import { VirtualClock } from '../../../../harness/platform/clock.js';
import { drivingMs, TimeLimit } from '../../../../harness/run/measuring/time-limit.js';
import { runParameters, totalLimitMs } from '../../../../harness/run/run-parameters.js';

test.each([
  [10_000, 6_000],
  [120_000, 72_000],
  [24 * 3_600_000, 24 * 3_600_000 - 75_000],
])('of %d ms in all, %d ms at most are driven', (totalMs, wanted) => {
  expect(drivingMs(totalMs)).toBe(wanted);
});

test('a run has what is left until it must end, and the census half of that', async () => {
  const clock = new VirtualClock();
  const limit = new TimeLimit(clock, 10_000);
  await clock.wait(4_000);
  expect([limit.leftMs, limit.censusMs]).toEqual([5_500, 2_750]);
  await clock.wait(60_000);
  expect(limit.leftMs).toBe(0);
  limit.end();
});

test.each([
  [1_000, 950],
  [10_000, 9_500],
  [3_600_000, 3_599_500],
])('of %d ms, what is driven, rested and looked for ends after %d ms', (totalMs, wanted) => {
  const limit = new TimeLimit(new VirtualClock(), totalMs);
  expect(limit.leftMs).toBe(wanted);
  limit.end();
});

test('a run without a duration rests for as long as it needs', () => {
  expect(new TimeLimit(new VirtualClock()).leftMs).toBe(Number.POSITIVE_INFINITY);
  expect(totalLimitMs({})).toBeUndefined();
  expect(runParameters({}, undefined)).toMatchObject({ durationMs: 120_000, untilDecided: true });
});

test('a duration limits runs and nights; comparisons drive for all of it', () => {
  expect(runParameters({ durationMs: 20_000 }, undefined).durationMs).toBe(12_000);
  expect(runParameters({ durationMs: 20_000, purpose: 'compare' }, undefined).durationMs).toBe(20_000);
});

test('a time to drive is driven exactly, whatever is decided', () => {
  expect(runParameters({ driveMs: 30_000 }, undefined)).toMatchObject({ durationMs: 30_000, untilDecided: false });
});
