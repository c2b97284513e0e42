import { expect, test } from 'vitest';
import { judge } from '../../../harness/analyse/judge.js';
import { heapFloor, syntheticRun } from '../../support/synthetic-run.js';

test('an undecided slope above its budget says why it is no leak yet', () => {
  const run = syntheticRun({
    floors: 32,
    metrics: { heapUsed: (place) => heapFloor(place) + 20 * place.cycles },
  });
  const heap = judge(run).findings.find(({ metric }) => metric === 'heapUsed')!;
  expect(heap.verdict).toBe('inconclusive');
  expect(heap.slope.low).toBeGreaterThan(heap.budget);
  expect(heap.reason).toMatch(
    /^grows by [\d.]+ B per cycle, above the budget of .*no more so far than a warm-up or a step/,
  );
});
