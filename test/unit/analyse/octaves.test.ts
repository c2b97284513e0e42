import { describe, expect, test } from 'vitest';
import { judge } from '../../../harness/analyse/judge.js';
import { type FloorPlace, heapFloor, syntheticRun } from '../../support/synthetic-run.js';

/** Rounds get longer as a run goes on. */
const floors = 220;

/** Bytes of a table for so many entries, which doubles when it is full. */
const tableOf = (entries: number) => 28 * 2 ** Math.ceil(Math.log2(Math.max(64, entries)));

function verdictOf(bytes: (place: FloorPlace) => number) {
  const run = syntheticRun({
    floors,
    cyclesPerRound: 4_000,
    metrics: { heapUsed: (place) => heapFloor(place) + bytes(place) },
  });
  const { verdict, findings } = judge(run);
  return { verdict, heapUsed: findings.find(({ metric }) => metric === 'heapUsed')! };
}

test('a table that doubles whenever the cycles have doubled is a leak, although each step may be the last', () => {
  const { verdict, heapUsed } = verdictOf(({ cycles }) => 8 * cycles + tableOf(6 * cycles));
  expect(verdict).toBe('leak');
  expect(heapUsed).toMatchObject({ verdict: 'leak', shape: 'linear' });
  expect(heapUsed.slope.estimate).toBeGreaterThan(120);
  expect(heapUsed.slope.estimate).toBeLessThan(500);
});

test.each([
  ['stops doubling', ({ cycles }: FloorPlace) => tableOf(Math.min(6 * cycles, 200_000))],
  ['grows by as much whenever the cycles double', ({ cycles }: FloorPlace) => 6e6 * Math.log2(1 + cycles / 50)],
  ['steps once', ({ cycles }: FloorPlace) => (cycles > 500_000 ? 80e6 : 0)],
])('what %s is none', (_, bytes) => {
  expect(verdictOf(bytes).verdict).not.toBe('leak');
});

describe('a table of numbers', () => {
  // Where the last doubling lies among the cycles depends on their number: in the middle of them, late, or on a border.
  test.each([80, 120, 220])('that still doubles is no plateau, however long the run, at %i floors', (floors) => {
    for (let cycles = 16_000; cycles < 1_100_000; cycles *= 1.13) {
      const run = syntheticRun({
        floors,
        cyclesPerRound: cycles / floors,
        metrics: { heapUsed: (place) => heapFloor(place) + tableOf(place.cycles) },
      });
      const heapUsed = judge(run).findings.find(({ metric }) => metric === 'heapUsed')!;
      expect(heapUsed.verdict, `after ${cycles} cycles`).not.toBe('plateau');
    }
  });

  test('that has long stopped doubling is one', () => {
    const { heapUsed } = verdictOf(({ cycles }) => tableOf(Math.min(cycles, 130_000)));
    expect(heapUsed.verdict).toBe('plateau');
  });
});
