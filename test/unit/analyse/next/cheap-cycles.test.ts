import { expect, test } from 'vitest';
import { cheapCycles } from '../../../../harness/analyse/next/cheap-cycles.js';
import type { Finding } from '../../../../harness/model/run-record.js';

const leak = (metric: string, unit: string, slope: number) =>
  ({
    kind: 'growth',
    axis: 'cycle',
    verdict: 'leak',
    metric,
    unit,
    slope: { estimate: slope, low: slope, high: slope, unit: `${unit}/cycle` },
  }) as unknown as Finding;
const entries = [leak('heapUsed', 'B', 120), leak('gauge.entries', 'entries', 1)];
const lastFloor = { heapUsed: 8 * 1024 * 1024 };

test('four times the cycles are driven where those take a moment', () => {
  expect(cheapCycles(entries, { cycles: 10_000, cyclesPerSecond: 100_000, lastFloor })).toBe(40_000);
});

test('as many again are driven where a busy machine leaves time for no more', () => {
  expect(cheapCycles(entries, { cycles: 10_000, cyclesPerSecond: 3_000, lastFloor })).toBe(10_000);
});

test('none are driven where they are dear, or where something else would run out', () => {
  expect(cheapCycles(entries, { cycles: 10_000, cyclesPerSecond: 1_000, lastFloor })).toBeUndefined();
  expect(cheapCycles([leak('fds', 'fds', 1)], { cycles: 10_000, cyclesPerSecond: 100_000, lastFloor })).toBeUndefined();
});
