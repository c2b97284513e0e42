import { expect, test } from 'vitest';
import { cyclesToFill } from '../../../../harness/analyse/next/fill-holders.js';
import type { Finding } from '../../../../harness/model/run-record.js';

const filling = (unit: string, slope: number) =>
  ({
    verdict: 'inconclusive',
    unit,
    slope: { estimate: slope, low: slope, high: slope, unit: `${unit}/cycle` },
    rule: { name: 'holder-has-room', numbers: { entriesMax: 15_000, entriesPerCycle: 0.5 } },
  }) as unknown as Finding;

test('cycles are driven until a collection is as full as it may be', () => {
  expect(cyclesToFill([filling('B', 700), filling('objects', 3)], 6_000)).toBe(24_000);
});

test('none are needed to fill what is full, whose growth was not read since', () => {
  expect(cyclesToFill([filling('B', 700)], 40_000)).toBe(0);
});

test('none are driven beside a leak, for what takes too much memory, or where nothing fills', () => {
  expect(cyclesToFill([filling('B', 700), { ...filling('fds', 1), verdict: 'leak' }], 6_000)).toBeUndefined();
  expect(cyclesToFill([filling('B', 70_000)], 6_000)).toBeUndefined();
  expect(cyclesToFill([], 6_000)).toBeUndefined();
});
