import { describe, expect, test } from 'vitest';
import { judge } from '../../../../harness/analyse/judge.js';
import { type FloorPlace, heapFloor, type SyntheticRun, syntheticRun } from '../../../support/synthetic-run.js';

const mebibyte = 1024 * 1024;
const resident = ({ random }: FloorPlace) => 60 * mebibyte + mebibyte * random();

describe('a child process of a Node target', () => {
  const childOf = (plan: SyntheticRun['metrics']) => {
    const { verdict, findings } = judge(syntheticRun({ metrics: { heapUsed: heapFloor, rss: resident, ...plan } }));
    return { verdict, child: findings.find(({ metric }) => metric.startsWith('child')) };
  };

  test('is a leak where the live memory of Node processes grows', () => {
    const { verdict, child } = childOf({
      'childHeap.node worker.js': (place) => heapFloor(place) + 300 * place.cycles,
    });
    expect(verdict).toBe('leak');
    expect(child).toMatchObject({ metric: 'childHeap.node worker.js', verdict: 'leak' });
  });

  test('is a leak where pages grow by a hundred MiB in a straight line', () => {
    const grown = (place: FloorPlace) => mebibyte * place.random() + 20_000 * place.cycles;
    const { verdict, child } = childOf({ 'childPages.python3 score.py': grown });
    expect(verdict).toBe('leak');
    expect(child).toMatchObject({ metric: 'childPages.python3 score.py', verdict: 'leak' });
  });

  test('decides nothing where pages grow in steps, or stay', () => {
    const inSteps = (place: FloorPlace) => 9 * mebibyte * Math.min(3, Math.floor(place.cycles / 4_000));
    for (const pages of [inSteps, () => 4 * mebibyte]) {
      const { verdict, child } = childOf({ 'childPages.esbuild --service': pages });
      expect(verdict).toBe('plateau');
      expect(child).toMatchObject({ verdict: 'advisory' });
    }
  });
});
