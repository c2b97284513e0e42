import { expect, test } from 'vitest';
import { judge } from '../../../../harness/analyse/judge.js';
import { heapFloor, syntheticRun } from '../../../support/synthetic-run.js';

/** Objects that go up and down by some hundreds, and so many a cycle that stay. */
function countedObjects(keptPerCycle: number) {
  const run = syntheticRun({
    floors: 60,
    cyclesPerRound: 600,
    metrics: {
      heapUsed: heapFloor,
      objects: ({ cycles, random }) => Math.round(12_000 + 900 * random() + keptPerCycle * cycles),
    },
  });
  return judge(run).findings.find(({ metric }) => metric === 'objects');
}

test('a count that goes up and down is a plateau, to within its own restlessness', () => {
  expect(countedObjects(0)).toMatchObject({ verdict: 'plateau' });
});

test('a count that surely grows is none, though it goes up and down by more than it grew', () => {
  const finding = countedObjects(0.04);
  expect(finding?.verdict).not.toBe('plateau');
  expect(finding?.slope.low).toBeGreaterThan(0);
});
