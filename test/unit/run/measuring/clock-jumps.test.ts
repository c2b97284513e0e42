import { expect, test } from 'vitest';
import type { Finding } from '../../../../harness/model/run-record.js';
import { jumpStops, moveClockOn } from '../../../../harness/run/measuring/clock-jumps.js';
import { NodeClock } from '../../../../harness/run/measuring/target-clock.js';

const minuteMs = 60_000;
const leak = { metric: 'heapUsed', first: 5e6, last: 15e6 } as Finding;

/** Moves the clock of a target on that keeps 10 MB until a time. */
async function moveOn(keptMs: number, seen?: Parameters<typeof moveClockOn>[3]) {
  const readAtMs: number[] = [];
  let movedMs = 0;
  const agent = {
    hello: {},
    request: async (_: string, { byMs }: { byMs: number }) => {
      movedMs += byMs;
      return { movedMs };
    },
  };
  const measurement = {
    lastFloor: { heapUsed: 15e6 },
    floor: async () => {
      readAtMs.push(movedMs);
      measurement.lastFloor = { heapUsed: movedMs >= keptMs ? 5e6 : 15e6 };
    },
  };
  const parts = { measurement, signal: new AbortController().signal, onRest: () => undefined };
  const went = await moveClockOn(new NodeClock(agent as never), parts, [leak], seen);
  return { went, readAtMs };
}

test('the clock is moved on until what grew has gone, and for a day where nothing goes', async () => {
  const { went, readAtMs } = await moveOn(30 * minuteMs);
  expect(went).toEqual({ fromMs: 16 * minuteMs, untilMs: 31 * minuteMs });
  expect(readAtMs.at(-1)).toBe(31 * minuteMs);
  const kept = await moveOn(Number.POSITIVE_INFINITY);
  expect(kept.went).toBeUndefined();
  expect(kept.readAtMs.at(-1)).toBeGreaterThan(25 * 60 * minuteMs);
});

test('the next rest is read finely where the first one showed it to go', async () => {
  const { went } = await moveOn(30 * minuteMs, { fromMs: 16 * minuteMs, untilMs: 31 * minuteMs });
  expect(went!.untilMs - went!.fromMs).toBeLessThan(minuteMs);
  expect(went!.fromMs).toBeLessThan(30 * minuteMs);
  expect(went!.untilMs).toBeGreaterThanOrEqual(30 * minuteMs);
});

test('stops go up, the finer ones too', () => {
  for (const stops of [jumpStops(undefined), jumpStops({ fromMs: 0, untilMs: minuteMs })])
    expect(stops).toEqual([...stops].sort((left, right) => left - right));
});
