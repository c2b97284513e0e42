import { expect, test } from 'vitest';
import { judgeByRate, leakRates } from '../../../../harness/analyse/comparison/leak-rate.js';
import { judge } from '../../../../harness/analyse/judge.js';
import { type FloorPlace, heapFloor, type SyntheticRun, syntheticRun } from '../../../support/synthetic-run.js';

const operations = { search: 3, order: 1, login: 1 };

function ratesOf(plan: SyntheticRun) {
  const run = syntheticRun(plan);
  return leakRates(run, judge(run).findings);
}

const leaking: SyntheticRun = {
  operations,
  metrics: {
    heapUsed: (place) => heapFloor(place) + 600 * place.cyclesOf('order'),
    fds: ({ cyclesOf }) => 20 + cyclesOf('order'),
  },
};

test('what shows with the fewest cycles is followed, with the operation that the growth goes with first', () => {
  const [rate] = ratesOf(leaking);
  expect(rate).toMatchObject({ metric: 'fds', isAttributed: true, counted: false });
  expect(rate?.operations[0]).toBe('order');
  expect(rate?.operations.toSorted()).toEqual(['login', 'order', 'search']);
  expect(rate?.slope.estimate).toBeCloseTo(1, 2);
});

test('where several operations bring it, those that each round grew with come first', () => {
  const both = { fds: ({ cyclesOf }: FloorPlace) => 20 + cyclesOf('order') + cyclesOf('login') };
  const [rate] = ratesOf({ ...leaking, metrics: both });
  expect(rate).toMatchObject({ metric: 'fds', isAttributed: false });
  expect(rate?.operations.slice(0, 2).toSorted()).toEqual(['login', 'order']);
  expect(rate?.causes.toSorted()).toEqual(['login', 'order']);
});

test('growth with time is no loop, and neither is a run without a leak', () => {
  const byTime = { fds: ({ elapsedMs }: FloorPlace) => 20 + Math.floor(elapsedMs / 50) };
  expect(ratesOf({ ...leaking, settleMs: 400, metrics: byTime })).toEqual([]);
  expect(ratesOf({ ...leaking, metrics: { fds: () => 20 } })).toEqual([]);
});

test.each(['fds', 'heapUsed'])('a part that grows as fast is distinguished from one that does not: %s', (metric) => {
  const rate = ratesOf(leaking).find((one) => one.metric === metric)!;
  const part = (perCycle: number, weights: Readonly<Record<string, number>>) =>
    judgeByRate(
      syntheticRun({
        floors: 24,
        operations: weights,
        metrics: {
          heapUsed: (place) => heapFloor(place) + 600 * perCycle * place.cyclesOf('order'),
          fds: ({ cyclesOf }) => 20 + Math.round(perCycle * cyclesOf('order')),
        },
      }),
      rate,
      0.001,
    ).state;
  expect(part(1, { order: 1 })).toBe('same');
  // Per cycle of the operation, whatever else is driven beside it.
  expect(part(1, { order: 1, search: 4 })).toBe('same');
  expect(part(3, { order: 1 })).toBe('same');
  expect(part(0.2, { order: 1 })).toBe('less');
  expect(part(0, { order: 1 })).toBe('less');
});
