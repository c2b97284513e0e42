import { expect, test } from 'vitest';
import { judge } from '../../../../harness/analyse/judge.js';
import { syntheticRun } from '../../../support/synthetic-run.js';

/** Live memory of a C++ service that is driven for 96,000 cycles. */
const decisionOf = (bytesAt: (cycles: number) => number, floors = 100) =>
  judge(
    syntheticRun({
      floors,
      cyclesPerRound: 960,
      msPerCycle: 0.1,
      manifest: { visibility: 'outside' },
      parameters: { universe: 'fresh' },
      events: [{ event: 'runtime', names: ['C, C++ or Rust'], memory: 'manual' }],
      metrics: { nativeUsed: ({ cycles }) => 75_000 + Math.round(bytesAt(cycles)) },
    }),
  ).findings.find(({ metric }) => metric === 'nativeUsed');

test('an arena that takes ever larger blocks is a leak, one that is full is not', () => {
  const lastBlockAt = 79_000;
  // Each block is half as large as all before it.
  const arena = (cycles: number) =>
    440 * lastBlockAt * 1.5 ** Math.ceil(Math.log(Math.max(1, cycles) / lastBlockAt) / Math.log(1.5));
  expect(decisionOf(arena)).toMatchObject({ verdict: 'leak', rule: { name: 'growth-in-doublings' } });
  expect(decisionOf((cycles) => arena(Math.min(cycles, 20_000)))).toMatchObject({ verdict: 'plateau' });
});

test('a table whose entries lie in it may double, wherever between two of its steps the run ends', () => {
  const entryBytes = 36;
  const table = (entries: number) => entryBytes * 2 ** Math.ceil(Math.log2((entries * 8) / 7 + 1));
  for (const floors of [60, 70, 80, 90, 100, 110]) {
    const decision = decisionOf(table, floors)!;
    expect(decision).toMatchObject({ verdict: 'inconclusive', rule: { name: 'table-may-double' } });
    // Just before it doubles it takes 8/7 of its entries, and afterwards twice as much.
    expect(decision.slope.estimate).toBeGreaterThan(0.7 * entryBytes);
    expect(decision.slope.estimate).toBeLessThan(2.5 * entryBytes);
    expect(decisionOf((cycles) => table(Math.min(cycles, 10_000)), floors)).toMatchObject({ verdict: 'plateau' });
  }
});

/** Grows to so many times its size whenever it is full, as lists of numbers do. */
const listOf = (factor: number) => (entries: number) =>
  40 * 16 * factor ** Math.ceil(Math.log(Math.max(1, entries) / 16) / Math.log(factor));

test.each([1.5, 2])('a list that grows to %f times its size never passes, and one that is full does', (factor) => {
  const list = listOf(factor);
  for (const floors of [40, 50, 60, 70, 80, 90, 100, 110, 120]) {
    expect(decisionOf(list, floors)!.verdict).not.toBe('plateau');
    expect(decisionOf((cycles) => list(Math.min(cycles, 8_000)), floors)).toMatchObject({ verdict: 'plateau' });
  }
});

test.each([1.5, 2])('a list that grows to %f times its size is a leak once it is larger than a cache', (factor) => {
  const list = listOf(factor);
  const found = [300, 350, 400, 450, 500].map((floors) => decisionOf(list, floors)!);
  expect(found.map(({ verdict }) => verdict)).toEqual(found.map(() => 'leak'));
  for (const { slope } of found) {
    expect(slope.low).toBeLessThanOrEqual(slope.estimate);
    expect(slope.estimate).toBeLessThanOrEqual(slope.high);
  }
  const full = decisionOf((cycles) => list(Math.min(cycles, 150_000)), 500);
  expect(full).toMatchObject({ verdict: 'plateau' });
});
