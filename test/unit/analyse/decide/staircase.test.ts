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

test('an arena that takes ever larger blocks does not pass, one that is full does', () => {
  const lastBlockAt = 79_000;
  // Each block is half as large as all before it.
  const arena = (cycles: number) =>
    440 * lastBlockAt * 1.5 ** Math.ceil(Math.log(Math.max(1, cycles) / lastBlockAt) / Math.log(1.5));
  expect(decisionOf(arena)).toMatchObject({ verdict: 'inconclusive', rule: { name: 'grows-in-steps' } });
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
