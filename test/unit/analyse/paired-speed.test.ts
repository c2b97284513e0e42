import { expect, test } from 'vitest';
import { compareRuns } from '../../../harness/analyse/comparison/compare.js';
import { seededRandom } from '../../../harness/platform/random.js';
import { syntheticRun } from '../../support/synthetic-run.js';

/** The machine is now fast and now slow, for both alike: rounds of the same number were driven one after the other. */
const mood = (floor: number) => 0.4 + 1.2 * seededRandom('mood', floor)();

function side(name: 'before' | 'after', speed: number, paired: boolean) {
  const other = name === 'before' ? 'after' : 'before';
  return syntheticRun({
    floors: 60,
    metrics: {
      fds: () => 20,
      throughput: ({ floor, random }) => speed * mood(floor) * (0.98 + 0.04 * random()),
    },
    seed: name === 'before' ? 1 : 2,
    manifest: { id: name, ...(paired && { pair: { id: other, side: name, variant: name } }) },
  });
}

function throughputOf(after: number, paired: boolean) {
  const comparison = compareRuns(side('before', 1_000, paired), side('after', after, paired));
  const throughput = comparison.performance.find(({ metric }) => metric === 'throughput');
  return { interleaved: comparison.interleaved, word: throughput?.word, ratio: throughput?.ratio };
}

test('what slows both down at the time cancels in a pair, and only there', () => {
  expect(throughputOf(700, false)).toMatchObject({ interleaved: false, word: 'cannot tell' });
  const { interleaved, word, ratio } = throughputOf(700, true);
  expect(interleaved).toBe(true);
  expect(word).toBe('slower');
  expect(ratio?.estimate).toBeCloseTo(0.7, 1);
  expect(ratio!.high - ratio!.low).toBeLessThan(0.06);
});

test('a pair of the same speed is unchanged', () => {
  expect(throughputOf(1_000, true).word).toBe('unchanged');
  expect(throughputOf(960, true).word).toBe('unchanged');
});
