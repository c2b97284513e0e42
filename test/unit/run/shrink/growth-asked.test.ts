import { expect, test } from 'vitest';
import { growthAsked } from '../../../../harness/run/shrink/growth-asked.js';

async function asked(rounds: readonly number[]) {
  let driven = 0;
  const growth = await growthAsked(10, () => {
    const round = rounds[driven];
    driven += 1;
    return round === undefined ? undefined : Promise.resolve(round);
  });
  return { growth, driven };
}

test('two rounds on the same side of the limit are enough', async () => {
  expect(await asked([20, 30, 1, 1])).toEqual({ growth: 25, driven: 2 });
  expect(await asked([0, 8, 90, 90])).toEqual({ growth: 4, driven: 2 });
});

test('rounds on both sides are followed by more, four at most', async () => {
  expect(await asked([0, 30, 30, 30, 99])).toEqual({ growth: 30, driven: 4 });
  // One step of the heap.
  expect(await asked([85, 5, 4, 6, 99])).toEqual({ growth: 5.5, driven: 4 });
});

test('a single round shows nothing when the time is over', async () => {
  expect(await asked([40])).toEqual({ growth: 0, driven: 2 });
  expect(await asked([])).toEqual({ growth: 0, driven: 1 });
});
