import { expect, it } from 'vitest';
import type { Scenario } from '../../../harness/model/scenario.js';
import { runParameters } from '../../../harness/run/run-parameters.js';

const scenario: Scenario = {
  name: 'shop/carts',
  target: { pid: 1 },
  operations: { cart: { create: () => 1, destroy: () => undefined } },
  concurrency: 8,
  universe: 100,
};

it('the caller wins over the scenario, the scenario over the defaults', () => {
  expect(runParameters({ concurrency: 2 }, scenario)).toMatchObject({
    concurrency: 2,
    universe: 100,
    cyclesPerRound: 'auto',
    confidence: 0.99,
  });
  expect(runParameters({}, scenario).concurrency).toBe(8);
  expect(runParameters({}, undefined)).toMatchObject({ universe: 'fresh', concurrency: 1 });
});

it('days are driven to their end on a clock that is moved on, however long that takes', () => {
  const { virtualTime, untilDecided, durationMs } = runParameters({ days: 2 }, scenario);
  expect([virtualTime, untilDecided]).toEqual([true, false]);
  expect(durationMs).toBeGreaterThan(runParameters({}, scenario).durationMs);
});
