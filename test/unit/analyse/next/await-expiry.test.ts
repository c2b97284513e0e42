import { expect, test } from 'vitest';
import { awaitExpiry } from '../../../../harness/analyse/next/await-expiry.js';
import type { StoredRun } from '../../../../harness/model/run-log.js';
import { observedTarget, performed } from '../../../support/planned-target.js';
import { type FloorPlace, heapFloor, syntheticRun } from '../../../support/synthetic-run.js';

const inMs = 20_000;

/** A heap whose entries name a time until which they are kept, or only that there is one. */
function expiring(inMs: number | undefined): StoredRun {
  const run = syntheticRun({
    floors: 60,
    cyclesPerRound: 150,
    parameters: { universe: 'fresh' },
    metrics: { heapUsed: (place) => heapFloor(place) + 1_700 * place.cycles },
  });
  const holder = {
    description: '`tokens` (Map in app.js)',
    name: 'expiresAt',
    ...(inMs !== undefined && { inMs }),
    shares: { heapUsed: 1 },
  };
  const attribution = { suspects: [], explained: { heapUsed: 1 }, warnings: [], artifacts: [], expiring: [holder] };
  return { ...run, attribution };
}

/** What is done when the heap looks so once the entries have gone. */
function doneWhen(heapUsed: (place: FloorPlace) => number, keptMs: number | undefined) {
  const target = observedTarget({ run: expiring(keptMs) });
  const startedMs = target.elapsedMs;
  const { experiments } = performed(awaitExpiry(target), target, () => {
    if (target.elapsedMs - startedMs > inMs) target.run = syntheticRun({ floors: 300, metrics: { heapUsed } });
  });
  return { experiments, lastedMs: target.elapsedMs - startedMs };
}

const stepsOf = ({ experiments }: ReturnType<typeof doneWhen>) =>
  experiments.map((one) => one.do).filter((done, index, all) => done !== all[index - 1]);

const open = ({ random }: FloorPlace) => 8e6 + 4e6 * random();

test('entries are waited for until their time is over; where the heap is level then, that is enough', () => {
  expect(stepsOf(doneWhen(heapFloor, inMs))).toEqual(['rest']);
});

test('a heap that is still open then is driven twice more, as far each time, and its entries waited for again', () => {
  const done = doneWhen(open, inMs);
  expect(stepsOf(done)).toEqual(['rest', 'drive', 'rest', 'drive', 'rest']);
  const driven = done.experiments.flatMap((one) => (one.do === 'drive' ? [one.cycles] : []));
  expect(new Set(driven).size).toBe(1);
});

test('entries that name no time are waited for as if that were a minute', () => {
  expect(doneWhen(heapFloor, undefined).lastedMs).toBeGreaterThan(60_000);
  expect(doneWhen(heapFloor, inMs).lastedMs).toBeLessThan(60_000);
});

test('outside of Node, a leak of which nothing is found is waited for as well; one whose cause is known is not', () => {
  const suspect = { kind: 'allocation-site', description: 'here', metric: 'heapUsed', share: 1 } as const;
  const perCycle = { estimate: 1_700, low: 1_700, high: 1_700, unit: 'B/cycle' };
  const lastedMs = (suspects: NonNullable<StoredRun['attribution']>['suspects'], visibility: 'node' | 'outside') => {
    const { manifest, attribution, ...run } = expiring(inMs);
    const { expiring: _, ...found } = { ...attribution!, suspects };
    const target = observedTarget({ run: { ...run, manifest: { ...manifest, visibility }, attribution: found } });
    const startedMs = target.elapsedMs;
    performed(awaitExpiry(target), target, () => undefined);
    return target.elapsedMs - startedMs;
  };
  // Once as it is, and once more after as many cycles again: a table keeps room.
  expect(lastedMs([], 'outside')).toBeGreaterThan(120_000);
  expect([lastedMs([{ ...suspect, perCycle }], 'outside'), lastedMs([], 'node')]).toEqual([0, 0]);
});
