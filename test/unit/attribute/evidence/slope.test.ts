import { describe, expect, it } from 'vitest';
import { keepsGrowing, type Point, slopeOf } from '../../../../harness/attribute/evidence/slope.js';

const along = (values: readonly number[]): Point[] => values.map((value, index) => [index * 100, value]);

describe('the slope of a series', () => {
  it('is exact on a line', () => {
    const slope = slopeOf(along([5, 55, 105, 155, 205]));
    expect(slope?.estimate).toBeCloseTo(0.5, 12);
    expect(slope?.low).toBeCloseTo(0.5, 12);
    expect(slope?.high).toBeCloseTo(0.5, 12);
  });

  it('has the interval of a textbook regression', () => {
    // y = 2 x + e, e = [1, -1, 0, 1, -1]: slope 1.8, standard error 0.3266, t(3) = 3.182.
    const slope = slopeOf([1, 1, 4, 7, 7].map((value, index): Point => [index, value]));
    expect(slope?.estimate).toBeCloseTo(1.8, 12);
    expect(slope?.high).toBeCloseTo(1.8 + 3.182 * Math.sqrt(3.6 / 3 / 10), 3);
    expect(slope?.low).toBeCloseTo(1.8 - 3.182 * Math.sqrt(3.6 / 3 / 10), 3);
  });

  it('needs three points at different cycles', () => {
    expect(slopeOf(along([1, 2]))).toBeUndefined();
    expect(
      slopeOf([
        [7, 1],
        [7, 2],
        [7, 3],
      ]),
    ).toBeUndefined();
  });
});

describe('what keeps growing', () => {
  it.each([
    ['a line', [0, 10, 20, 30, 40, 50], true],
    ['a line with noise', [0, 12, 19, 33, 38, 52], true],
    ['a staircase', [0, 10, 10, 20, 20, 30], true],
    ['nothing', [10, 10, 10, 10, 10, 10], false],
    ['noise', [10, 14, 9, 12, 8, 11], false],
    ['what falls', [50, 40, 30, 20, 10, 0], false],
    ['what fills up', [0, 30, 45, 48, 50, 50], false],
    ['a single step', [0, 0, 0, 100, 100, 100], false],
  ])('%s', (_, values, expected) => {
    expect(keepsGrowing(along(values))).toBe(expected);
  });
});
