import { expect, it } from 'vitest';
import type { Scenario } from '../../../harness/model/scenario.js';
import { gaugeKindsOf, runBudgets } from '../../../harness/run/budgets.js';

const scenario: Scenario = {
  name: 'shop/carts',
  target: { pid: 1 },
  operations: { cart: { create: () => 1, destroy: () => undefined } },
  budgets: { heapUsed: '1 KiB', fds: 0.5 },
};

it('budgets are base units a cycle', () => {
  expect(runBudgets({ budgets: { fds: 0.01 } }, scenario)).toEqual({ heapUsed: 1_024, fds: 0.01 });
  expect(() => runBudgets({ budgets: { heap: 1 } }, scenario)).toThrow('budget heap: expected a metric that is judged');
  expect(() => runBudgets({}, { ...scenario, budgets: { heapUsed: '1 KB' } })).toThrow(
    'must be a number or a size, got `1 KB`',
  );
});

it('a budget that would decide nothing is refused, whoever gives it', () => {
  const gauged: Scenario = {
    ...scenario,
    budgets: {},
    gaugeKinds: { served: { kind: 'counter' }, cached: { kind: 'bounded', bound: 500 }, open: { kind: 'level' } },
  };
  expect(runBudgets({ budgets: { 'gauge.open': 1, 'gauge.other': 1 } }, gauged)).toEqual({
    'gauge.open': 1,
    'gauge.other': 1,
  });
  const refusedBudgets = [
    ['gauge.served', 'one that `gaugeKinds` declares a counter'],
    ['gauge.cached', 'one that `gaugeKinds` declares bounded, which is judged by its bound of 500'],
    ['throughput', 'expected a metric that is judged'],
  ] as const;
  for (const [metric, words] of refusedBudgets) {
    expect(() => runBudgets({ budgets: { [metric]: 1 } }, gauged)).toThrow(words);
    expect(() => runBudgets({}, { ...gauged, budgets: { [metric]: 1 } })).toThrow(
      expect.objectContaining({ code: 'PLATEAU_INVALID_SCENARIO', message: expect.stringContaining(words) }),
    );
  }
});

it('a budget of 0 is refused where no run could be shown to keep it', () => {
  expect(() => runBudgets({ budgets: { fds: 0 } }, scenario)).toThrow('budget fds: expected a number above 0, got 0');
  expect(() => runBudgets({}, { ...scenario, budgets: { heapUsed: '0 B' } })).toThrow('above 0, got 0');
  expect(runBudgets({ budgets: { cpuIdle: 0 } }, scenario)).toMatchObject({ cpuIdle: 0 });
});

it('the kind of a gauge may be declared by its name alone', () => {
  const gaugeKinds = {
    usedMemory: 'bytes',
    handled: { kind: 'counter' },
    pool: { kind: 'bounded', bound: 9 },
  } as const;
  expect(gaugeKindsOf({ gaugeKinds })).toEqual({
    usedMemory: { kind: 'bytes' },
    handled: { kind: 'counter' },
    pool: { kind: 'bounded', bound: 9 },
  });
});
