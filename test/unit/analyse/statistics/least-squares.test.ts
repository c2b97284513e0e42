import { expect, test } from 'vitest';
import { leastSquares } from '../../../../harness/analyse/statistics/least-squares.js';
import { multipleLeastSquares } from '../../../../harness/analyse/statistics/multiple-least-squares.js';

test('the first set of Anscombe (1973)', () => {
  // R: summary(lm(y1 ~ x1, anscombe))
  const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
  const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
  const line = leastSquares(x, y);
  expect(line.slope).toBeCloseTo(0.500090909, 8);
  expect(line.intercept).toBeCloseTo(3.000090909, 8);
  expect(line.standardError).toBeCloseTo(0.1179055, 6);
  expect(line.degreesOfFreedom).toBe(9);
  expect(Math.sqrt(line.residualSum / 9)).toBeCloseTo(1.2366033, 6);
});

test('a huge offset costs no digits', () => {
  const x = [0, 1, 2, 3, 4].map((value) => value + 1e12);
  expect(leastSquares(x, [1, 3, 5, 7, 9]).slope).toBe(2);
});

test('nothing can be said of two points, or of one x', () => {
  expect(leastSquares([0, 1], [0, 1]).standardError).toBe(Number.POSITIVE_INFINITY);
  expect(leastSquares([3, 3, 3], [0, 1, 2])).toMatchObject({ slope: 0, standardError: Number.POSITIVE_INFINITY });
});

test('the Longley data: NIST StRD, linear regression, certified values', () => {
  const employed = [
    60323, 61122, 60171, 61187, 63221, 63639, 64989, 63761, 66019, 67857, 68169, 66513, 68655, 69564, 69331, 70551,
  ];
  const columns = [
    [83, 88.5, 88.2, 89.5, 96.2, 98.1, 99, 100, 101.2, 104.6, 108.4, 110.8, 112.6, 114.2, 115.7, 116.9],
    [
      234289, 259426, 258054, 284599, 328975, 346999, 365385, 363112, 397469, 419180, 442769, 444546, 482704, 502601,
      518173, 554894,
    ],
    [2356, 2325, 3682, 3351, 2099, 1932, 1870, 3578, 2904, 2822, 2936, 4681, 3813, 3931, 4806, 4007],
    [1590, 1456, 1616, 1650, 3099, 3594, 3547, 3350, 3048, 2857, 2798, 2637, 2552, 2514, 2572, 2827],
    [
      107608, 108632, 109773, 110929, 112075, 113270, 115094, 116219, 117388, 118734, 120445, 121950, 123366, 125368,
      127852, 130081,
    ],
    Array.from({ length: 16 }, (_, year) => 1947 + year),
  ];
  const fit = multipleLeastSquares(columns, employed);
  const certified = [
    [15.0618722713733, 84.9149257747669],
    [-0.035819179292591, 0.0334910077722432],
    [-2.02022980381683, 0.488399681651699],
    [-1.03322686717359, 0.214274163161675],
    [-0.0511041056535807, 0.22607320006937],
    [1829.15146461355, 455.478499142212],
  ];
  certified.forEach(([coefficient, error], column) => {
    expect(fit!.coefficients[column]! / coefficient!).toBeCloseTo(1, 6);
    expect(fit!.standardErrors[column]! / error!).toBeCloseTo(1, 6);
  });
  expect(Math.sqrt(fit!.residualSum / fit!.degreesOfFreedom)).toBeCloseTo(304.854073561965, 4);
});

test('columns that cannot be distinguished are not fitted', () => {
  expect(
    multipleLeastSquares(
      [
        [1, 2, 3, 4, 5],
        [2, 4, 6, 8, 10],
      ],
      [1, 2, 3, 4, 5],
    ),
  ).toBeUndefined();
});
