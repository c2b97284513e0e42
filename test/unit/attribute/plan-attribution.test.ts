import { describe, expect, it } from 'vitest';
import { planAttribution, planForWarmTarget } from '../../../harness/attribute/plan-attribution.js';
import type { Finding, GrowthFinding } from '../../../harness/model/run-record.js';

function finding(metric: string, estimate: number, unit: string, more: Partial<GrowthFinding> = {}): Finding {
  return {
    kind: 'growth',
    axis: 'cycle',
    metric,
    unit,
    verdict: 'leak',
    shape: 'linear',
    slope: { estimate, low: estimate, high: estimate, unit: `${unit}/cycle` },
    confidence: 0.99,
    budget: 0,
    detectionFloor: 0,
    first: 0,
    last: 0,
    rounds: 40,
    reason: '',
    ...more,
  };
}

const measured = (findings: readonly Finding[], cyclesPerMs: number, universe: number | 'fresh') => ({
  ...{ findings, universe, cycles: 10_000 * cyclesPerMs, driveMs: 10_000, rounds: 50 },
});
const pass = (findings: readonly Finding[], cyclesPerMs = 10, universe: number | 'fresh' = 'fresh') =>
  planAttribution(measured(findings, cyclesPerMs, universe));

describe('the attribution pass', () => {
  it('is left out when nothing leaks', () => {
    expect(pass([finding('heapUsed', 3, 'B', { verdict: 'plateau' })])).toBeUndefined();
  });

  it('drives until half a megabyte has leaked, as far as time allows', () => {
    const large = pass([finding('heapUsed', 10_000, 'B')])!;
    const small = pass([finding('heapUsed', 100, 'B')])!;
    const tiny = pass([finding('heapUsed', 1, 'B')])!;
    expect(small.cyclesPerRound * small.rounds * 100).toBeGreaterThan(500_000);
    expect(large.cyclesPerRound).toBeLessThan(small.cyclesPerRound);
    // 10 cycles a millisecond, a second and a half.
    expect(tiny.cyclesPerRound * tiny.rounds).toBeLessThanOrEqual(15_010);
  });

  it('drives a slow target for a few cycles at least', () => {
    const { cyclesPerRound } = pass([finding('threads', 1, 'threads')], 0.01)!;
    expect(cyclesPerRound).toBeGreaterThanOrEqual(6);
  });

  it('drives four times as many cycles where the pass before saw nothing grow', () => {
    const leaks = measured([finding('fds', 0.6, 'fds')], 0.03, 'fresh');
    const [once, again] = [planAttribution(leaks)!, planAttribution({ ...leaks, isRepeated: true })!];
    expect(again.cyclesPerRound).toBe(4 * once.cyclesPerRound);
  });

  it('samples the finer the less leaks, and never so coarsely that a large object is missed', () => {
    const intervals = [1, 300, 1e6].map((slope) => pass([finding('heapUsed', slope, 'B')])!.intervalBytes);
    expect(intervals[0]).toBe(2_048);
    expect(intervals).toEqual([...intervals].sort((a, b) => a - b));
    expect(intervals[2]).toBe(4_096);
  });

  it('warms up the target that was measured for one round', () => {
    const plan = planForWarmTarget(pass([finding('heapUsed', 500, 'B', { warmupRounds: 20 })], 10, 5_000)!);
    expect(plan).toMatchObject({ warmupRounds: 1, warmupCyclesPerRound: plan.cyclesPerRound });
  });

  it('warms up as long as the measuring pass had to', () => {
    const long = pass([finding('heapUsed', 500, 'B', { warmupRounds: 20 })])!;
    const short = pass([finding('heapUsed', 500, 'B', { warmupRounds: 1 })])!;
    expect(long.warmupCyclesPerRound).toBeGreaterThan(short.warmupCyclesPerRound);
  });

  it('warms up until each input of a closed universe has been drawn, as far as time allows', () => {
    const cyclesOf = (cyclesPerMs: number) => {
      const { warmupCyclesPerRound, warmupRounds } = pass([finding('heapUsed', 300, 'B')], cyclesPerMs, 256)!;
      return warmupCyclesPerRound * warmupRounds;
    };
    // The last of 256 comes after 1,570 draws in the mean.
    expect(cyclesOf(1)).toBeGreaterThan(2_000);
    expect(cyclesOf(1)).toBeLessThan(3_000);
    expect(cyclesOf(0.1)).toBeLessThan(300);
  });

  it('does not let the leak make a heap in the warm-up that is slow to read', () => {
    const { warmupCyclesPerRound, warmupRounds } = pass([finding('heapUsed', 50_000, 'B', { warmupRounds: 20 })])!;
    expect(warmupCyclesPerRound * warmupRounds * 50_000).toBeLessThan(16 * 1024 * 1024);
  });

  it('takes heap snapshots only for what the heap can hold', () => {
    expect(pass([finding('fds', 1, 'fds')])!.snapshots).toBe(false);
    expect(pass([finding('arrayBuffers', 4_096, 'B')])!.snapshots).toBe(true);
    expect(pass([finding('gauge.sessions', 1, 'entries')])!.snapshots).toBe(true);
  });

  it('records native code of a runtime whose heap grows without objects', () => {
    const plan = (objects: Finding['verdict'], isNode: boolean, bytes = 40, count = 0) =>
      planAttribution({
        findings: [finding('heapUsed', bytes, 'B'), finding('objects', count, 'objects', { verdict: objects })],
        cycles: 10_000,
        driveMs: 10_000,
        rounds: 50,
        universe: 'fresh',
        isNode,
      })?.nativeMemory;
    expect([plan('plateau', false), plan('leak', false, 40, 1), plan('plateau', true)]).toEqual([true, false, false]);
    // Ninety kilobytes that come with 25 objects are no objects of Python.
    expect([plan('leak', false, 90_000, 25), plan('leak', false, 9_000, 25)]).toEqual([true, false]);
  });
});
