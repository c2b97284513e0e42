import { describe, expect, test } from 'vitest';
import { judge } from '../../../harness/analyse/judge.js';
import { ruleExplanations } from '../../../harness/model/rule.js';
import { type FloorPlace, heapFloor, type SyntheticRun, syntheticRun } from '../../support/synthetic-run.js';

const ruleOf = (metric: string, plan: SyntheticRun) => {
  const finding = judge(syntheticRun(plan)).findings.find((candidate) => candidate.metric === metric)!;
  return { verdict: finding.verdict, rule: finding.rule!.name, numbers: finding.rule!.numbers };
};

describe('the rule of a finding', () => {
  test('is certified growth that stays within the budget', () => {
    const { verdict, rule, numbers } = ruleOf('heapUsed', { metrics: { heapUsed: heapFloor } });
    expect({ verdict, rule }).toEqual({ verdict: 'plateau', rule: 'certified' });
    expect(numbers.high).toBeLessThan(numbers.passesBelow!);
  });

  test('is steady growth for a leak, above what condemns and past any fill', () => {
    const heapUsed = (place: FloorPlace) => heapFloor(place) + 200 * place.cycles;
    const { verdict, rule, numbers } = ruleOf('heapUsed', { metrics: { heapUsed } });
    expect({ verdict, rule }).toEqual({ verdict: 'leak', rule: 'steady-growth' });
    expect(numbers.lowWhole).toBeGreaterThan(numbers.leakAbove!);
    expect(numbers.lowLate).toBeGreaterThan(numbers.leakAbove!);
    expect(numbers.cycles).toBeGreaterThan(numbers.fillCycles!);
  });

  test('says that growth may fill something until it is past that', () => {
    const heapUsed = (place: FloorPlace) => heapFloor(place) + 400 * place.cycles;
    const plan = { floors: 60, cyclesPerRound: 20, metrics: { heapUsed } };
    expect(ruleOf('heapUsed', plan)).toMatchObject({ verdict: 'inconclusive', rule: 'may-be-filling' });
  });

  test('is growth below the budget where it is sure, which the default budget does not let pass', () => {
    const heapUsed = (place: FloorPlace) => heapFloor(place) + 4 * place.cycles;
    const plan = { floors: 300, cyclesPerRound: 3_000, metrics: { heapUsed } };
    expect(ruleOf('heapUsed', plan)).toMatchObject({ verdict: 'inconclusive', rule: 'grows-below-budget' });
    const { reason, cyclesToDecide } = judge(syntheticRun(plan)).findings[0]!;
    expect(reason).toMatch(
      /^grows by 4(\.\d+)? B per cycle for sure, less than the default budget of 8 B per cycle; only a `--budget`/,
    );
    expect(cyclesToDecide).toBeUndefined();
    const allowed = { ...plan, manifest: { budgets: { heapUsed: 8 } } };
    expect(ruleOf('heapUsed', allowed)).toMatchObject({ verdict: 'plateau', rule: 'certified' });
  });

  test('says that few floors are too few', () => {
    const plan = { floors: 5, metrics: { heapUsed: heapFloor } };
    expect(ruleOf('heapUsed', plan)).toMatchObject({ verdict: 'inconclusive', rule: 'too-few-floors' });
  });

  test('is one that is explained, for every finding of a run', () => {
    const metrics = { heapUsed: heapFloor, fds: () => 9, rss: () => 6e7, cpuIdle: () => 0.01, 'gauge.pool': () => 3 };
    const { findings } = judge(syntheticRun({ metrics }));
    expect(findings.length).toBeGreaterThan(4);
    for (const { rule } of findings) expect(Object.keys(ruleExplanations)).toContain(rule?.name);
  });
});

describe('growth that sets in late', () => {
  /** Objects are counted in the last rounds, after which the target rests. */
  const lateLeak = (bytesPerObject: number): SyntheticRun => {
    let countedSince = 0;
    const kept = ({ cycles, floor }: FloorPlace) => {
      if (floor < 60) countedSince = cycles;
      return 2 * (cycles - countedSince);
    };
    return {
      floors: 78,
      phaseOf: (floor) => (floor < 60 ? 'measure' : floor < 76 ? 'census' : 'rest'),
      metrics: {
        heapUsed: (place) => heapFloor(place) + bytesPerObject * kept(place),
        objects: (place) => (place.floor < 60 ? Number.NaN : 9_000 + kept(place)),
      },
    };
  };

  test('is a leak of objects, whatever the heap was certified for before', () => {
    expect(ruleOf('objects', lateLeak(400))).toMatchObject({ verdict: 'leak', rule: 'steady-growth' });
  });

  test('is none while the heap shows that they come and go', () => {
    expect(ruleOf('objects', lateLeak(0))).toMatchObject({ verdict: 'inconclusive', rule: 'heap-bears-no-objects' });
  });
});

test('growth of hundreds of MiB is a leak, however few cycles it took', () => {
  const heapUsed = (place: FloorPlace) => heapFloor(place) + 4 * 1024 * 1024 * place.cycles;
  const plan = { floors: 40, cyclesPerRound: 4, metrics: { heapUsed } };
  expect(ruleOf('heapUsed', plan)).toMatchObject({ verdict: 'leak', rule: 'steady-growth' });
});
