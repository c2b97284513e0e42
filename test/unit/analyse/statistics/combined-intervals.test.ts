import { describe, expect, test } from 'vitest';
import { differenceOf, ratioOf } from '../../../../harness/analyse/statistics/combined-intervals.js';

describe('difference', () => {
  test('of symmetric intervals: their half-widths add as squares', () => {
    const left = { estimate: 10, low: 7, high: 13 };
    const right = { estimate: 30, low: 26, high: 34 };
    expect(differenceOf(left, right)).toEqual({ estimate: 20, low: 15, high: 25 });
  });

  test('of a skew interval: the side that faces the other one counts', () => {
    const none = { estimate: 0, low: 0, high: 0.0003 };
    const exact = { estimate: 1, low: 1, high: 1 };
    expect(differenceOf(none, exact)).toEqual({ estimate: 1, low: 0.9997, high: 1 });
    expect(differenceOf(exact, none)).toEqual({ estimate: -1, low: -1, high: -0.9997 });
  });
});

describe('ratio', () => {
  // Fieller's theorem with s = half-width: (ab ± sqrt((ab)^2 - (a^2 - s^2)(b^2 - t^2))) / (b^2 - t^2).
  test.each([
    { a: 8, s: 1, b: 10, t: 1 },
    { a: -2, s: 1, b: 10, t: 2 },
    { a: 0.5, s: 1, b: 4, t: 0.5 },
  ])('of symmetric intervals is that of Fieller: $a ± $s over $b ± $t', ({ a, s, b, t }) => {
    const ratio = ratioOf({ estimate: a, low: a - s, high: a + s }, { estimate: b, low: b - t, high: b + t })!;
    const root = Math.sqrt((a * b) ** 2 - (a ** 2 - s ** 2) * (b ** 2 - t ** 2));
    expect(ratio.low).toBeCloseTo((a * b - root) / (b ** 2 - t ** 2), 12);
    expect(ratio.high).toBeCloseTo((a * b + root) / (b ** 2 - t ** 2), 12);
  });

  test('of nothing left is nothing, as exactly as it is known', () => {
    const ratio = ratioOf({ estimate: 0, low: 0, high: 0.01 }, { estimate: 1, low: 1, high: 1 });
    expect(ratio).toEqual({ estimate: 0, low: 0, high: 0.01 });
  });

  test('is unknown where the denominator may be zero', () => {
    expect(ratioOf({ estimate: 1, low: 0, high: 2 }, { estimate: 1, low: 0, high: 2 })).toBeUndefined();
  });

  test('a wide denominator gives a wide ratio that still holds the estimate', () => {
    const ratio = ratioOf({ estimate: 5, low: 4, high: 6 }, { estimate: 1, low: 0.01, high: 3 })!;
    expect(ratio.low).toBeLessThan(5);
    expect(ratio.low).toBeGreaterThan(0);
    expect(ratio.high).toBeGreaterThan(5);
  });
});
