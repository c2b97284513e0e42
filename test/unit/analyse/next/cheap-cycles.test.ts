import { expect, test } from 'vitest';
import { cheapCycles } from '../../../../harness/analyse/next/cheap-cycles.js';
import type { Finding } from '../../../../harness/model/run-record.js';

const leak = (metric: string, unit: string, slope: number) =>
  ({
    kind: 'growth',
    axis: 'cycle',
    verdict: 'leak',
    metric,
    unit,
    slope: { estimate: slope, low: slope, high: slope, unit: `${unit}/cycle` },
  }) as unknown as Finding;
const entries = [leak('heapUsed', 'B', 120), leak('gauge.entries', 'entries', 1)];
const lastFloor = { heapUsed: 8 * 1024 * 1024 };
const leftMs = Number.POSITIVE_INFINITY;
const withLimits = { readsLimits: true };
const withoutLimits = { readsLimits: false };

test('four times the cycles are driven where those take a moment', () => {
  expect(cheapCycles(entries, { cycles: 10_000, cyclesPerSecond: 100_000, lastFloor, leftMs }, withLimits)).toBe(
    40_000,
  );
});

test('what grows in doublings is driven by whole ones', () => {
  const table = { ...leak('heapUsed', 'B', 40), rule: { name: 'growth-in-doublings', numbers: {} } } as Finding;
  const target = { cycles: 10_000, cyclesPerSecond: 100_000, lastFloor, leftMs };
  expect(cheapCycles([table], target, withLimits)).toBe(30_000);
  expect(cheapCycles([table], { ...target, cyclesPerSecond: 3_000 }, withLimits)).toBe(10_000);
});

test('as many again are driven where a busy machine leaves time for no more', () => {
  expect(cheapCycles(entries, { cycles: 10_000, cyclesPerSecond: 3_000, lastFloor, leftMs }, withLimits)).toBe(10_000);
});

test('none are driven where they are dear, or where something else would run out', () => {
  expect(
    cheapCycles(entries, { cycles: 10_000, cyclesPerSecond: 1_000, lastFloor, leftMs }, withLimits),
  ).toBeUndefined();
  expect(
    cheapCycles([leak('fds', 'fds', 1)], { cycles: 10_000, cyclesPerSecond: 100_000, lastFloor, leftMs }, withLimits),
  ).toBeUndefined();
});

/** A target that was driven for 3,000 cycles. */
const driven = (speed: number, more: object = {}) => ({
  cycles: 3_000,
  cyclesPerSecond: speed,
  lastFloor,
  leftMs,
  ...more,
});

test('without limits of collections, a cache of 50,000 entries is filled where that takes some seconds', () => {
  expect(cheapCycles(entries, driven(8_000), withoutLimits)).toBe(97_000);
  expect(cheapCycles(entries, driven(1_000), withoutLimits)).toBe(20_000);
});

test('without limits of collections, a large heap leaves as much room as a small one', () => {
  const large = driven(8_000, { lastFloor: { heapUsed: 300 * 1024 * 1024 } });
  expect(cheapCycles(entries, large, withoutLimits)).toBe(97_000);
  expect(cheapCycles([leak('heapUsed', 'B', 8 * 1024)], driven(8_000), withoutLimits)).toBe(6_144);
});

test('without limits of collections, none are driven that the time of the run does not allow, or that show too little', () => {
  expect(cheapCycles(entries, driven(1_000, { leftMs: 5_000 }), withoutLimits)).toBe(2_000);
  expect(cheapCycles(entries, driven(1_000, { leftMs: 3_000 }), withoutLimits)).toBeUndefined();
  expect(cheapCycles(entries, driven(1_000, { cycles: 50_000 }), withoutLimits)).toBeUndefined();
});

test('without limits of collections, pages that grow by more than what is inside leave less room', () => {
  const pagesBytesPerCycle = 8 * 1024;
  expect(cheapCycles(entries, driven(8_000), { ...withoutLimits, pagesBytesPerCycle })).toBe(6_144);
});

test('pages are driven on where nothing shows the inside, and not where it is known', () => {
  const pages = [leak('uss', 'B', 570)];
  expect(cheapCycles(pages, driven(8_000, { lastFloor: { uss: 30 * 1024 * 1024 } }), withoutLimits)).toBe(
    (48 * 1024 * 1024) / 570,
  );
  expect(cheapCycles(pages, driven(8_000), withoutLimits)).toBeUndefined();
});
