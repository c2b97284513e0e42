import { expect, test } from 'vitest';
import { judge } from '../../../../harness/analyse/judge.js';
import { heapFloor, syntheticRun } from '../../../support/synthetic-run.js';

test('an undecided slope above its budget says why it is no leak yet', () => {
  const run = syntheticRun({
    floors: 32,
    metrics: { heapUsed: (place) => heapFloor(place) + 40 * place.cycles },
  });
  const heap = judge(run).findings.find(({ metric }) => metric === 'heapUsed')!;
  expect(heap.verdict).toBe('inconclusive');
  expect(heap.slope.low).toBeGreaterThan(heap.budget);
  expect(heap.reason).toMatch(
    /^grows by [\d.]+ B per cycle, above the budget of .*no more so far than a warm-up or a step/,
  );
});

test('growth within a budget that is known to the byte is reported once', () => {
  const run = syntheticRun({
    floors: 60,
    metrics: { heapUsed: heapFloor, arrayBuffers: ({ cycles }) => 600 * cycles },
    manifest: { budgets: { arrayBuffers: 10_240 } },
  });
  const buffers = judge(run).findings.find(({ metric }) => metric === 'arrayBuffers')!;
  expect(buffers.reason).toBe('grows by 600 B per cycle, within the budget of 10 KiB per cycle');
});

test('where no limit of a collection is read, a leak says how many cycles did not fill it', () => {
  const reasonOf = (universe: number | 'fresh') =>
    judge(
      syntheticRun({
        floors: 60,
        manifest: { visibility: 'outside' },
        parameters: { universe },
        events: [{ event: 'runtime', names: ['Go'], memory: 'collected' }],
        metrics: { heapUsed: ({ cycles }) => 6e6 + 300 * cycles },
      }),
    ).findings[0]!.reason;
  expect(reasonOf('fresh')).toMatch(/; if it is a cache, 12,600 cycles with ever-new inputs have not filled it$/);
  expect(reasonOf(16)).toMatch(/; if it is a cache, 12,600 cycles have not filled it$/);
});

test('a bound that is zero, or an error of the arithmetic, is given as a thousandth of the budget', () => {
  const run = syntheticRun({
    floors: 60,
    metrics: { heapUsed: heapFloor, arrayBuffers: () => 600, external: ({ cycles }) => 1e6 - 3 * cycles },
    manifest: { budgets: { arrayBuffers: 8, external: 8 } },
  });
  const reasonOf = (metric: string) => judge(run).findings.find((finding) => finding.metric === metric)!.reason;
  expect(reasonOf('arrayBuffers')).toBe('stays: less than 0.008 B per cycle, within the budget of 8 B per cycle');
  expect(reasonOf('external')).toMatch(/less than 0\.008 B per cycle/);
});
