import { expect, it } from 'vitest';
import { firstCycleOf } from '../../../../harness/run/measuring/first-cycle.js';

it('a run begins beyond the numbers that a run before can have come to, and within what a number holds', () => {
  const [first, second] = ['2026-11-29T02:00:00.900Z', '2026-11-29T02:01:00.100Z'].map(firstCycleOf) as [
    number,
    number,
  ];
  expect(second - first).toBe(60 * 100_000);
  expect(Number.isSafeInteger(firstCycleOf('2099-01-01T00:00:00.000Z') + 1e12)).toBe(true);
});
