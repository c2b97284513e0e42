import { expect, test } from 'vitest';
import { sensitivity } from '../../../reporters/sensitivity.js';
import { findingWith, recordWith } from '../../support/record-with.js';

const seen = (budget: number, detectionFloor: number, metric = 'heapUsed', unit = 'B') =>
  sensitivity(recordWith({ verdict: 'plateau', findings: [findingWith({ metric, unit, budget, detectionFloor })] }));

test('growth that would not have passed is seen from the budget on, and is a leak from where it would have been called so', () => {
  expect(seen(14.7, 78.8)).toBe('growth of heapUsed from 14.7 B/cycle (a leak from 78.8 B/cycle)');
});

test('where both are one, it is said once', () => {
  expect(seen(0.002, 0.002, 'fds', 'fds')).toBe('growth of fds from 2/k cycles');
  expect(seen(64, 8.1)).toBe('growth of heapUsed from 8.1 B/cycle');
});

test('where no growth at all would pass, it is what would have been a leak', () => {
  expect(seen(0, 0.0003, 'fds', 'fds')).toBe('growth of fds from 0.3/k cycles');
});
