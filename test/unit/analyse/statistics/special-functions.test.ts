import { expect, test } from 'vitest';
import { betaQuantile, incompleteBeta, logGamma } from '../../../../harness/analyse/statistics/special-functions.js';

test.each([
  [1, 0],
  [0.5, Math.log(Math.sqrt(Math.PI))],
  [5, Math.log(24)],
  [0.25, 1.2880225246980774], // ln 3.6256099082, Abramowitz and Stegun table 6.1
  [171, 706.5730622457874], // ln 170!
])('ln gamma of %d', (x, value) => {
  expect(logGamma(x)).toBeCloseTo(value, 9);
});

test('the incomplete beta function has closed forms for whole parameters', () => {
  for (const x of [0.01, 0.2, 0.5, 0.77, 0.999]) {
    expect(incompleteBeta(x, 1, 4)).toBeCloseTo(1 - (1 - x) ** 4, 12);
    expect(incompleteBeta(x, 3, 1)).toBeCloseTo(x ** 3, 12);
    expect(incompleteBeta(x, 2, 3)).toBeCloseTo(6 * x ** 2 - 8 * x ** 3 + 3 * x ** 4, 12);
    expect(incompleteBeta(x, 0.5, 0.5)).toBeCloseTo((2 / Math.PI) * Math.asin(Math.sqrt(x)), 12);
  }
  expect(incompleteBeta(0, 2, 2)).toBe(0);
  expect(incompleteBeta(1, 2, 2)).toBe(1);
});

test('the quantile undoes the distribution, also for the millions of trials of a long run', () => {
  expect(incompleteBeta(betaQuantile(0.999, 3, 2_000_000), 3, 2_000_000)).toBeCloseTo(0.999, 9);
  expect(incompleteBeta(betaQuantile(0.01, 7, 4), 7, 4)).toBeCloseTo(0.01, 9);
});
