import { expect, test } from 'vitest';
import { judge } from '../../../harness/analyse/judge.js';
import { type FloorPlace, heapFloor, type SyntheticRun, syntheticRun } from '../../support/synthetic-run.js';

const mebibyte = 1024 * 1024;
const resident = ({ random }: FloorPlace) => 60 * mebibyte + mebibyte * random();
const judged = (plan: SyntheticRun) => {
  const judgement = judge(syntheticRun(plan));
  return { ...judgement, rss: judgement.findings.find(({ metric }) => metric === 'rss') };
};

test('pages that grow by a hundred MiB in a straight line, unexplained, are a native leak', () => {
  const { verdict, rss } = judged({
    metrics: { heapUsed: heapFloor, external: () => 2e6, rss: (place) => resident(place) + 20_000 * place.cycles },
  });
  expect(verdict).toBe('leak');
  expect(rss).toMatchObject({ verdict: 'leak', reason: expect.stringContaining('native memory') });
  expect(rss!.slope.estimate / 20_000).toBeCloseTo(1, 1);
});

test('the same pages are advisory where the heap explains them', () => {
  const { rss } = judged({
    metrics: {
      heapUsed: (place) => heapFloor(place) + 20_000 * place.cycles,
      rss: (place) => resident(place) + 20_000 * place.cycles,
    },
  });
  expect(rss).toMatchObject({ verdict: 'advisory', reason: expect.stringContaining('with the heap') });
});

test('an allocator that keeps pages in steps is reported and not condemned', () => {
  const { verdict, rss } = judged({
    floors: 120,
    metrics: {
      heapUsed: heapFloor,
      threads: () => 11,
      rss: (place) => resident(place) + 14 * mebibyte * Math.min(4, Math.floor(place.cycles / 4_000)),
    },
  });
  expect(verdict).toBe('plateau');
  expect(rss?.verdict).toBe('advisory');
});

test('pages that grow with the threads are condemned', () => {
  const { findings } = judged({
    floors: 40,
    cyclesPerRound: 20,
    metrics: {
      heapUsed: heapFloor,
      threads: ({ cycles }) => 11 + cycles,
      rss: (place) => resident(place) + 3 * mebibyte * place.cycles,
    },
  });
  expect(findings.filter(({ verdict }) => verdict === 'leak').map(({ metric }) => metric)).toEqual(
    expect.arrayContaining(['threads', 'rss']),
  );
});

test('of a process seen from outside, resident memory decides', () => {
  const outside = { manifest: { visibility: 'outside' as const } };
  const leaking = judged({ ...outside, metrics: { rss: (place) => resident(place) + 4_096 * place.cycles } });
  expect(leaking.verdict).toBe('leak');
  const arenas = judged({
    ...outside,
    floors: 120,
    metrics: { rss: (place) => resident(place) + 256 * 1024 * Math.floor(4 * Math.log1p(place.cycles / 500)) },
  });
  expect(arenas.verdict).toBe('plateau');
});
