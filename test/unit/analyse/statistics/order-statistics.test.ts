import { expect, test } from 'vitest';
import { mean, median, robustDeviation } from '../../../../harness/analyse/statistics/order-statistics.js';

test('median of odd, even and no values', () => {
  expect(median([5, 1, 9])).toBe(5);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test('the median leaves its input as it is', () => {
  const values = Float64Array.of(3, 1, 2);
  median(values);
  expect([...values]).toEqual([3, 1, 2]);
});

test('one wild value does not move the robust deviation', () => {
  // R: mad(c(1, 2, 3, 4, 100))
  expect(robustDeviation([1, 2, 3, 4, 100])).toBeCloseTo(1.4826, 10);
});

test('mean', () => {
  expect(mean([1, 2, 6])).toBe(3);
});
