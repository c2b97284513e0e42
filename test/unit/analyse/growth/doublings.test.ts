import { describe, expect, test } from 'vitest';
import { toleranceOf } from '../../../../harness/analyse/decide/tolerance.js';
import {
  cyclesToOutgrow,
  doublingGrowthOf,
  lowestBefore,
  steadyDoublingsOf,
} from '../../../../harness/analyse/growth/doublings.js';
import { syntheticRun } from '../../../support/synthetic-run.js';

const { manifest } = syntheticRun({ metrics: {} });
const tolerance = { ...toleranceOf(manifest, 'heapUsed', 1), shiftMin: 1_000, capacity: 100_000 };

/** A floor after each hundred cycles. */
function seriesOf(valueAt: (cycles: number) => number, floors = 160) {
  const cycles = Float64Array.from({ length: floors }, (_, floor) => 100 * (floor + 1));
  return { cycles, values: cycles.map(valueAt), elapsedMs: cycles, rows: Uint32Array.from(cycles.keys()) };
}

describe('both of the last doublings', () => {
  const growth = (early: number, late: number) =>
    seriesOf((cycles) => (cycles > 4_000 ? early : 0) + (cycles > 8_000 ? late : 0));

  test('show a table that doubles, by what each brought a cycle', () => {
    const found = doublingGrowthOf(growth(2_000, 4_000), tolerance, 0);
    // The lowest floors of the last fifth before each border are four fifths of the cycles apart.
    expect(found!.low).toBeCloseTo(2_000 / 3_200);
    expect(found!.high).toBeCloseTo(4_000 / 6_400);
    expect(found!.estimate).toBeCloseTo(6_000 / 9_600);
  });

  test.each([
    [1_000, 1_480, false],
    [1_000, 1_520, true],
  ])('that brought %i B and %i B do: %o', (early, late, doubles) => {
    expect(doublingGrowthOf(growth(early, late), tolerance, 0) !== undefined).toBe(doubles);
  });

  test.each([
    [4_000, 5_900, false],
    [4_000, 6_100, true],
    [4_000, 31_000, true],
    [4_000, 33_000, false],
  ])('keep the pace where the first brought %i B and the second %i B: %o', (early, late, keeps) => {
    expect(doublingGrowthOf(growth(early, late), tolerance, 0) !== undefined).toBe(keeps);
  });

  test('bring more than passes, each of them, wherever the last one ends', () => {
    expect(doublingGrowthOf(growth(2_000, 4_000), tolerance, 0.73)).toBeDefined();
    expect(doublingGrowthOf(growth(2_000, 4_000), tolerance, 0.74)).toBeUndefined();
  });

  test('may end before the last floor, where a step lies on the border of those that end there', () => {
    const steps = (at: number) => seriesOf((cycles) => (cycles > at / 2 ? 2_000 : 0) + (cycles > at ? 4_000 : 0));
    expect(doublingGrowthOf(steps(7_000), tolerance, 0)).toBeDefined();
    expect(doublingGrowthOf(steps(14_000), tolerance, 0)).toBeUndefined();
  });

  test('need floors before each of them', () => {
    expect(
      doublingGrowthOf(
        seriesOf((cycles) => cycles, 160),
        tolerance,
        0,
      ),
    ).toBeDefined();
    expect(
      doublingGrowthOf(
        seriesOf((cycles) => 100 * cycles, 12),
        tolerance,
        0,
      ),
    ).toBeUndefined();
  });
});

describe('several doublings', () => {
  test('that each brought as much a cycle are growth, bounded by the least and the most of them', () => {
    const found = steadyDoublingsOf(
      seriesOf((cycles) => 10 * cycles),
      tolerance,
    );
    expect(found!.low).toBeCloseTo(10, 0);
    expect(found!.high).toBeCloseTo(10, 0);
    expect(found!.estimate).toBeGreaterThanOrEqual(found!.low);
    expect(found!.estimate).toBeLessThanOrEqual(found!.high);
  });

  test('that slow down are none', () => {
    expect(
      steadyDoublingsOf(
        seriesOf((cycles) => 4_000 * Math.sqrt(cycles)),
        tolerance,
      ),
    ).toBeUndefined();
  });

  test('that brought no more than a cache holds are none', () => {
    const last = { ...tolerance, capacity: 10 * 12_000 };
    expect(
      steadyDoublingsOf(
        seriesOf((cycles) => 11 * cycles),
        last,
      ),
    ).toBeDefined();
    expect(
      steadyDoublingsOf(
        seriesOf((cycles) => 9 * cycles),
        last,
      ),
    ).toBeUndefined();
  });
});

describe('several steps', () => {
  /** A table of 10 B for each cycle that grows by half. */
  const grownByHalf = (until = Number.POSITIVE_INFINITY) =>
    seriesOf((cycles) => 10 * 100 * 1.5 ** Math.ceil(Math.log(Math.min(cycles, until) / 100) / Math.log(1.5)));

  test('that each lasted as long for its height are growth, although a doubling may hold one or two', () => {
    const found = steadyDoublingsOf(grownByHalf(), tolerance);
    expect(found!.low).toBeGreaterThan(5);
    expect(found!.high).toBeLessThan(16);
  });

  test('of which the next is overdue are a table that is full', () => {
    expect(steadyDoublingsOf(grownByHalf(6_000), { ...tolerance, capacity: 10_000 })).toBeUndefined();
  });

  test('beside a drop are a sawtooth', () => {
    const series = grownByHalf();
    series.values[100]! -= 3_000;
    expect(steadyDoublingsOf(series, tolerance)).toBeUndefined();
  });
});

test('the level before some cycles is the lowest in the last fifth of them, of two floors or more', () => {
  const series = seriesOf((cycles) => cycles, 20);
  expect(lowestBefore(series, 2_000)).toBe(1_600);
  expect(lowestBefore(series, 300)).toBeUndefined();
});

test('cycles to outgrow a cache are those whose last two doublings bring more than it holds', () => {
  expect(cyclesToOutgrow(tolerance, 10)).toBeCloseTo(100_000 / 7.5);
});
