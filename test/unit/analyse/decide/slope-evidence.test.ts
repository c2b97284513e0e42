import { describe, expect, test } from 'vitest';
import { errorRates } from '../../../../harness/analyse/decide/error-rates.js';
import { cyclesToDecide, paceOf, slopeEvidence } from '../../../../harness/analyse/decide/slope-evidence.js';
import type { Tolerance } from '../../../../harness/analyse/decide/tolerance.js';
import type { Trend, WindowSlope } from '../../../../harness/analyse/growth/trend.js';

/** 40,000 cycles of a heap with a budget of 8 B and an allowance of 32 KiB: 1.6 B a cycle over the later half. */
const cycles = 40_000;
const tolerance: Tolerance = {
  metric: 'heapUsed',
  unit: 'B',
  budget: 8,
  explicitBudget: false,
  leakBudget: 8,
  leakAllowance: 32_768,
  budgetMax: 512,
  allowance: 32_768,
  shiftMin: 49_152,
  capacity: 4_000_000,
  fillCycles: 10_000,
  cyclesMin: 500,
  limit: { amount: 2 ** 30, name: '1 GiB' },
};

const windowOf = (slope: number, span: number, more: Partial<WindowSlope> = {}): WindowSlope => ({
  slope,
  standardError: 0,
  degreesOfFreedom: 20,
  span,
  floors: 30,
  residual: 0,
  shifts: [],
  lineOverStep: 4,
  ...more,
});

interface Course {
  readonly early?: number;
  readonly late?: number;
  readonly cycles?: number;
  readonly lineOverStep?: number;
  readonly whole?: Partial<WindowSlope>;
  /** Distance from each slope to its bounds. */
  readonly reach?: number;
  readonly restlessness?: number;
  readonly tolerance?: Partial<Tolerance>;
}

function evidenceOf({ early = 100, late = 100, reach = 1, restlessness = 0, ...more }: Course) {
  const driven = more.cycles ?? cycles;
  const whole = windowOf((early + 2 * late) / 3, 0.75 * driven, {
    lineOverStep: more.lineOverStep ?? 4,
    ...more.whole,
  });
  const trend: Trend = {
    cycles: driven,
    from: 10,
    whole,
    early: windowOf(early, driven / 4),
    late: windowOf(late, driven / 2),
    ends: { early, late },
  };
  const bounds = (window: 'whole' | 'late') => ({
    low: trend[window].slope - reach,
    high: trend[window].slope + reach,
  });
  return slopeEvidence({ trend, bounds, restlessness }, { ...tolerance, ...more.tolerance }, errorRates(0.99, 1, 1));
}

describe('steady growth', () => {
  test('keeps at least three quarters of its pace', () => {
    expect(evidenceOf({ late: 80 })).toMatchObject({ isGrowing: true, isSteady: true });
    expect(evidenceOf({ late: 70 })).toMatchObject({ isGrowing: true, isSteady: false });
  });

  test('keeps about half of it where it is much larger than anything that fills', () => {
    const huge = (late: number) => evidenceOf({ early: 1_000, late, tolerance: { capacity: 4_000_000 } }).isSteady;
    expect([huge(600), huge(500)]).toEqual([true, false]);
    const asLargeAsWhatFills = evidenceOf({ early: 1_000, late: 600, tolerance: { capacity: 40_000_000 } });
    expect(asLargeAsWhatFills.isSteady).toBe(false);
  });

  test('is no growth that has only just begun', () => {
    const begun = (early: number) => evidenceOf({ early, late: 100 }).isSteady;
    expect([begun(30), begun(20)]).toEqual([true, false]);
  });

  test('fits a line better than one step', () => {
    expect(evidenceOf({ lineOverStep: 2.5 }).isGrowing).toBe(true);
    expect(evidenceOf({ lineOverStep: 2 }).isGrowing).toBe(false);
  });

  test('lies above the budget in both windows, with its bounds', () => {
    expect(evidenceOf({ early: 12, late: 12, reach: 3 }).isGrowing).toBe(true);
    expect(evidenceOf({ early: 12, late: 12, reach: 5 }).isGrowing).toBe(false);
    expect(evidenceOf({ early: 60, late: 8 }).isGrowing).toBe(false);
  });

  test('accelerates where the later half brings 1.6 times as much', () => {
    expect([170, 150].map((late) => evidenceOf({ late }).isAccelerating)).toEqual([true, false]);
  });
});

describe('what fills', () => {
  const pastFilling = (driven: number, slope: number) =>
    evidenceOf({ cycles: driven, early: slope, late: slope, tolerance: { fillCycles: 10_000 } }).isPastFilling;

  test('has done so after enough cycles, however little grew', () => {
    expect([pastFilling(10_000, 20), pastFilling(9_999, 20)]).toEqual([true, false]);
  });

  test('has done so earlier where more grew than fits in, but not within very few cycles', () => {
    expect([pastFilling(2_000, 2_010), pastFilling(2_000, 1_990)]).toEqual([true, false]);
    expect([pastFilling(500, 8_010), pastFilling(499, 8_050)]).toEqual([true, false]);
    // 256 MB in 400 cycles: 64 times what fits in.
    expect([pastFilling(400, 641_000), pastFilling(400, 639_000)]).toEqual([true, false]);
  });
});

describe('what passes', () => {
  test('lies below the budget with its bound, or below the allowance over the later half of a short run', () => {
    expect(evidenceOf({ early: 1, late: 1 })).toMatchObject({ passes: 8, isCertified: true });
    expect(evidenceOf({ early: 1, late: 1, reach: 8 }).isCertified).toBe(false);
    const short = evidenceOf({ early: 10, late: 10, cycles: 4_096, reach: 5 });
    expect(short).toMatchObject({ passes: 16, accountedFor: 16, isCertified: true });
  });

  test('is nothing below the budget that surely grows by more than the allowance', () => {
    expect(evidenceOf({ early: 4, late: 4 })).toMatchObject({ isCertified: false, isBelowBudget: true });
    expect(evidenceOf({ early: 2, late: 2 })).toMatchObject({ isCertified: true, isBelowBudget: false });
    const allowed = evidenceOf({ early: 4, late: 4, tolerance: { explicitBudget: true } });
    expect(allowed).toMatchObject({ isCertified: true, isBelowBudget: false });
  });

  test('is no run that is so short that its allowance exceeds the largest budget', () => {
    expect(evidenceOf({ early: 0, late: 0, cycles: 120 })).toMatchObject({ isShort: true, isCertified: false });
    expect(evidenceOf({ early: 0, late: 0, cycles: 130 })).toMatchObject({ isShort: false, isCertified: true });
  });

  test('is widened by drift that the series hides, where that loses its pace', () => {
    const drift = { restlessness: 20_000 * 12 };
    expect(evidenceOf({ early: 10, late: 10, ...drift })).toMatchObject({ passes: 12, isCertified: false });
    expect(evidenceOf({ early: 20, late: 10, ...drift })).toMatchObject({ accountedFor: 12, isCertified: true });
  });

  test('is no staircase of which the last step came late', () => {
    const steps = (atCycles: number) => ({ shifts: [5_000, atCycles].map((at) => ({ atCycles: at, height: 60_000 })) });
    const flat = { early: 0, late: 0 };
    expect(evidenceOf({ ...flat, whole: steps(30_000) }).isCertified).toBe(false);
    expect(evidenceOf({ ...flat, whole: steps(15_000) }).isCertified).toBe(true);
    const down = { shifts: [30_000, 35_000].map((atCycles) => ({ atCycles, height: -60_000 })) };
    expect(evidenceOf({ ...flat, whole: down }).isCertified).toBe(true);
  });
});

test('the pace is what the later half kept, and endless where the earlier one did not grow', () => {
  const { trend } = evidenceOf({ late: 80 });
  expect(paceOf(trend)).toBe(0.8);
  expect(paceOf({ ...trend, ends: { early: 0, late: 5 } })).toBe(Number.POSITIVE_INFINITY);
});

describe('the cycles that would decide', () => {
  test('fill what can be filled, and are some more than there were', () => {
    const steady = evidenceOf({ cycles: 5_000, early: 100, late: 100 });
    expect(cyclesToDecide(steady, { ...tolerance, fillCycles: 9_000 })).toBe(9_000);
    expect(cyclesToDecide(steady, { ...tolerance, fillCycles: 90_000 })).toBe(40_000);
    expect(cyclesToDecide(steady, { ...tolerance, fillCycles: 6_000 })).toBe(7_000);
  });

  test('are twice as many for growth that is not steady, and more for bounds that are wide', () => {
    expect(cyclesToDecide(evidenceOf({ early: 0, late: 0, reach: 9 }), tolerance)).toBe(2 * cycles);
    // 100 B of noise are 8 B after 5.4 times as many cycles.
    const factor = cyclesToDecide(evidenceOf({ early: 0, late: 0, reach: 100 }), tolerance) / cycles;
    expect(factor).toBeCloseTo(4 * Math.SQRT2, 9);
    expect(cyclesToDecide(evidenceOf({ early: 0, late: 0, reach: 1e6 }), tolerance)).toBeCloseTo(64 * cycles, 3);
  });
});

test('the error of a run is shared by its metrics and spent over its looks', () => {
  expect(errorRates(0.99, 1, 1)).toEqual({ leak: expect.closeTo(0.0025, 12), plateau: expect.closeTo(0.0025, 12) });
  expect(errorRates(0.99, 5, 1)).toEqual({ leak: expect.closeTo(0.0005, 12), plateau: expect.closeTo(0.0025, 12) });
  const spent = Array.from({ length: 10_000 }, (_, at) => errorRates(0.95, 1, at + 1).leak);
  expect(spent.reduce((sum, rate) => sum + rate)).toBeCloseTo(0.05, 4);
});
