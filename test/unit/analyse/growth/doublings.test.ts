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
  return {
    cycles,
    values: cycles.map((at) => 50_000 + valueAt(at)),
    elapsedMs: cycles,
    rows: Uint32Array.from(cycles.keys()),
  };
}

describe('both of the last doublings', () => {
  const growth = (early: number, late: number) =>
    seriesOf((cycles) => (cycles > 4_000 ? early : 0) + (cycles > 8_000 ? late : 0));

  test('show a table that doubles, by what each brought a cycle', () => {
    const found = doublingGrowthOf(growth(2_000, 5_000), tolerance, 0);
    // The lowest floors of the last fifth before each border are four fifths of the cycles apart.
    expect(found!.low).toBeCloseTo(2_000 / 3_200);
    expect(found!.high).toBeCloseTo(5_000 / 6_400);
    expect(found!.estimate).toBeCloseTo(7_000 / 9_600);
  });

  test.each([
    [900, 1_480, false],
    [900, 1_520, true],
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

  test('that bring more and more are bounded by the last three', () => {
    const valueAt = (cycles: number) => cycles ** 1.2;
    const rateUntil = (end: number) => (valueAt(end) - valueAt(end / 2)) / (end / 2);
    const found = steadyDoublingsOf(seriesOf(valueAt), { ...tolerance, capacity: 10_000 });
    expect(found!.low / rateUntil(4_000)).toBeCloseTo(1, 1);
    expect(found!.high / rateUntil(16_000)).toBeCloseTo(1, 1);
    expect(found!.estimate / ((valueAt(16_000) - valueAt(4_000)) / 12_000)).toBeCloseTo(1, 1);
  });

  test.each([0, -1])('of which one brought %i B a cycle are none', (slope) => {
    const valueAt = (cycles: number) => (cycles < 2_000 ? slope * cycles : 2_000 * slope + 20 * (cycles - 2_000));
    expect(steadyDoublingsOf(seriesOf(valueAt), tolerance)).toBeUndefined();
  });

  test('are seen where late collections lift two floors at the border of them', () => {
    const lifted = (cycles: number) => 10 * cycles + (cycles === 7_900 || cycles === 8_000 ? 60_000 : 0);
    expect(steadyDoublingsOf(seriesOf(lifted), tolerance)?.high).toBeLessThan(11);
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
  const starts = [3_000, 4_500, 6_700, 10_000, 15_000];
  /** Whatever is needed until the next step comes with each: one doubling holds one of them, and another two. */
  const heightOf = (step: number) => 10 * ((starts[step + 1] ?? 22_500) - starts[step]!);
  const inSteps = ({ count = starts.length, late = 0, drop = 0, floors = 160 } = {}) =>
    seriesOf((cycles) => {
      const come = starts.slice(0, count).map((start, step) => {
        const part = cycles > start + 100 ? 1 : cycles > start ? 1 - late : 0;
        return part * heightOf(step);
      });
      return come.reduce((sum, height) => sum + height, 0) - (cycles > 8_000 ? drop : 0);
    }, floors);
  const small = { ...tolerance, capacity: 10_000 };

  test('that each lasted as long for its height are growth, although a doubling may hold one or two', () => {
    const found = steadyDoublingsOf(inSteps(), small);
    expect(found!.low).toBeCloseTo(10, 0);
    expect(found!.high).toBeCloseTo(10, 0);
  });

  test('are the last of them: what came before was another phase', () => {
    const series = inSteps();
    const higher = { ...series, values: series.values.map((value, floor) => value - (floor < 10 ? 200_000 : 0)) };
    expect(steadyDoublingsOf(higher, small)).toEqual(steadyDoublingsOf(series, small));
  });

  test('are as high where a floor was read between their halves', () => {
    const found = steadyDoublingsOf(inSteps({ late: 0.5 }), small);
    expect(found!.low).toBeCloseTo(10, 0);
    expect(found!.high).toBeLessThan(12);
  });

  test('of which the next is overdue are a table that is full', () => {
    expect(steadyDoublingsOf(inSteps({ floors: 220 }), small)).toBeDefined();
    expect(steadyDoublingsOf(inSteps({ floors: 320 }), small)).toBeUndefined();
  });

  test('are five at least, and no drop is among them', () => {
    expect(steadyDoublingsOf(inSteps({ count: 4 }), small)).toBeUndefined();
    expect(steadyDoublingsOf(inSteps({ drop: 900 }), small)).toBeDefined();
    expect(steadyDoublingsOf(inSteps({ drop: 1_100 }), small)).toBeUndefined();
  });
});

test('the level before some cycles is the lowest in the last fifth of them, of two floors or more', () => {
  const series = seriesOf((cycles) => cycles, 20);
  expect(lowestBefore(series, 2_000)).toBe(51_600);
  expect(lowestBefore(series, 300)).toBeUndefined();
});

test('cycles to outgrow a cache are those whose last two doublings bring more than it holds', () => {
  expect(cyclesToOutgrow(tolerance, 10)).toBeCloseTo(100_000 / 7.5);
});
