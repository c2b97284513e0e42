import { expect, test } from 'vitest';
import { compareRuns } from '../../../../harness/analyse/comparison/compare.js';
import { judge } from '../../../../harness/analyse/judge.js';
import type { StoredRun } from '../../../../harness/model/run-log.js';
import { type FloorPlace, heapFloor, syntheticRun } from '../../../support/synthetic-run.js';

const mebibyte = 1024 * 1024;
const end = { event: 'end', reason: 'decided', endedAt: '2026-01-31T12:01:00.000Z' } as const;

/** A run that stays level at 40 MiB, and of which each round has a peak. */
function runOf(peak: (place: FloorPlace) => number, budgets: Record<string, number> = {}, seed = 1): StoredRun {
  const run = syntheticRun({
    seed,
    events: [end],
    metrics: { heapUsed: heapFloor, fds: () => 23, rss: () => 40 * mebibyte, peakRss: peak },
  });
  return { ...run, manifest: { ...run.manifest, budgets } };
}

const around =
  (mebibytes: number) =>
  ({ random }: FloorPlace) =>
    mebibytes * mebibyte * (0.95 + 0.1 * random());
const once = (place: FloorPlace) => around(place.floor === 30 ? 900 : 60)(place);

function peakOf(run: StoredRun) {
  const { verdict, findings, warnings } = judge(run);
  return { run: verdict, warnings, ...findings.find(({ metric }) => metric === 'peakRss')! };
}

test('a peak far above what stays at rest is reported, and fails nobody by itself', () => {
  const found = peakOf(runOf(around(3_000)));
  expect(found).toMatchObject({ run: 'plateau', verdict: 'advisory', kind: 'level' });
  expect(found.warnings.join()).toContain('peakRss peaks at 2.');
  expect(found.slope.low).toBeLessThan(3_000 * mebibyte);
  expect(found.slope.high).toBeGreaterThan(3_000 * mebibyte);
});

test('a peak that is little above what stays at rest is not noted', () => {
  expect(peakOf(runOf(around(90)))).toMatchObject({ verdict: 'advisory', warnings: [] });
});

test('a budget is a limit: one round above it is enough', () => {
  const budgets = { peakRss: 512 * mebibyte };
  expect(peakOf(runOf(once, budgets))).toMatchObject({ run: 'leak', verdict: 'leak', rule: { name: 'peak-level' } });
  expect(peakOf(runOf(around(400), budgets))).toMatchObject({ run: 'plateau', verdict: 'plateau', warnings: [] });
});

test('peaks of two runs are compared, and do not decide', () => {
  const compared = (before: number, after: number) => compareRuns(runOf(around(before)), runOf(around(after), {}, 2));
  const peak = (comparison: ReturnType<typeof compared>) =>
    comparison.metrics.find(({ metric }) => metric === 'peakRss')!;
  expect(peak(compared(100, 400))).toMatchObject({ word: 'worse', decisive: false });
  expect(compared(100, 400).verdict).toBe('unchanged');
  expect(peak(compared(400, 100)).word).toBe('improved');
  expect(peak(compared(100, 104)).word).toBe('unchanged');
});
