import { expect, test } from 'vitest';
import { judge } from '../../../../harness/analyse/judge.js';
import { type FloorPlace, heapFloor, type SyntheticRun, syntheticRun } from '../../../support/synthetic-run.js';

const mebibyte = 1024 * 1024;
const resident = ({ random }: FloorPlace) => 60 * mebibyte + mebibyte * random();
const leakingIn = (plan: SyntheticRun) => {
  const { findings } = judge(syntheticRun({ floors: 120, ...plan }));
  return findings.filter(({ verdict }) => verdict === 'leak').map(({ metric }) => metric);
};
const grows =
  (floor: (place: FloorPlace) => number, bytes: number) =>
  (place: FloorPlace): number =>
    floor(place) + bytes * place.cycles;
const allocated = ({ random }: FloorPlace) => 3 * mebibyte + 16_384 * random();

test('what native code allocates and keeps is a leak, and pages follow it', () => {
  const metrics = {
    heapUsed: heapFloor,
    external: () => 2e6,
    nativeUsed: grows(allocated, 80),
    rss: grows(resident, 80),
  };
  expect(leakingIn({ metrics })).toEqual(['nativeUsed']);
});

test.each([
  ['heapUsed', { heapUsed: grows(heapFloor, 15_700), external: () => 2e6, nativeUsed: grows(allocated, 103) }],
  ['external', { heapUsed: heapFloor, external: grows(() => 2e6, 300), nativeUsed: grows(allocated, 482) }],
])('what the allocator holds for %s is one leak with it', (metric, metrics) => {
  expect(leakingIn({ metrics })).toEqual([metric]);
});

test('a small part of it explains nothing', () => {
  const metrics = { heapUsed: grows(heapFloor, 100), external: () => 2e6, nativeUsed: grows(allocated, 900) };
  expect(leakingIn({ metrics })).toEqual(expect.arrayContaining(['heapUsed', 'nativeUsed']));
});

test('where the heap is none of it, what the allocator holds is a leak of its own', () => {
  const metrics = { heapUsed: grows(heapFloor, 15_700), nativeUsed: grows(allocated, 103) };
  expect(leakingIn({ metrics, manifest: { visibility: 'outside' } })).toHaveLength(2);
});

test.each([
  [0, 'plateau'],
  [80, 'leak'],
])(
  'what the first census leaves in the process, 0.3 to 2 MiB, is a step and no growth: beside %d B a cycle it is %s',
  (bytes, verdict) => {
    const censusFrom = 60;
    const metrics = {
      heapUsed: heapFloor,
      external: () => 2e6,
      nativeUsed: (place: FloorPlace) => grows(allocated, bytes)(place) + (place.floor < censusFrom ? 0 : mebibyte),
    };
    const phaseOf = (floor: number) => (floor >= censusFrom && floor < censusFrom + 14 ? 'census' : 'measure');
    const { findings } = judge(syntheticRun({ floors: 120, phaseOf, metrics }));
    const found = findings.find(({ metric }) => metric === 'nativeUsed');
    expect(found?.verdict).toBe(verdict);
    expect(Math.abs((found?.slope.estimate ?? Number.NaN) - bytes)).toBeLessThan(8);
  },
);
