import { describe, expect, test } from 'vitest';
import { compareRecords, compareRuns } from '../../../../harness/analyse/comparison/compare.js';
import { comparisonSchema } from '../../../../harness/model/comparison.js';
import { PlateauError } from '../../../../harness/model/errors.js';
import type { StoredRun } from '../../../../harness/model/run-log.js';
import { analyse } from '../../../../harness/run/analyse-run.js';
import { type FloorPlace, heapFloor, type SyntheticRun, syntheticRun } from '../../../support/synthetic-run.js';

const end = { event: 'end', reason: 'decided', endedAt: '2026-01-31T12:01:00.000Z' } as const;

/** About 13,000 cycles of a heap that grows by so many bytes a cycle, and of a gauge. */
function runWith(
  seed: number,
  { bytes = 0, entries = 0, speed = 1_000 },
  changes: Partial<SyntheticRun> = {},
): StoredRun {
  return syntheticRun({
    seed,
    events: [end],
    ...changes,
    metrics: {
      heapUsed: (place) => heapFloor(place) + bytes * place.cycles,
      'gauge.sessions': ({ cycles }: FloorPlace) => Math.round(entries * cycles),
      fds: () => 23,
      throughput: ({ random }) => speed * (0.95 + 0.1 * random()),
      ...changes.metrics,
    },
  });
}

function wordsOf(before: StoredRun, after: StoredRun): Record<string, string> {
  const comparison = comparisonSchema.parse(compareRuns(before, after));
  return {
    ...Object.fromEntries(comparison.metrics.map(({ metric, word }) => [metric, word])),
    ...Object.fromEntries(comparison.performance.map(({ metric, word }) => [metric, word])),
    verdict: comparison.verdict,
  };
}

const seeds = Array.from({ length: 30 }, (_, index) => index + 1);

describe('runs of about 13,000 cycles', () => {
  test('of the same code: unchanged, 60 of 60', () => {
    const verdicts = seeds.flatMap((seed) => [
      wordsOf(runWith(seed, {}), runWith(seed + 100, {})).verdict,
      wordsOf(runWith(seed, { entries: 1 }), runWith(seed + 100, { entries: 1 })).verdict,
    ]);
    expect(verdicts).toEqual(verdicts.map(() => 'unchanged'));
  });

  test('16 B a cycle more are seen, and so are 16 less, 30 of 30', () => {
    const more = seeds.map((seed) => wordsOf(runWith(seed, {}), runWith(seed + 100, { bytes: 16 })).heapUsed);
    expect(more.filter((word) => word === 'worse' || word === 'new leak')).toHaveLength(30);
    const less = seeds.map((seed) => wordsOf(runWith(seed, { bytes: 16 }), runWith(seed + 100, {})).heapUsed);
    expect(less.filter((word) => word === 'improved' || word === 'fixed')).toHaveLength(30);
  });

  test('a leak that is gone is fixed, with all of it removed to within two points', () => {
    const comparison = compareRuns(runWith(1, { entries: 1, bytes: 200 }), runWith(2, {}));
    expect(comparison).toMatchObject({ verdict: 'fixed', exitCode: 0 });
    const sessions = comparison.metrics.find(({ metric }) => metric === 'gauge.sessions')!;
    expect(sessions).toMatchObject({ word: 'fixed', difference: { estimate: -1 }, removed: { estimate: 1 } });
    expect(sessions.removed!.high - sessions.removed!.low).toBeLessThan(0.02);
  });

  test('a part of a leak that is gone is an improvement, never a fix', () => {
    const comparison = compareRuns(runWith(1, { entries: 1 }), runWith(2, { entries: 0.4 }));
    expect(comparison).toMatchObject({ verdict: 'improved', exitCode: 0 });
    expect(comparison.metrics[0]).toMatchObject({ metric: 'gauge.sessions', word: 'improved' });
    expect(comparison.metrics[0]!.removed!.estimate).toBeCloseTo(0.6, 2);
  });

  test('a leak as large as before is unchanged, and said to leak', () => {
    const comparison = compareRuns(runWith(1, { entries: 1 }), runWith(2, { entries: 1 }));
    expect(comparison).toMatchObject({ verdict: 'unchanged', exitCode: 0 });
    expect(comparison.reason).toMatch(/leaks as before/);
  });

  test('a new leak, and a leak that doubled', () => {
    expect(compareRuns(runWith(1, {}), runWith(2, { entries: 1 }))).toMatchObject({ verdict: 'new leak', exitCode: 1 });
    expect(compareRuns(runWith(1, { entries: 1 }), runWith(2, { entries: 2 }))).toMatchObject({
      verdict: 'worse',
      exitCode: 1,
    });
  });

  test('the same seen from the other side: differences change their sign', () => {
    const [left, right] = [runWith(1, { entries: 0.5, bytes: 40 }), runWith(2, { entries: 1, bytes: 20 })];
    const [there, back] = [compareRuns(left, right), compareRuns(right, left)];
    for (const { metric, difference } of there.metrics) {
      const other = back.metrics.find((one) => one.metric === metric)!.difference!;
      expect([metric, difference!.estimate, difference!.low]).toEqual([metric, 0 - other.estimate, 0 - other.high]);
    }
  });
});

test('runs that are too short cannot tell, and say how long would', () => {
  const short = { floors: 24, cyclesPerRound: 4 };
  const comparison = compareRuns(runWith(1, {}, short), runWith(2, { bytes: 300 }, short));
  expect(comparison).toMatchObject({ verdict: 'cannot tell', exitCode: 2 });
  expect(comparison.metrics.find(({ metric }) => metric === 'heapUsed')!.cyclesToTell).toBeGreaterThan(100);
});

test('growth that a baseline knows is compared as the growth that it is', () => {
  const before = runWith(1, { entries: 1 });
  const growth = { verdict: 'leak', slope: 1, low: 1, high: 1, unit: 'entries/cycle' } as const;
  const entry = {
    run: 'a',
    recordedAt: '2026-01-31T12:00:00.000Z',
    cycles: 1,
    environment: { plateau: '0', node: '20', platform: 'linux' },
    metrics: { 'gauge.sessions': growth },
  };
  const known = { ...before, manifest: { ...before.manifest, baseline: { source: 'a', entry } } };
  expect(compareRuns(known, runWith(2, {}))).toMatchObject({ verdict: 'fixed', before: { verdict: 'leak' } });
});

describe('speed', () => {
  test('30 % lower throughput is worse, although nothing grows', () => {
    const comparison = compareRuns(runWith(1, {}), runWith(2, { speed: 700 }));
    expect(comparison).toMatchObject({ verdict: 'worse', exitCode: 1 });
    expect(comparison.performance[0]).toMatchObject({ metric: 'throughput', word: 'slower' });
    expect(comparison.reason).toMatch(/throughput went from .* slower/);
  });

  test('is not blamed on the code where other work kept the cores busy', () => {
    const crowded = { metrics: { cpuOthers: () => 1.2 } };
    expect(wordsOf(runWith(1, {}), runWith(2, { speed: 700 }, crowded))).toMatchObject({
      throughput: 'cannot tell',
      verdict: 'unchanged',
    });
  });

  test('counts for less where both were driven in turns', () => {
    const [before, after] = [runWith(1, {}), runWith(2, { speed: 860 })];
    expect(compareRuns(before, after).performance[0]!.word).not.toBe('slower');
    expect(compareRuns(before, after, { interleaved: true }).performance[0]!.word).toBe('slower');
  });
});

describe('how runs differ', () => {
  const [before, after] = [runWith(1, {}), runWith(2, {})];
  const other = { ...after, manifest: { ...after.manifest, scenario: 'another' } };

  test('seeds, Node versions and budgets are named', () => {
    const environment = { ...after.manifest.environment, node: '22.1.0' };
    const changed = { ...after, manifest: { ...after.manifest, environment, budgets: { heapUsed: 64 } } };
    const { differences } = compareRuns(before, changed);
    expect(differences.map(({ subject, weight }) => `${subject} ${weight}`)).toEqual([
      'environment.node note',
      'seed note',
      'budgets.heapUsed note',
    ]);
  });

  test('another scenario voids the comparison, unless it is forced', () => {
    expect(() => compareRuns(before, other)).toThrow(PlateauError);
    expect(() => compareRuns(before, other)).toThrow(
      /^scenario: expected the same in both runs, got synthetic before and another after/,
    );
    expect(compareRuns(before, other, { force: true }).warnings[0]).toMatch(/by force: scenario/);
  });
});

test('records whose samples are gone are compared by their own intervals, and it is said', () => {
  const [before, after] = [runWith(1, { entries: 1 }), runWith(2, {})].map(analyse) as [never, never];
  const comparison = comparisonSchema.parse(compareRecords(before, after));
  expect(comparison).toMatchObject({ verdict: 'fixed', before: { basis: 'record' }, performance: [] });
  expect(comparison.warnings[0]).toMatch(/only the records were there/);
});
