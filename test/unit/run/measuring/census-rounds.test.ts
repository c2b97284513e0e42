import { expect, test } from 'vitest';
import { roundsForCensus, runCensusRounds } from '../../../../harness/run/measuring/census-rounds.js';
import type { ObjectCounter } from '../../../../harness/run/measuring/object-counter.js';
import type { Measurement } from '../../../../harness/run/measuring/rounds.js';

/** Cycles of each round of a census that stays undecided. */
async function roundsOfCensus({ leaks = false, heapUsed = 6e6 } = {}): Promise<number[]> {
  const rounds: number[] = [];
  const measurement = {
    lastFloor: { heapUsed },
    elapsedMs: 4_000,
    cyclesPerSecond: 1e6,
    sizer: { meanCycles: 400, restart: () => undefined },
    limitReached: () => undefined,
    round: async (_: string, { cycles = 400 }: { cycles?: number }) => {
      rounds.push(cycles);
    },
  };
  const counter = { count: async () => ({}) } as unknown as ObjectCounter;
  await runCensusRounds(counter, measurement as unknown as Measurement, { undecided: () => true, leaks });
  return rounds;
}

test('rounds of a census grow, and the later half of its cycles always has floors enough to be judged', async () => {
  const rounds = await roundsOfCensus();
  expect(rounds.at(-1)).toBeGreaterThan(10 * rounds[0]!);
  const ends = rounds.map((_, index) => rounds.slice(0, index + 1).reduce((sum, cycles) => sum + cycles, 0));
  for (const [index, cycles] of ends.entries()) {
    const floors = ends.slice(0, index + 1);
    if (floors.length >= 14) expect(floors.filter((end) => end >= cycles / 2).length).toBeGreaterThanOrEqual(5);
  }
});

test('the census has its part of few rounds, and no more of many than it needs', () => {
  expect([3, 30, 60, 10_000].map(roundsForCensus)).toEqual([1, 10, 14, 14]);
});

test('a large heap is counted a few times only, and not at all beside a leak', async () => {
  expect(await roundsOfCensus({ heapUsed: 500e6 })).toHaveLength(3);
  expect(await roundsOfCensus({ heapUsed: 500e6, leaks: true })).toEqual([]);
});
