import { expect, test } from 'vitest';
import { clopperPearson, proportionBounds } from '../../../../harness/analyse/statistics/clopper-pearson.js';

test('interval of 7 in 20 at 95 %', () => {
  // R: binom.test(7, 20)$conf.int
  const { low, high } = clopperPearson(7, 20, 0.95);
  expect(low).toBeCloseTo(0.1539092, 6);
  expect(high).toBeCloseTo(0.5921885, 6);
});

test('one-sided lower bound of 3 in 15', () => {
  // SciPy documentation, scipy.stats.binomtest: proportion_ci of k=3, n=15, alternative='greater'
  expect(proportionBounds(3, 15, 0.05).low).toBeCloseTo(0.05684686759024681, 10);
});

test('none and all have closed forms', () => {
  expect(clopperPearson(0, 150, 0.95)).toEqual({ low: 0, high: expect.closeTo(1 - 0.025 ** (1 / 150), 10) });
  expect(clopperPearson(12, 12, 0.95)).toEqual({ low: expect.closeTo(0.025 ** (1 / 12), 10), high: 1 });
});

test('the rule of three: nothing in n trials bounds the rate at about 3/n', () => {
  for (const trials of [100, 10_000, 3_000_000])
    expect(proportionBounds(0, trials, 0.05).high * trials).toBeCloseTo(2.996, 1);
});
