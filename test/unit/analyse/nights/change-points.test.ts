import { describe, expect, it } from 'vitest';
import { type ChangePointOptions, changePoints } from '../../../../harness/analyse/nights/change-points.js';
import { seededRandom } from '../../../../harness/platform/random.js';
import { normal } from '../../../support/synthetic-run.js';

function found(values: readonly number[], options?: ChangePointOptions) {
  return changePoints(
    values.map((value) => ({ value, standardError: 0 })),
    options,
  ).map(({ index, foundIndex }) => ({ index, foundIndex }));
}

/** Nights around levels, with noise of standard deviation 1. */
function nights(levels: readonly (readonly [nights: number, level: number])[], seed = 1): number[] {
  const random = seededRandom('nights', seed);
  return levels.flatMap(([count, level]) => Array.from({ length: count }, () => level + normal(random)));
}

describe('changePoints', () => {
  /*
   *                  ●●●●●●●●
   *
   *   ●●●●●●●●●●●●●●●
   */
  it('finds a step in the third night after it', () => {
    const [change, ...others] = changePoints(
      nights([
        [15, 100],
        [8, 108],
      ]).map((value) => ({ value, standardError: 0 })),
    );
    expect(others).toEqual([]);
    expect(change).toMatchObject({ index: 15, foundIndex: 17 });
    expect(change!.before).toBeCloseTo(100, 0);
    expect(change!.after).toBeCloseTo(108, 0);
    expect(change!.pValue).toBeLessThan(1e-10);
  });

  /*
   *                  ●
   *
   *   ●●●●●●●●●●●●●●●  ●●●●●●●
   */
  it('calls one bad night none, however bad', () => {
    for (const height of [10, 100, 1e6]) {
      const values = nights([[23, 100]]);
      values[15] = 100 + height;
      expect(found(values)).toEqual([]);
    }
  });

  /*
   *   ●            ●        ●
   *
   *    ●●●●●●●●●●●● ●●●●●●●● ●●●●●   then  ●●●●●● at another level
   */
  it('is not blinded by bad nights before a change', () => {
    const values = nights([
      [24, 100],
      [4, 108],
    ]);
    for (const bad of [0, 9, 17]) values[bad] = 160;
    expect(found(values)).toEqual([{ index: 24, foundIndex: 26 }]);
  });

  /*
   *            ●●●●●●●●●●
   *
   *   ●●●●●●●●●          ●●●●●●●●●
   */
  it('finds the way up and the way back', () => {
    const values = nights([
      [12, 0],
      [12, 9],
      [12, 0],
    ]);
    expect(found(values).map(({ index }) => index)).toEqual([12, 24]);
  });

  /*
   *                         ...●●●●●
   *              ...●●●●●●●●
   *   ●●●●●●●●●●●
   */
  it('finds a small step late rather than never', () => {
    const [change, ...others] = found(
      nights([
        [40, 0],
        [30, 1.5],
      ]),
    );
    expect(others).toEqual([]);
    expect(Math.abs(change!.index - 40)).toBeLessThanOrEqual(4);
    expect(change!.foundIndex).toBeLessThanOrEqual(52);
  });

  /*
   *   ●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●
   */
  it('leaves flat series alone, of noise or of none', () => {
    expect(found(new Array(100).fill(23))).toEqual([]);
    const changed = Array.from({ length: 60 }, (_, seed) => found(nights([[100, 7]], seed)).length > 0);
    expect(changed.filter(Boolean).length).toBeLessThanOrEqual(12);
  });

  /*
   *                 ●●●
   *   ●●●●●●●●●●●●●●
   */
  it('finds an exact count that moved by one', () => {
    expect(found([...new Array(14).fill(23), 24, 24, 24])).toEqual([{ index: 14, foundIndex: 16 }]);
    expect(found([...new Array(14).fill(23), 24, 24, 24], { heightMin: 2 })).toEqual([]);
  });

  it('says the same of a series whatever nights come later', () => {
    const values = nights([
      [12, 0],
      [10, 6],
      [10, 0],
    ]);
    for (let length = 15; length < values.length; length += 1) {
      const early = found(values.slice(0, length));
      const late = found(values).filter(({ foundIndex }) => foundIndex < length);
      expect(late.map(({ foundIndex }) => foundIndex)).toEqual(early.map(({ foundIndex }) => foundIndex));
    }
  });

  it('knows the noise of a short history from within its nights', () => {
    const shifted = Array.from({ length: 30 }, (_, seed) =>
      nights(
        [
          [5, 0],
          [3, 4.5],
        ],
        seed,
      ),
    );
    const foundWith = (standardError: number) =>
      shifted.filter((values) => changePoints(values.map((value) => ({ value, standardError }))).length > 0).length;
    expect(foundWith(1)).toBeGreaterThanOrEqual(foundWith(0) + 6);
    // Errors that are smaller than what nights scatter by are no help, and no harm.
    expect(foundWith(0.05)).toBe(foundWith(0));
  });

  it('says nothing of fewer nights than a change needs', () => {
    for (let length = 0; length < 8; length += 1)
      expect(found([...new Array(5).fill(0), 9, 9, 9].slice(0, length))).toEqual([]);
  });
});
