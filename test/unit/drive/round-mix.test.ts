import { expect, test } from 'vitest';
import { drawMix } from '../../../harness/drive/round-mix.js';

const states = [
  { operation: { name: 'search', weight: 0.7 } },
  { operation: { name: 'order', weight: 0.2 } },
  { operation: { name: 'order (aborted)', weight: 0.1, isDisturbed: true } },
];

function sharesOf(favoured?: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = { search: 0, order: 0, 'order (aborted)': 0 };
  const cycles = 1_000;
  for (let round = 0; round < 20; round += 1) {
    const mix = drawMix(states, { cycles, seed: 1, round, ...(favoured && { favoured }) });
    for (let state = mix.next(); state !== undefined; state = mix.next()) counts[state.operation.name]! += 1;
  }
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count / (20 * cycles)]));
}

test('operations have the share of their weights over many rounds', () => {
  expect(sharesOf().search).toBeCloseTo(0.7, 1);
  expect(sharesOf([])).toEqual(sharesOf());
});

test('those that are favoured have half of the cycles together, and the others the other half', () => {
  expect(sharesOf(['order (aborted)'])['order (aborted)']).toBeCloseTo(0.5, 1);
  const { order, search } = sharesOf(['order', 'search']);
  expect(order! + search!).toBeCloseTo(0.5, 1);
  expect(order).toBeGreaterThan(0);
});

test('where all are favoured, none is', () => {
  expect(sharesOf(states.map(({ operation }) => operation.name))).toEqual(sharesOf());
});
