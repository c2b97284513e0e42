import { expect, test } from 'vitest';
import { judge } from '../../../../harness/analyse/judge.js';
import { syntheticRun } from '../../../support/synthetic-run.js';

/** Live memory of a C++ service that is driven for 96,000 cycles. */
const decisionOf = (bytesAt: (cycles: number) => number) =>
  judge(
    syntheticRun({
      floors: 100,
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
