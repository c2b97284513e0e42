import { describe, expect, test } from 'vitest';
import { judge } from '../../../../harness/analyse/judge.js';
import type { MemoryManagement, RunEvent } from '../../../../harness/model/run-log.js';
import { type FloorPlace, heapFloor, type SyntheticRun, syntheticRun } from '../../../support/synthetic-run.js';

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

test.each(['expiringUsed', 'outputBuffers'])('the same pages are advisory where %s explains them', (metric) => {
  const { rss } = judged({
    metrics: {
      heapUsed: heapFloor,
      [metric]: ({ cycles }) => 20_000 * cycles,
      rss: (place) => resident(place) + 20_000 * place.cycles,
    },
  });
  expect(rss?.verdict).toBe('advisory');
});

test('keys that expire decide nothing', () => {
  const { findings, verdict } = judged({
    floors: 120,
    metrics: { heapUsed: heapFloor, expiringUsed: ({ cycles }) => 20_000 * cycles },
  });
  expect(verdict).toBe('plateau');
  expect(findings.map(({ metric }) => metric)).toEqual(['heapUsed']);
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

test.each([
  [80, 'inconclusive'],
  [30, 'advisory'],
])('pages that swing by 16 MiB and grow by %i MiB in 60 floors are %s', (mebibytes, verdict) => {
  const { rss } = judged({
    floors: 60,
    metrics: {
      heapUsed: heapFloor,
      rss: ({ floor, random }) => (60 + 16 * random() + (mebibytes * floor) / 60) * mebibyte,
    },
  });
  expect(rss?.verdict).toBe(verdict);
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
  const arenas = (floors: number) =>
    judged({
      ...outside,
      floors,
      metrics: { rss: (place) => resident(place) + 256 * 1024 * Math.floor(4 * Math.log1p(place.cycles / 500)) },
    }).verdict;
  expect(arenas(120)).toBe('inconclusive');
  expect(arenas(1_200)).toBe('plateau');
});

describe('private pages of a process that is seen from outside', () => {
  const pages = 4_096;
  const outside = { manifest: { visibility: 'outside' as const } };
  const started = (memory: MemoryManagement): RunEvent => ({
    event: 'runtime',
    names: ['any'],
    memory,
  });
  /** Whole pages, as the kernel counts them. */
  const growing = (bytesPerCycle: number) => ({
    uss: ({ cycles }: { cycles: number }) =>
      28e6 - (28e6 % pages) + pages * Math.floor((bytesPerCycle * cycles) / pages),
  });
  const verdictOf = (
    bytesPerCycle: number,
    floors: number,
    memory: MemoryManagement = 'manual',
    cyclesPerRound = 220,
  ) => judged({ ...outside, floors, cyclesPerRound, metrics: growing(bytesPerCycle), events: [started(memory)] });

  test.each([48, 120, 208, 368, 2_100])(
    'are no plateau at any length of run while they grow by %d B a cycle',
    (rate) => {
      // Two pages in a window may be first touches; what lies below the smallest budget needs length to show.
      for (const floors of [20, 30, 40, 60, 80, 120, 200])
        for (const cyclesPerRound of rate < 100 ? [220] : [5, 20, 220])
          for (const memory of ['manual', 'collected', 'unknown'] as const)
            expect(verdictOf(rate, floors, memory, cyclesPerRound).verdict, `${floors} floors`).not.toBe('plateau');
      const { verdict, findings } = verdictOf(rate, 200);
      expect(verdict).toBe('leak');
      expect(findings[0]!.slope.estimate / rate).toBeCloseTo(1, 1);
    },
  );

  test('are a plateau within 128 B a cycle while they stay', () => {
    const { verdict, findings } = verdictOf(0, 40);
    expect(verdict).toBe('plateau');
    expect(findings.find(({ metric }) => metric === 'uss')!.budget).toBeLessThanOrEqual(128);
  });

  /** An allocator that keeps some of what it was given back, at some floors. */
  const swinging = (bytesPerCycle: number, floors: number, cyclesPerRound: number) =>
    Array.from({ length: 10 }, (_, index) => {
      const uss = (place: FloorPlace) => growing(bytesPerCycle).uss(place) + pages * Math.floor(25 * place.random());
      const run = { ...outside, floors, cyclesPerRound, metrics: { uss }, events: [started('manual')] };
      return judged({ ...run, seed: index + 1 }).verdict;
    });

  test('that swing and that no collector manages are a leak of 20 B a cycle, as no heap waits for one', () => {
    expect(new Set(swinging(20, 120, 500))).toEqual(new Set(['leak']));
    expect(new Set(swinging(0, 120, 500))).toEqual(new Set(['plateau']));
  });

  test.each([3_000, 6_000, 12_000, 30_000])('that swing hide no 20 B a cycle in %d cycles', (cycles) => {
    for (const rate of [20, 32, 64]) expect(swinging(rate, 60, cycles / 60)).not.toContain('plateau');
  });

  test('that a collector manages are no leak until more has grown than it waits for', () => {
    expect(verdictOf(300, 60, 'collected').verdict).toBe('inconclusive');
    expect(verdictOf(300, 60, 'manual').verdict).toBe('leak');
    expect(verdictOf(300, 400, 'collected').verdict).toBe('leak');
  });

  test('that a collector manages hide as much as it waits for', () => {
    expect(verdictOf(0, 60, 'collected').verdict).toBe('inconclusive');
    expect(verdictOf(0, 400, 'collected').verdict).toBe('plateau');
  });
});

test('a process whose memory was not read is no plateau', () => {
  const { verdict, reason } = judged({ manifest: { visibility: 'outside' }, metrics: { fds: () => 9 } });
  expect(verdict).toBe('inconclusive');
  expect(reason).toMatch(/memory of the target could not be read/);
});

test('pages that were read too seldom give way to resident memory', () => {
  const { findings } = judged({
    manifest: { visibility: 'outside' },
    metrics: { uss: ({ floor }) => (floor % 20 === 0 ? 2e7 : Number.NaN), rss: ({ cycles }) => 4e7 + 4_096 * cycles },
  });
  expect(findings[0]).toMatchObject({ metric: 'rss', verdict: 'leak' });
});

test('pages that grow smoothly, by less than any allocator keeps, are driven on', () => {
  const { verdict, rss } = judged({
    floors: 80,
    metrics: {
      heapUsed: heapFloor,
      external: () => 2e6,
      rss: ({ random, cycles }) => 60 * mebibyte + 40_000 * random() + 1_040 * cycles,
    },
  });
  expect(verdict).toBe('inconclusive');
  expect(rss).toMatchObject({ verdict: 'inconclusive', rule: { name: 'pages-may-outgrow-the-heap' } });
});

test('pages that no collector manages are driven on from a MiB on', () => {
  const verdictOf = (memory: MemoryManagement, bytesPerCycle: number) =>
    judged({
      manifest: { visibility: 'outside' },
      floors: 50,
      events: [{ event: 'runtime', names: ['any'], memory }],
      metrics: {
        heapUsed: () => 830_000,
        rss: ({ random, cycles }) => 44 * mebibyte + 8_192 * random() + bytesPerCycle * cycles,
      },
    }).verdict;
  expect(verdictOf('manual', 296)).toBe('inconclusive');
  expect(verdictOf('manual', 0)).toBe('plateau');
  expect(verdictOf('collected', 296)).toBe('plateau');
});

describe('live memory that another runtime reports', () => {
  const findingAt = (rate: number, cyclesPerRound: number) =>
    judged({
      manifest: { visibility: 'outside' },
      cyclesPerRound,
      metrics: { heapUsed: ({ cycles }) => 9e6 + rate * cycles, uss: () => 2e7 },
    });

  test.each([66, 107, 320])('is no plateau in a short run while it grows by %d B a cycle', (rate) => {
    for (const cyclesPerRound of [1, 2, 4, 8, 40]) expect(findingAt(rate, cyclesPerRound).verdict).not.toBe('plateau');
    expect(findingAt(rate, 220).verdict).toBe('leak');
  });

  test('is a plateau while it stays, once there were cycles enough', () => {
    expect(findingAt(0, 1).verdict).toBe('inconclusive');
    expect(findingAt(0, 40).verdict).toBe('plateau');
  });
});

test('a gauge in bytes is judged as memory, noise and all', () => {
  const manifest = { gauges: { used: { kind: 'bytes' as const } } };
  const gauge = (rate: number) =>
    judged({
      manifest,
      metrics: { heapUsed: heapFloor, 'gauge.used': ({ cycles, random }) => 5e6 + 2_000 * random() + rate * cycles },
    }).findings.find(({ metric }) => metric === 'gauge.used');
  expect(gauge(0)).toMatchObject({ verdict: 'plateau', unit: 'B' });
  expect(gauge(200)).toMatchObject({ verdict: 'leak', unit: 'B', slope: { unit: 'B/cycle' } });
});
