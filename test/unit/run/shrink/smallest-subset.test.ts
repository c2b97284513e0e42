import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smallestSubset } from '../../../../harness/run/shrink/smallest-subset.js';

const items = Array.from({ length: 60 }, (_, item) => item);

async function search(needed: readonly number[], of = items) {
  let trials = 0;
  const found = await smallestSubset(of, (subset) => {
    trials += 1;
    return Promise.resolve(needed.every((item) => subset.includes(item)));
  });
  return { found, trials };
}

test('one of sixty is found by halves', async () => {
  const { found, trials } = await search([41]);
  expect(found).toEqual([41]);
  expect(trials).toBeLessThanOrEqual(12);
});

test('what is needed together is found wherever it lies', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 4 }),
      async (needed) => {
        const { found } = await search(needed);
        expect(found).toEqual(needed.toSorted((one, other) => one - other));
      },
    ),
  );
});

test('where nothing can be left out, everything stays', async () => {
  const five = items.slice(0, 5);
  expect((await search(five, five)).found).toEqual(five);
  expect((await search([3], [3])).found).toEqual([3]);
});

test('any of many is found by halves, with nothing beside it', async () => {
  const tried: number[] = [];
  const found = await smallestSubset(items, (subset) => {
    tried.push(subset.length);
    return Promise.resolve(subset.some((item) => item >= 30));
  });
  expect(found).toEqual([30]);
  expect(tried).toEqual([30, 30, 15, 8, 4, 2, 1]);
});
