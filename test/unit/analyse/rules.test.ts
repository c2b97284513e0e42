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
