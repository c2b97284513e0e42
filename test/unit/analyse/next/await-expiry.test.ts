import { expect, test } from 'vitest';
import { awaitExpiry } from '../../../../harness/analyse/next/await-expiry.js';
import type { StoredRun } from '../../../../harness/model/run-log.js';
import { observedTarget, performed } from '../../../support/planned-target.js';
import { type FloorPlace, heapFloor, syntheticRun } from '../../../support/synthetic-run.js';

const inMs = 20_000;

/** A heap whose entries name a time until which they are kept. */
function expiring(): StoredRun {
  const run = syntheticRun({
    floors: 60,
    cyclesPerRound: 150,
    parameters: { universe: 'fresh' },
    metrics: { heapUsed: (place) => heapFloor(place) + 1_700 * place.cycles },
  });
  const holder = { description: '`tokens` (Map in app.js)', name: 'expiresAt', inMs, shares: { heapUsed: 1 } };
  const attribution = { suspects: [], explained: { heapUsed: 1 }, warnings: [], artifacts: [], expiring: [holder] };
  return { ...run, attribution };
}

/** What is done when the heap looks so once the entries have gone. */
function doneWhen(heapUsed: (place: FloorPlace) => number): string[] {
  const target = observedTarget({ run: expiring() });
  const startedMs = target.elapsedMs;
  const { experiments } = performed(awaitExpiry(target), target, () => {
    if (target.elapsedMs - startedMs > inMs) target.run = syntheticRun({ floors: 300, metrics: { heapUsed } });
  });
  return experiments.map((one) => one.do).filter((done, index, all) => done !== all[index - 1]);
}

test('entries are waited for until their time is over; where the heap is level then, that is enough', () => {
  expect(doneWhen(heapFloor)).toEqual(['rest']);
});

test('a heap that is still open then is driven once more, and its entries waited for again', () => {
  expect(doneWhen(({ random }) => 8e6 + 4e6 * random())).toEqual(['rest', 'drive', 'rest']);
});
