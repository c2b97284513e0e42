import { describe, expect, test } from 'vitest';
import { levelShifts, withoutShifts } from '../../../../harness/analyse/growth/level-shifts.js';
import { seededRandom } from '../../../../harness/platform/random.js';

const shiftMin = 1_000;

/** Floors with noise, and a height added from each of some floors on. */
function floorsWith(heights: Readonly<Record<number, number>>, { count = 40, slope = 0, noise = 20 } = {}) {
  const random = seededRandom('level-shifts', 1);
  const cycles = Float64Array.from({ length: count }, (_, floor) => 5_000 + 100 * floor);
  const values = cycles.map((at, floor) => {
    const raised = Object.entries(heights).filter(([from]) => floor >= Number(from));
    return 50_000 + slope * at + noise * random() + raised.reduce((sum, [, height]) => sum + height, 0);
  });
  return { cycles, values };
}

const shiftsOf = (...plan: Parameters<typeof floorsWith>) =>
  levelShifts(floorsWith(...plan), shiftMin).map(({ index }) => index);

describe('a level that changed', () => {
  test('is found where it did, with its height, and taken out', () => {
    const floors = floorsWith({ 12: 5_000, 30: -4_000 });
    const shifts = levelShifts(floors, shiftMin);
    expect(shifts.map(({ index, atCycles }) => [index, atCycles])).toEqual([
      [12, 6_200],
      [30, 8_000],
    ]);
    expect(shifts[0]!.height / 5_000).toBeCloseTo(1, 1);
    expect(shifts[1]!.height / -4_000).toBeCloseTo(1, 1);
    const levelled = withoutShifts(floors, shifts);
    expect(Math.max(...levelled) - Math.min(...levelled)).toBeLessThan(100);
  });

  test('is none where it is lower than the least, or where nothing changed', () => {
    expect(shiftsOf({ 12: 900 })).toEqual([]);
    expect(shiftsOf({ 12: 1_100 })).toEqual([12]);
    expect(shiftsOf({})).toEqual([]);
  });

  test('is its height beside the slope', () => {
    const [shift] = levelShifts(floorsWith({ 20: 5_000 }, { slope: 10 }), shiftMin);
    expect(shift!.height / 5_000).toBeCloseTo(1, 1);
  });

  test.each([0, 10])('is none among noise that is nearly as high, at a slope of %i', (slope) => {
    expect(shiftsOf({ 20: 1_300 }, { slope, noise: 700 })).toEqual([]);
    expect(shiftsOf({ 20: 3_000 }, { slope, noise: 700 })).toEqual([20]);
  });

  test('is a trend where there are more than two', () => {
    expect(shiftsOf({ 10: 5_000, 20: 5_000 })).toEqual([10, 20]);
    expect(shiftsOf({ 10: 5_000, 20: 5_000, 30: 5_000 })).toEqual([]);
  });

  test('cannot be distinguished among fewer than ten floors', () => {
    expect(shiftsOf({ 5: 5_000 }, { count: 10 })).toEqual([5]);
    expect(shiftsOf({ 5: 5_000 }, { count: 9 })).toEqual([]);
  });
});

describe('a drop', () => {
  const slope = 10;

  test('that takes back a third of what grew is that of a sawtooth', () => {
    const growth = slope * 3_900;
    expect(shiftsOf({ 20: -0.4 * growth }, { slope })).toEqual([]);
    expect(shiftsOf({ 20: -0.3 * growth }, { slope })).toEqual([20]);
    expect(shiftsOf({ 10: 5_000, 20: -0.4 * growth }, { slope })).toEqual([]);
  });

  test('of what hardly grows is a level that changed', () => {
    expect(shiftsOf({ 20: -5_000 }, { slope: 0.2 })).toEqual([20]);
  });
});

test('floors at the same cycles have no shift between them', () => {
  const { cycles, values } = floorsWith({ 20: 5_000 });
  cycles[20] = cycles[19]!;
  expect(levelShifts({ cycles, values }, shiftMin)).toEqual([]);
});
