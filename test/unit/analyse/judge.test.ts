import { describe, expect, test } from 'vitest';
import { judge } from '../../../harness/analyse/judge.js';
import type { Finding } from '../../../harness/model/run-record.js';
import { type FloorPlace, heapFloor, type SyntheticRun, syntheticRun } from '../../support/synthetic-run.js';

const judged = (plan: SyntheticRun) => judge(syntheticRun(plan));
const find = (findings: readonly Finding[], metric: string) => findings.find((finding) => finding.metric === metric);
const steady = { throughput: () => 900, successRate: () => 1, fds: () => 23, heapUsed: heapFloor };

describe('a sound target', () => {
  test('levels off, with an interval below a stated budget', () => {
    const { verdict, findings } = judged({ metrics: steady });
    expect(verdict).toBe('plateau');
    for (const finding of findings) {
      expect(finding.verdict).toBe('plateau');
      expect(finding.slope.high).toBeLessThan(finding.budget);
      expect(finding.detectionFloor).toBeGreaterThan(0);
    }
  });

  test('an unchanged count is certified by the rule of three', () => {
    const { findings } = judged({ metrics: { ...steady, objects: () => 8123 } });
    const objects = find(findings, 'objects');
    expect(objects).toMatchObject({ verdict: 'plateau', shape: 'flat', slope: { estimate: 0 } });
    expect(objects!.slope.high).toBeLessThan(11 / 13_000);
  });

  test('one step is reported, and is no leak', () => {
    const { verdict, findings } = judged({
      floors: 120,
      metrics: { ...steady, heapUsed: (place) => heapFloor(place) + (place.floor >= 70 ? 2_400_000 : 0) },
    });
    expect(verdict).toBe('plateau');
    const heap = find(findings, 'heapUsed');
    expect(heap).toMatchObject({ shape: 'step', step: { height: expect.closeTo(2_400_000, -5) } });
  });

  test('a sawtooth is judged on its floor', () => {
    const { verdict, findings } = judged({
      floors: 120,
      cyclesPerRound: 600,
      metrics: { ...steady, heapUsed: (place) => heapFloor(place) + 100 * (place.cycles % 6_000) },
    });
    expect(verdict).toBe('plateau');
    const heap = find(findings, 'heapUsed');
    expect(heap?.shape).toBe('sawtooth');
    expect(heap?.periodCycles).toBeGreaterThan(5_000);
    expect(heap?.periodCycles).toBeLessThan(7_000);
  });

  test('a cache that has filled is saturated at its level', () => {
    const { verdict, findings } = judged({
      metrics: { ...steady, 'gauge.cache': ({ cycles }) => Math.min(cycles, 4_000) },
    });
    expect(verdict).toBe('plateau');
    const cache = find(findings, 'gauge.cache');
    expect(cache).toMatchObject({ shape: 'saturating', saturation: { level: 4_000 } });
    expect(cache!.saturation!.atCycles).toBeGreaterThan(3_500);
    expect(cache!.saturation!.atCycles).toBeLessThan(4_500);
  });
});

describe('a leak', () => {
  const leaking = (bytes: number, plan: Partial<SyntheticRun> = {}) =>
    judged({ ...plan, metrics: { ...steady, heapUsed: (place) => heapFloor(place) + bytes * place.cycles } });

  test.each([64, 256, 1024, 10_240])('of %d B a cycle is found, and its slope', (bytes) => {
    const { verdict, findings } = leaking(bytes);
    expect(verdict).toBe('leak');
    const heap = find(findings, 'heapUsed');
    expect(heap).toMatchObject({ verdict: 'leak', shape: 'linear', driver: 'operation', operation: 'cycle' });
    expect(Math.abs(heap!.slope.estimate / bytes - 1)).toBeLessThan(0.08);
    expect(heap!.slope.low).toBeGreaterThan(heap!.budget);
  });

  test('is reported in one sentence', () => {
    expect(find(leaking(1024).findings, 'heapUsed')?.reason).toMatch(
      /^grows by 1(\.0\d)? KiB per cycle, steadily; 1 GiB after 1\.0\d million cycles, 1\d(\.\d)? min at this rate$/,
    );
  });

  test('of one descriptor a cycle is found where the heap stays flat', () => {
    const { verdict, reason, findings } = judged({ metrics: { ...steady, fds: ({ cycles }) => 20 + cycles } });
    expect(verdict).toBe('leak');
    expect(reason).toMatch(/^fds grows by 1 fd per cycle, steadily; 1,024 fds after 1,020 cycles/);
    expect(find(findings, 'fds')).toMatchObject({ slope: { estimate: expect.closeTo(1, 3) } });
    expect(find(findings, 'heapUsed')?.verdict).toBe('plateau');
  });

  test('of one thread a cycle is found within seventy cycles', () => {
    const { verdict, findings } = judged({
      floors: 32,
      cyclesPerRound: 2,
      metrics: { threads: ({ cycles }) => 11 + cycles },
    });
    expect(verdict).toBe('leak');
    expect(find(findings, 'threads')?.last).toBeLessThan(85);
  });

  test('of one object in ten cycles is found within 3,000 cycles', () => {
    const { verdict, findings } = judged({
      floors: 30,
      cyclesPerRound: 100,
      metrics: { objects: ({ cycles }) => 8_000 + Math.floor(cycles / 10) },
    });
    expect(verdict).toBe('leak');
    expect(find(findings, 'objects')?.slope.estimate).toBeCloseTo(0.1, 3);
  });

  test('of one object in 2,000 cycles is found, given the cycles', () => {
    const { verdict, findings } = judged({
      floors: 120,
      cyclesPerRound: 2_000,
      metrics: { objects: ({ cycles }) => 8_000 + Math.floor(cycles / 2_000) },
    });
    expect(verdict).toBe('leak');
    expect(find(findings, 'objects')?.slope.estimate).toBeCloseTo(0.0005, 5);
  });

  test('that grows ever faster is accelerating', () => {
    const { findings } = judged({
      metrics: { ...steady, heapUsed: (place) => heapFloor(place) + place.cycles ** 2 / 20 },
    });
    expect(find(findings, 'heapUsed')).toMatchObject({ verdict: 'leak', shape: 'accelerating' });
  });

  test('on top of a sawtooth is found on the floor of its teeth', () => {
    const { findings } = judged({
      floors: 160,
      cyclesPerRound: 600,
      metrics: { ...steady, heapUsed: (place) => heapFloor(place) + 100 * (place.cycles % 6_000) + 120 * place.cycles },
    });
    expect(find(findings, 'heapUsed')?.verdict).toBe('leak');
  });

  test('in what is counted ever more rarely, since counting takes long, is reported', () => {
    const tempFiles = ({ cycles, floor }: FloorPlace) => (floor < 60 || floor % 6 === 0 ? cycles : Number.NaN);
    const { findings } = judged({ floors: 200, metrics: { ...steady, tempFiles } });
    expect(find(findings, 'tempFiles')).toMatchObject({
      verdict: 'leak',
      slope: { estimate: expect.closeTo(1, 2) as number },
    });
  });
});

describe('growth that may end', () => {
  test('is not condemned before it was long enough, and the cycles that would tell are named', () => {
    const { verdict, findings } = judged({
      floors: 30,
      cyclesPerRound: 60,
      parameters: { universe: 'fresh' },
      metrics: { ...steady, heapUsed: (place) => heapFloor(place) + 1_400 * Math.min(place.cycles, 4_000) },
    });
    expect(verdict).toBe('inconclusive');
    const heap = find(findings, 'heapUsed');
    expect(heap?.reason).toMatch(/a leak, or a cache that still fills; about [\d,]+ cycles in all would decide/);
    expect(heap?.cyclesToDecide).toBeGreaterThan(4_000);
  });

  test.each([
    ['descriptors of a pool', 'fds', ({ cycles }: FloorPlace) => 20 + Math.min(128, Math.floor(0.4 * cycles)), 5],
    ['entries of a cache', 'gauge.cache', ({ cycles }: FloorPlace) => Math.min(4_000, cycles), 60],
  ] as const)('%s: no leak while it fills, plateau afterwards', (_, metric, value, cyclesPerRound) => {
    const plan = { cyclesPerRound, parameters: { universe: 'fresh' as const }, metrics: { [metric]: value } };
    for (const floors of [30, 40, 50, 60]) expect(judged({ ...plan, floors }).verdict).not.toBe('leak');
    expect(judged({ ...plan, floors: 600 }).verdict).toBe('plateau');
  });

  test('a warm-up that decays over thousands of cycles is never a leak', () => {
    const decaying = ({ cycles, random }: FloorPlace) => 8e6 + 90e3 * Math.log1p(cycles / 50) + 9_000 * random();
    for (const floors of [30, 60, 120])
      expect(judged({ floors, cyclesPerRound: 25, metrics: { heapUsed: decaying } }).verdict).not.toBe('leak');
  });

  test('a filling cache is decelerating, and its level is estimated', () => {
    const { findings } = judged({
      metrics: { heapUsed: (place) => heapFloor(place) + 5e6 * (1 - Math.exp(-place.cycles / 9_000)) },
    });
    const heap = find(findings, 'heapUsed');
    expect(heap).toMatchObject({ verdict: 'inconclusive', shape: 'saturating' });
    expect(heap!.saturation!.level).toBeGreaterThan(10e6);
    expect(heap!.saturation!.level).toBeLessThan(12.5e6);
  });

  test('files are reported after some hundred, unless there may be one for each input', () => {
    const filesOf = (universe: number) =>
      find(
        judged({
          cyclesPerRound: 12,
          parameters: { universe },
          metrics: { ...steady, tempFiles: ({ cycles }) => Math.min(cycles, 2_000) },
        }).findings,
        'tempFiles',
      )!.verdict;
    expect(filesOf(256)).toBe('leak');
    expect(filesOf(2_000)).toBe('inconclusive');
  });
});
