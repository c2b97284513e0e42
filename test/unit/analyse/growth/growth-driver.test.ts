import { expect, test } from 'vitest';
import { judge } from '../../../../harness/analyse/judge.js';
import { heapFloor, type SyntheticRun, syntheticRun } from '../../../support/synthetic-run.js';

const findingOf = (metric: string, plan: SyntheticRun) =>
  judge(syntheticRun(plan)).findings.find((finding) => finding.metric === metric);

const operations = { subscribe: 1, publish: 3, connect: 0.5 };

test('of several operations the one that leaks is named, with its own slope', () => {
  const finding = findingOf('heapUsed', {
    operations,
    metrics: { heapUsed: (place) => heapFloor(place) + 900 * place.cyclesOf('connect') },
  });
  expect(finding).toMatchObject({ verdict: 'leak', driver: 'operation', operation: 'connect' });
  expect(finding!.slope.estimate / 900).toBeCloseTo(1, 1);
  expect(finding!.slope.low).toBeLessThan(900);
  expect(finding!.slope.high).toBeGreaterThan(900);
  expect(finding!.reason).toContain('per connect');
});

test('a count that goes with a rare operation is reported in spite of its share of the rounds', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const finding = findingOf('gauge.entries', {
      seed,
      floors: 30,
      cyclesPerRound: 12,
      operations: { rare: 1, frequent: 5 },
      metrics: { 'gauge.entries': (place) => 1_000 + place.cyclesOf('rare') },
    });
    expect(finding).toMatchObject({ verdict: 'leak', shape: 'linear', operation: 'rare' });
    expect(finding!.slope.estimate).toBeCloseTo(1, 2);
  }
});

test('of several operations those that leak are named, each with its own slope, and the others are not', () => {
  const finding = findingOf('heapUsed', {
    operations: { ...operations, leave: 1 },
    metrics: {
      heapUsed: (place) => heapFloor(place) + 900 * place.cyclesOf('connect') + 1_800 * place.cyclesOf('leave'),
    },
  });
  expect(finding).toMatchObject({ verdict: 'leak', driver: 'operation' });
  expect(finding?.operation).toBeUndefined();
  expect(finding!.byOperation!.map(({ operation, grows }) => [operation, grows])).toEqual([
    ['subscribe', 'no'],
    ['publish', 'no'],
    ['connect', 'yes'],
    ['leave', 'yes'],
  ]);
  expect(finding!.byOperation![3]!.slope.estimate / 1_800).toBeCloseTo(1, 1);
  expect(finding!.reason).toContain('per cycle in leave and connect, steadily');
});

test('what runs dry by one operation is attributed to it', () => {
  const finding = findingOf('gauge.entries', {
    operations,
    metrics: { 'gauge.entries': (place) => 1e6 - place.cyclesOf('connect') },
  });
  expect(finding).toMatchObject({ verdict: 'leak', operation: 'connect', slope: { estimate: expect.closeTo(-1, 2) } });
});

test('where all of them leak none is blamed', () => {
  const finding = findingOf('gauge.entries', {
    operations,
    metrics: { 'gauge.entries': ({ cycles }) => cycles },
  });
  expect(finding).toMatchObject({ verdict: 'leak', driver: 'operation', slope: { estimate: expect.closeTo(1, 2) } });
  expect(finding?.operation).toBeUndefined();
});

test('growth that goes with time is reported per hour', () => {
  const finding = findingOf('timers', {
    floors: 90,
    metrics: { timers: ({ elapsedMs }) => 5 + Math.floor(elapsedMs / 5) },
    settleMs: 200,
  });
  expect(finding).toMatchObject({ verdict: 'leak', driver: 'time', slope: { unit: 'timers/h' } });
  expect(finding!.slope.estimate / 720_000).toBeCloseTo(1, 1);
  expect(finding?.operation).toBeUndefined();
});

test('growth that goes with sampling, and without cycles too, is the harness itself', () => {
  const finding = findingOf('handles', {
    floors: 90,
    phaseOf: (floor) => (floor % 15 < 3 ? 'null' : 'measure'),
    metrics: { handles: ({ floor }) => 10 + 20 * floor },
  });
  expect(finding).toMatchObject({ verdict: 'advisory', driver: 'sample' });
});
