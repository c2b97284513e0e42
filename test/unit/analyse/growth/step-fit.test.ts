import { expect, test } from 'vitest';
import { lineOverStep } from '../../../../harness/analyse/growth/step-fit.js';
import { leastSquares } from '../../../../harness/analyse/statistics/least-squares.js';

const ratio = (values: readonly number[]) => lineOverStep(values, leastSquares([...values.keys()], values).residualSum);

test('a step is reported by a step', () => {
  expect(ratio([0, 0, 0, 0, 8, 8, 8, 8])).toBe(0);
});

test('a straight line leaves a quarter of its variance to the best step', () => {
  // Residuals of 0..7 around the means of its halves: 2 · (1.5² + 0.5² + 0.5² + 1.5²) = 10.
  expect(lineOverStep([0, 1, 2, 3, 4, 5, 6, 7], 1)).toBeCloseTo(10, 10);
  expect(ratio([0, 1, 2, 3, 4, 5, 6, 7])).toBeGreaterThan(1e12);
});

test('nothing is preferred in a handful of values', () => {
  expect(ratio([0, 1, 2, 3, 4, 5, 6])).toBe(1);
});
