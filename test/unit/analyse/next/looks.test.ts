import { expect, test } from 'vitest';
import { slopeFindings } from '../../../../harness/analyse/decide/reconcile.js';
import { lookSchedule, testsAmong } from '../../../../harness/analyse/next/looks.js';
import { drivenFloors, rowsOf, undisturbedFloors } from '../../../../harness/analyse/series/floors.js';
import { heapFloor, type SyntheticRun, syntheticRun } from '../../../support/synthetic-run.js';

const measured = 40;
const counted = 14;
const heapUsed: SyntheticRun['metrics'][string] = (place) => heapFloor(place) + 120 * place.cycles;
const run = syntheticRun({
  floors: measured + counted,
  phaseOf: (floor) => (floor < measured ? 'measure' : 'census'),
  metrics: { heapUsed, fds: () => 23 },
});

test('a run is looked at after 30 and 40 floors, and at each floor of the census', () => {
  const census = Array.from({ length: counted }, (_, floor) => measured + floor + 1);
  expect(lookSchedule(run.samples)).toEqual([30, 40, ...census]);
});

test('a metric is tested at looks that bring a floor of it', () => {
  const looks = lookSchedule(run.samples);
  expect(testsAmong(looks, rowsOf(run.samples, undisturbedFloors))).toBe(2);
  expect(testsAmong(looks, rowsOf(run.samples, drivenFloors))).toBe(2 + counted);
});

test('a metric of the census is tested once it has enough floors for a slope', () => {
  const inCensus = rowsOf(run.samples, drivenFloors).filter((row) => row >= measured);
  expect(testsAmong(lookSchedule(run.samples), inCensus)).toBe(counted - 7);
  expect(testsAmong([], inCensus)).toBe(0);
});

test('counting objects afterwards takes nothing from what is known of the heap', () => {
  const heapAt = (rows: number) => slopeFindings(run, rows).find(({ metric }) => metric === 'heapUsed');
  const before = heapAt(measured);
  expect(before).toMatchObject({ verdict: 'leak', slope: { estimate: expect.closeTo(120, -1) } });
  expect(heapAt(measured + counted)).toEqual(before);
});
