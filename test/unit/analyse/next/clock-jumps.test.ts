import { expect, test } from 'vitest';
import { jumpStops, moveClockOn } from '../../../../harness/analyse/next/clock-jumps.js';
import type { Finding } from '../../../../harness/model/run-record.js';
import { observedTarget, performed } from '../../../support/planned-target.js';

const minuteMs = 60_000;
const leak = { metric: 'heapUsed', first: 5e6, last: 15e6 } as Finding;

/** Moves the clock of a target on that keeps 10 MB until a time. */
function moveOn(keptMs: number, seen?: Parameters<typeof moveClockOn>[2], doubtful = leak) {
  const readAtMs: number[] = [];
  const target = observedTarget({ lastFloor: { heapUsed: 15e6 }, clockMovedMs: 0 });
  const { found: went } = performed(moveClockOn(target, [doubtful], seen), target, () => {
    readAtMs.push(target.clockMovedMs!);
    target.lastFloor = { heapUsed: target.clockMovedMs! >= keptMs ? 5e6 : 15e6 };
  });
  return { went, readAtMs };
}

test('the clock is moved on until what grew has gone, and for a day where nothing goes', () => {
  const { went, readAtMs } = moveOn(30 * minuteMs);
  expect(went).toEqual({ fromMs: 16 * minuteMs, untilMs: 31 * minuteMs });
  expect(readAtMs.at(-1)).toBe(31 * minuteMs);
  const kept = moveOn(Number.POSITIVE_INFINITY);
  expect(kept.went).toBeUndefined();
  expect(kept.readAtMs.at(-1)).toBeGreaterThan(25 * 60 * minuteMs);
});

test('the next rest is read finely where the first one showed it to go', () => {
  const { went } = moveOn(30 * minuteMs, { fromMs: 16 * minuteMs, untilMs: 31 * minuteMs });
  expect(went!.untilMs - went!.fromMs).toBeLessThan(minuteMs);
  expect(went!.fromMs).toBeLessThan(30 * minuteMs);
  expect(went!.untilMs).toBeGreaterThanOrEqual(30 * minuteMs);
});

test('what is counted at the end alone is given the whole day', () => {
  const { readAtMs } = moveOn(30 * minuteMs, undefined, { ...leak, metric: 'objects' });
  expect(readAtMs.at(-1)).toBe(26 * 60 * minuteMs);
});

test('after days that were driven, as many are given', () => {
  expect(jumpStops(undefined, 1).at(-1)).toBe(26 * 60 * minuteMs);
  expect(jumpStops(undefined, 8).at(-1)).toBeGreaterThan(8 * 24 * 60 * minuteMs);
});

test('stops go up, the finer ones too', () => {
  for (const stops of [jumpStops(undefined), jumpStops({ fromMs: 0, untilMs: minuteMs })])
    expect(stops).toEqual([...stops].sort((left, right) => left - right));
});
