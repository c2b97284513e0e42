import { describe, expect, test } from 'vitest';
import { decideDriven } from '../../../../harness/analyse/decide/decide.js';
import { errorRates } from '../../../../harness/analyse/decide/error-rates.js';
import { Evidence } from '../../../../harness/analyse/decide/evidence.js';
import { judgedMetrics } from '../../../../harness/analyse/decide/judged-metrics.js';
import { type FloorPlace, type SyntheticRun, syntheticRun } from '../../../support/synthetic-run.js';

const gauge = 'gauge.entries';

function decisionOn(entries: (place: FloorPlace) => number, plan: Partial<SyntheticRun> = {}) {
  const run = syntheticRun({ metrics: { [gauge]: entries }, ...plan });
  const metric = judgedMetrics(run, run.samples.length).find(({ tolerance }) => tolerance.metric === gauge)!;
  const decision = decideDriven(new Evidence(run, metric, errorRates(0.99, 1, 1)));
  return { ...decision, cycles: run.samples.cycles, tolerance: metric.tolerance };
}

describe('a gauge with a bound', () => {
  const bounded = (bound: number, entries: (place: FloorPlace) => number, floors = 40) =>
    decisionOn(entries, { floors, manifest: { gauges: { entries: { kind: 'bounded', bound } } } });

  test('may reach it, and is described by what it reached and by its rise', () => {
    const { cycles, ...decision } = bounded(900, (place) => Math.min(900, place.cycles));
    expect(decision).toMatchObject({
      state: 'plateau',
      shape: 'flat',
      confidence: 1,
      floors: 40,
      bound: { most: 900, reached: 900 },
      rule: { name: 'within-bound', numbers: { bound: 900, reached: 900, recent: 900 } },
    });
    const slope = (900 - cycles[0]!) / (cycles.at(-1)! - cycles[0]!);
    expect(decision.slope).toEqual({ estimate: slope, low: slope, high: slope });
  });

  test('leaks above it', () => {
    const decision = bounded(899, (place) => Math.min(900, place.cycles));
    expect(decision).toMatchObject({ state: 'leak', shape: 'linear', rule: { name: 'above-bound' } });
  });

  test('is judged by the last quarter of its floors', () => {
    const above = (until: number) => bounded(500, ({ floor }) => (floor < until ? 2_000 : 100));
    expect(above(30)).toMatchObject({ state: 'plateau', bound: { reached: 2_000 } });
    expect(above(36)).toMatchObject({ state: 'leak' });
  });

  test('needs eight floors', () => {
    expect(bounded(10, () => 4, 8).rule.name).toBe('within-bound');
    expect(bounded(10, () => 4, 7).rule.name).toBe('too-few-floors');
  });
});

describe('a level that falls', () => {
  test('has a slope below zero, with its bounds in order', () => {
    const { rule, slope } = decisionOn(({ cycles }) => 900 - Math.floor(cycles / 20));
    expect(rule.name).toBe('runs-dry');
    expect(slope.estimate).toBeCloseTo(-0.05, 3);
    expect(slope.low).toBeLessThan(slope.estimate);
    expect(slope.high).toBeGreaterThan(slope.estimate);
    expect(slope.high).toBeLessThan(0);
  });

  test('and stays where it fell to has run dry, unless it was there by half of the run', () => {
    const dryAt = (floors: number) => decisionOn(({ floor }) => Math.max(0, floors - floor)).rule.name;
    expect(dryAt(20)).toBe('certified');
    expect(dryAt(45)).toBe('runs-dry');
  });
});

describe('growth by the clock', () => {
  /** So many cycles that any growth a cycle is within the budget. */
  const cheapCycles = { floors: 80, settleMs: 400, msPerCycle: 1 / 20_000, cyclesPerRound: 400_000 };
  const perSecond =
    (entries: number) =>
    ({ elapsedMs }: FloorPlace) =>
      Math.floor((elapsedMs * entries) / 1_000);

  test('is a leak by the hour once it is larger than what fills', () => {
    const { tolerance, ...decision } = decisionOn(perSecond(100), cheapCycles);
    expect(decision).toMatchObject({ state: 'leak', shape: 'linear', rule: { name: 'growth-by-the-clock' } });
    expect(decision.perHour!.estimate / 360_000).toBeCloseTo(1, 2);
    expect(decision.perHour!.low).toBeLessThan(decision.perHour!.high);
    expect(decision.rule.numbers.growth).toBeGreaterThan(tolerance.capacity);
  });

  test('is undecided before, for as many cycles as bring what fills', () => {
    const { state, rule, cyclesToDecide, cycles, tolerance } = decisionOn(perSecond(20), cheapCycles);
    expect({ state, name: rule.name }).toEqual({ state: 'undecided', name: 'growth-by-the-clock' });
    const grown = 20 * 0.4 * cheapCycles.floors;
    expect((cyclesToDecide! * grown) / (cycles.at(-1)! * tolerance.capacity)).toBeCloseTo(1, 0);
  });

  test('is not asked for where so little grew that floors may differ by it, nor within a budget of the user', () => {
    expect(decisionOn(perSecond(4), cheapCycles).rule.name).toBe('grows-below-budget');
    const budgets = { [gauge]: 1 };
    expect(decisionOn(perSecond(100), { ...cheapCycles, manifest: { budgets } }).rule.name).toBe('certified');
  });

  test('is none where it comes with the cycles', () => {
    const byCycles = decisionOn(({ cycles }) => Math.floor(cycles / 50_000), cheapCycles);
    expect(byCycles.rule.name).not.toBe('growth-by-the-clock');
  });
});
