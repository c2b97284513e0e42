import { expect, test } from 'vitest';
import { compareCosts } from '../../../../harness/analyse/comparison/costs.js';
import { footprintOf } from '../../../../harness/analyse/findings/footprint.js';
import { judge } from '../../../../harness/analyse/judge.js';
import { heapFloor, normal, syntheticRun } from '../../../support/synthetic-run.js';

const held = 500;
const measured = 60;

/** Sixty floors of a sound service, then so many objects held and let go six times over. */
function runWithHolds({ liveBytes = 0, restBytes = 0, files = 0 }) {
  const hold = (floor: number) => floor - measured;
  const alive = (floor: number) => (floor >= measured && hold(floor) % 3 === 1 ? held : 0);
  const gone = (floor: number) => (floor < measured ? 0 : Math.floor((hold(floor) + 1) / 3) * held);
  return syntheticRun({
    floors: measured + 18,
    phaseOf: (floor) => (floor < measured ? 'measure' : 'hold'),
    metrics: {
      heapUsed: (place) =>
        place.floor < measured
          ? heapFloor(place)
          : 6.2e6 + 500 * normal(place.random) + liveBytes * alive(place.floor) + restBytes * gone(place.floor),
      fds: ({ floor }) => 23 + files * alive(floor),
      'fds.file': ({ floor }) => 3 + files * alive(floor),
      'held.cycle': ({ floor }) => (floor < measured ? Number.NaN : alive(floor)),
    },
  });
}

test('what a live object costs and leaves behind, from the floors around it', () => {
  const [footprint] = footprintOf(runWithHolds({ liveBytes: 1_000, restBytes: 48, files: 2 }))!;
  expect(footprint).toMatchObject({ operation: 'cycle', objects: held, repeats: 5 });
  expect(footprint!.metrics.map(({ metric }) => metric)).toEqual(['heapUsed', 'fds']);
  const [heap, fds] = footprint!.metrics;
  expect(heap!.live.low).toBeLessThan(1_000 + 48 / 2);
  expect(heap!.live.high).toBeGreaterThan(1_000);
  expect(heap!.live.high - heap!.live.low).toBeLessThan(20);
  expect(heap!.residue).toMatchObject({ low: expect.closeTo(48, -1), high: expect.closeTo(48, -1) });
  expect(fds).toMatchObject({ live: { estimate: 2, low: 2, high: 2 }, residue: { estimate: 0, low: 0, high: 0 } });
});

test('a run that held nothing has no footprint', () => {
  expect(footprintOf(syntheticRun({ metrics: { heapUsed: heapFloor } }))).toBeUndefined();
});

test('what was held does not touch the judgement', () => {
  const run = runWithHolds({ liveBytes: 10_000, restBytes: 4_000, files: 2 });
  const without = syntheticRun({ metrics: { heapUsed: heapFloor, fds: () => 23, 'fds.file': () => 3 } });
  expect(judge(run).findings).toEqual(judge(without).findings);
});

test('costs of two runs side by side', () => {
  const [light, heavy] = [
    { liveBytes: 1_000, files: 1 },
    { liveBytes: 1_500, files: 1, restBytes: 64 },
  ].map((costs) => footprintOf(runWithHolds(costs)));
  const { footprint, residue } = compareCosts(light, heavy);
  expect(footprint!.map(({ metric, word }) => `${metric} ${word}`)).toEqual(['heapUsed more', 'fds unchanged']);
  expect(residue!.map(({ metric, word }) => `${metric} ${word}`)).toEqual(['heapUsed more', 'fds unchanged']);
  expect(compareCosts(light, undefined)).toEqual({});
});
