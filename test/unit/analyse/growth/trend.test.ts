import { describe, expect, test } from 'vitest';
import { reachOf, slopeBounds, trendOf } from '../../../../harness/analyse/growth/trend.js';
import type { FloorSeries } from '../../../../harness/analyse/series/floors.js';
import { leastSquares } from '../../../../harness/analyse/statistics/least-squares.js';
import { studentQuantile } from '../../../../harness/analyse/statistics/student-t.js';

const options = { shiftMin: 1e9, floorsMin: 8 };

/** A floor each 100 cycles, the first after `fromCycles`. */
function seriesOf(floors: number, valueAt: (cycles: number, floor: number) => number, fromCycles = 100): FloorSeries {
  const cycles = Float64Array.from({ length: floors }, (_, floor) => fromCycles + 100 * floor);
  return { cycles, values: cycles.map(valueAt), elapsedMs: cycles, rows: Uint32Array.from(cycles.keys()) };
}

describe('the windows of a trend', () => {
  test('begin at a quarter and at half of the cycles', () => {
    const { cycles, from, whole, early, late, ends } = trendOf(
      seriesOf(40, (at) => 3 * at),
      options,
    )!;
    expect({ cycles, from }).toEqual({ cycles: 4_000, from: 9 });
    expect([whole, early, late].map(({ span, floors }) => [span, floors])).toEqual([
      [3_000, 31],
      [900, 10],
      [2_000, 21],
    ]);
    for (const { slope } of [whole, early, late]) expect(slope).toBeCloseTo(3, 9);
    expect(ends.early).toBeCloseTo(3, 9);
    expect(ends.late).toBeCloseTo(3, 9);
  });

  test('leave nothing to warm-up where a series starts after a quarter of the cycles, and are halves of it', () => {
    const { from, early, late } = trendOf(
      seriesOf(20, (at) => at, 1_000),
      options,
    )!;
    expect({ from, early: early.floors, late: late.floors }).toEqual({ from: 0, early: 10, late: 10 });
    expect(
      trendOf(
        seriesOf(20, (at) => at, 600),
        options,
      )!.from,
    ).toBe(1);
  });

  test('need floors, and cycles that move in both halves', () => {
    expect(
      trendOf(
        seriesOf(7, (at) => at),
        options,
      ),
    ).toBeUndefined();
    expect(
      trendOf(
        seriesOf(8, (at) => at, 1_000),
        options,
      ),
    ).toBeDefined();
    const still = seriesOf(20, (at) => at, 3_000);
    still.cycles.fill(10_000, 10);
    expect(trendOf(still, options)).toBeUndefined();
    still.cycles[19] = 10_001;
    expect(trendOf(still, options)).toBeDefined();
  });
});

test('lone peaks do not count: of blocks of floors the lowest does', () => {
  const peaks = trendOf(
    seriesOf(64, (at, floor) => 3 * at + (floor % 5 === 0 ? 50_000 : 0)),
    options,
  )!;
  expect(peaks.whole.slope).toBeCloseTo(3, 0);
  expect(peaks.whole.standardError).toBeLessThan(1);
  expect(peaks.ends.late).toBeCloseTo(3, 0);
});

test('a step is taken out of the windows, and counts from end to end', () => {
  const stepped = trendOf(
    seriesOf(64, (at) => at + (at > 4_500 ? 100_000 : 0)),
    { ...options, shiftMin: 1_000 },
  )!;
  expect(stepped.whole.shifts).toHaveLength(1);
  expect(stepped.whole.slope).toBeCloseTo(1, 6);
  expect(stepped.ends.late).toBeGreaterThan(10);
});

describe('the bounds of a slope', () => {
  const window = { standardError: 2, degreesOfFreedom: 10 };

  test('lie as far as Student t says at half of the error, since the block length was chosen', () => {
    expect(reachOf(window, 0.01)).toBeCloseTo(2 * studentQuantile(0.995, 10), 9);
    const { whole } = trendOf(
      seriesOf(40, (at, floor) => 3 * at + (floor % 2)),
      options,
    )!;
    const { low, high } = slopeBounds(whole, 0.01);
    expect((low + high) / 2).toBeCloseTo(whole.slope, 9);
    expect(high - whole.slope).toBeCloseTo(reachOf(whole, 0.01), 9);
  });

  test('are none without an error, and endless without degrees of freedom', () => {
    expect(reachOf({ standardError: 0, degreesOfFreedom: 10 }, 0.01)).toBe(0);
    expect(reachOf({ standardError: 2, degreesOfFreedom: 0 }, 0.01)).toBe(Number.POSITIVE_INFINITY);
    expect(reachOf({ standardError: Number.NaN, degreesOfFreedom: 9 }, 0.01)).toBe(Number.POSITIVE_INFINITY);
  });

  test('are wider where neighbouring residuals resemble each other, three times at most', () => {
    // Too few floors for blocks of two.
    const floors = 11;
    const errorOf = (residualAt: (floor: number) => number) => {
      const series = seriesOf(floors, (_, floor) => residualAt(floor), 10_000);
      const { standardError } = trendOf(series, options)!.whole;
      return standardError / leastSquares(series.cycles, series.values).standardError;
    };
    expect(errorOf((floor) => (floor % 2 === 0 ? 1 : -1))).toBeCloseTo(1, 9);
    const slow = errorOf((floor) => Math.sin((2 * Math.PI * floor) / floors));
    expect(slow).toBeGreaterThan(1.4);
    expect(slow).toBeLessThanOrEqual(3);
  });
});
