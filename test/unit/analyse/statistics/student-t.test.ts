import { expect, test } from 'vitest';
import { studentDistribution, studentQuantile } from '../../../../harness/analyse/statistics/student-t.js';

test.each([
  // R 4: qt(p, df)
  [0.975, 10, 2.228138852],
  [0.95, 5, 2.015048373],
  [0.99, 3, 4.540702859],
  [0.995, 30, 2.749995654],
  [0.975, 120, 1.979930405],
  // One degree of freedom is Cauchy's: tan(pi (p - 1/2)).
  [0.975, 1, Math.tan(Math.PI * 0.475)],
  // Two: (2p - 1) / sqrt(2 p (1 - p)).
  [0.999, 2, (2 * 0.999 - 1) / Math.sqrt(2 * 0.999 * 0.001)],
  [0.9999, 2, (2 * 0.9999 - 1) / Math.sqrt(2 * 0.9999 * 0.0001)],
])('quantile of t at %d with %d degrees of freedom', (probability, degrees, quantile) => {
  expect(studentQuantile(probability, degrees)).toBeCloseTo(quantile, 6);
  expect(studentQuantile(1 - probability, degrees)).toBeCloseTo(-quantile, 6);
});

test('with many degrees of freedom t is normal', () => {
  // R: qnorm(0.975), qnorm(0.999)
  expect(studentQuantile(0.975, 1e7)).toBeCloseTo(1.959963985, 5);
  expect(studentQuantile(0.999, 1e7)).toBeCloseTo(3.090232306, 5);
});

test('the distribution undoes the quantile', () => {
  for (const degrees of [1, 2, 7, 40])
    for (const probability of [0.001, 0.3, 0.5, 0.9, 0.9999])
      expect(studentDistribution(studentQuantile(probability, degrees), degrees)).toBeCloseTo(probability, 10);
});
