import { expect, test } from 'vitest';
import { recordRunProbability } from '../../../../harness/analyse/statistics/record-rule.js';
import { seededRandom } from '../../../../harness/platform/random.js';

test('five records in a row after five values: 1/6 · 1/7 · 1/8 · 1/9 · 1/10', () => {
  expect(recordRunProbability([5, 4, 3, 2, 1, 6, 7, 8, 9, 10])).toBeCloseTo(1 / 30_240, 15);
});

test('a tie breaks the run', () => {
  expect(recordRunProbability([0, 1, 2, 3, 3])).toBe(1);
  expect(recordRunProbability([0, 1, 2, 2, 3])).toBeCloseTo(1 / 5, 15);
});

test('of exchangeable values it is as seldom as it says', () => {
  const random = seededRandom('records');
  const trials = 20_000;
  let seldom = 0;
  for (let trial = 0; trial < trials; trial += 1)
    if (recordRunProbability(Array.from({ length: 12 }, random)) <= 0.01) seldom += 1;
  expect(seldom / trials).toBeLessThan(0.011);
});
