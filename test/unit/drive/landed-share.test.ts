import { expect, test } from 'vitest';
import { LandedShare } from '../../../harness/drive/landed-share.js';
import { seededRandom } from '../../../harness/platform/random.js';

const ratePerSecond = 2_000;

function shareOf(cycles: number, latencyMs: (index: number) => number): number | undefined {
  const share = new LandedShare(ratePerSecond);
  for (let index = 0; index < cycles; index += 1) share.note(index, latencyMs(index));
  return share.value;
}

test('a target that answers one after the other takes as much of a rate as it has time for', () => {
  // One each 5 ms, where one comes each 0.5 ms.
  expect(shareOf(26, (index) => 5 + index * 4.5)).toBeCloseTo(0.1);
  expect(shareOf(400, (index) => 5 + index * 4.5)).toBeCloseTo(0.1);
});

test('a target that answers slowly, each as it comes, takes all of it', () => {
  const random = seededRandom(1);
  expect(shareOf(400, () => 300)).toBe(1);
  expect(shareOf(400, () => 50 + 100 * random())).toBeGreaterThan(0.9);
});

test('a few cycles show nothing', () => {
  expect(shareOf(5, (index) => 5 + index * 4.5)).toBeUndefined();
});
