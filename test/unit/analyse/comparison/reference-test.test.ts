import { expect, test } from 'vitest';
import {
  distinguishingMetrics,
  hasMetric,
  judgeByReferences,
} from '../../../../harness/analyse/comparison/reference-test.js';
import { judge } from '../../../../harness/analyse/judge.js';
import { type FloorPlace, heapFloor, syntheticRun } from '../../../support/synthetic-run.js';

const alpha = 0.0006;
const keeps = (each: number) => (place: FloorPlace) => Math.floor(place.cycles * each);
const heap = (each: number) => (place: FloorPlace) => heapFloor(place) + each * place.cycles;
/** Fills until it holds 20,000 entries: at first it grows as a leak does. */
const fills = (leak: number) => (place: FloorPlace) => Math.min(20_000, place.cycles) + Math.floor(leak * place.cycles);

function referencesOf(metrics: (leak: boolean) => Parameters<typeof syntheticRun>[0]['metrics']) {
  return {
    good: syntheticRun({ metrics: metrics(false), seed: 1, floors: 120 }),
    bad: syntheticRun({ metrics: metrics(true), seed: 2, floors: 120 }),
  };
}

test('the metric that shows with the fewest cycles comes first', () => {
  const references = referencesOf((leak) => ({ heapUsed: heap(leak ? 300 : 0), fds: keeps(leak ? 1 : 0) }));
  const leaks = judge(references.bad).findings.filter(({ verdict }) => verdict === 'leak');
  expect(leaks.map(({ metric }) => metric).sort()).toEqual(['fds', 'heapUsed']);
  const metrics = distinguishingMetrics(references, leaks, alpha);
  expect(metrics.map(({ metric }) => metric)).toEqual(['fds', 'heapUsed']);
  expect(metrics[0]).toMatchObject({ axis: 'cycle', counted: false, bad: { unit: 'fds/cycle' } });
});

test('a metric that leaks in both references shows nothing', () => {
  const references = referencesOf(() => ({ fds: keeps(1) }));
  const leaks = judge(references.bad).findings.filter(({ verdict }) => verdict === 'leak');
  expect(leaks).toHaveLength(1);
  expect(distinguishingMetrics(references, leaks, alpha)).toEqual([]);
});

test.each([
  { name: 'descriptors', metrics: (leak: boolean) => ({ fds: keeps(leak ? 1 : 0) }), floors: 12 },
  {
    name: 'a heap with warm-up and peaks',
    metrics: (leak: boolean) => ({ heapUsed: heap(leak ? 300 : 0) }),
    floors: 60,
  },
])('$name: short runs are distinguished', ({ metrics, floors }) => {
  const references = referencesOf(metrics);
  const leaks = judge(references.bad).findings.filter(({ verdict }) => verdict === 'leak');
  const [metric] = distinguishingMetrics(references, leaks, alpha);
  for (let seed = 10; seed < 30; seed += 1)
    for (const leak of [false, true]) {
      const run = syntheticRun({ metrics: metrics(leak), seed, floors });
      const { state } = judgeByReferences(run, metric!, references, alpha);
      expect(['undecided', leak ? 'bad' : 'good'], `seed ${seed}`).toContain(state);
    }
  const decided = judgeByReferences(
    syntheticRun({ metrics: metrics(true), seed: 3, floors }),
    metric!,
    references,
    alpha,
  );
  expect(decided.state).toBe('bad');
});

test('a cache that fills in good and bad alike is held against neither', () => {
  const metrics = (leak: boolean) => ({ 'gauge.entries': fills(leak ? 0.5 : 0) });
  const plan = (leak: boolean, floors: number, seed: number) =>
    syntheticRun({ metrics: metrics(leak), floors, seed, parameters: { universe: 'fresh' } });
  const references = { good: plan(false, 300, 1), bad: plan(true, 300, 2) };
  const leaks = judge(references.bad).findings.filter(({ metric }) => metric === 'gauge.entries');
  const [metric] = distinguishingMetrics(references, leaks, alpha);
  for (const leak of [false, true]) {
    const { state } = judgeByReferences(plan(leak, 20, 5), metric!, references, alpha);
    expect(state).toBe(leak ? 'bad' : 'good');
  }
});

test('too few floors, and a metric that was never read, decide nothing', () => {
  const references = referencesOf((leak) => ({ fds: keeps(leak ? 1 : 0) }));
  const leaks = judge(references.bad).findings.filter(({ verdict }) => verdict === 'leak');
  const [metric] = distinguishingMetrics(references, leaks, alpha);
  const short = syntheticRun({ metrics: { fds: keeps(1) }, floors: 5 });
  expect(judgeByReferences(short, metric!, references, alpha)).toEqual({ state: 'undecided' });
  const other = syntheticRun({ metrics: { threads: () => 4 }, floors: 60 });
  expect(hasMetric(other, 'fds')).toBe(false);
  expect(judgeByReferences(other, metric!, references, alpha)).toEqual({ state: 'undecided' });
});
