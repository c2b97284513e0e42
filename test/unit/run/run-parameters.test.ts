import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../../harness/model/scenario.js';
import {
  checkDefects,
  gaugeKindsOf,
  rerunCommand,
  runBudgets,
  runParameters,
} from '../../../harness/run/run-parameters.js';

const scenario: Scenario = {
  name: 'shop/carts',
  target: { pid: 1 },
  operations: { cart: { create: () => 1, destroy: () => undefined } },
  budgets: { heapUsed: '1 KiB', fds: 0.5 },
  concurrency: 8,
  universe: 100,
  defects: { 'carts-kept': { summary: 'x', expect: { verdict: 'leak' } } },
};

describe('what a run is driven with', () => {
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
    expect(rerunCommand('shop', { days: 2, virtualTime: true }, 1)).toBe(
      'plateau run shop --days 2 --virtual-time --seed 1',
    );
  });

  it('budgets are base units a cycle', () => {
    expect(runBudgets({ budgets: { fds: 0.01 } }, scenario)).toEqual({ heapUsed: 1_024, fds: 0.01 });
    expect(() => runBudgets({ budgets: { heap: 1 } }, scenario)).toThrow(
      'budget heap: expected a metric that is judged',
    );
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

  it('only declared defects can be planted', () => {
    expect(() => checkDefects(['carts-kept'], scenario, scenario.name)).not.toThrow();
    expect(() => checkDefects(['carts'], scenario, scenario.name)).toThrow(
      'has no defect carts: expected one of carts-kept',
    );
    expect(() => checkDefects(['x'], undefined, 'driver')).toThrow('it can plant none');
  });

  it('the rerun command holds everything that changes the run, quoted for a shell', () => {
    expect(
      rerunCommand(
        "./it's here.mjs",
        {
          defects: ['a'],
          cycles: 5,
          durationMs: 90_000,
          untilDecided: false,
          budgets: { fds: 0.1 },
          attribution: 'off',
        },
        41,
      ),
    ).toBe(
      String.raw`plateau run './it'\''s here.mjs' --defect a --cycles 5 --duration 90s --budget fds=0.1 --no-until-decided --attribution off --seed 41`,
    );
  });
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
