import { expect, test } from 'vitest';
import { censusRounds, roundsForCensus } from '../../../../harness/analyse/next/census-rounds.js';
import { observedTarget, performed } from '../../../support/planned-target.js';
import { syntheticRun } from '../../../support/synthetic-run.js';

/** Cycles of each round of a census, in which a thing in ten thousand cycles may stay. */
function roundsOfCensus({ leaks = false, heapUsed = 6e6 } = {}): number[] {
  const run = syntheticRun({
    floors: 60,
    phaseOf: (floor) => (floor < 46 ? 'measure' : 'census'),
    metrics: {
      heapUsed: ({ cycles }) => 6e6 + (leaks ? 256 * cycles : 0),
      objects: ({ floor, cycles }) => (floor < 46 ? Number.NaN : 9_000 + (Math.floor(cycles / 400) % 3)),
    },
  });
  const timers = { hasTimers: false, timersDueMs: undefined, sweepsMs: 0 };
  const target = observedTarget({ run, lastFloor: { heapUsed }, timers, cyclesPerSecond: 1e6 });
  const { experiments } = performed(censusRounds(target), target);
  const rounds = experiments.filter((experiment) => experiment.do === 'drive');
  return rounds.map(({ cycles = 400 }) => cycles);
}

test('rounds of a census grow, and the later half of its cycles always has floors enough to be judged', () => {
  const rounds = roundsOfCensus();
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

test('a large heap is counted a few times only, and not at all beside a leak', () => {
  expect(roundsOfCensus({ heapUsed: 500e6 })).toHaveLength(3);
  expect(roundsOfCensus({ heapUsed: 500e6, leaks: true })).toEqual([]);
});

test('a run that was interrupted counts no more', () => {
  const target = observedTarget({ limit: 'interrupted' });
  expect(performed(censusRounds(target), target).experiments.filter((one) => one.do === 'drive')).toEqual([]);
});

test('the fewest rounds of slow cycles may take as long as measuring took, so that enough cycles are counted', () => {
  const run = syntheticRun({ floors: 60, msPerCycle: 280, cyclesPerRound: 3, metrics: { heapUsed: () => 6e6 } });
  const timers = { hasTimers: false, timersDueMs: undefined, sweepsMs: 0 };
  const target = observedTarget({ run, timers, cyclesPerSecond: 3.5, cyclesPerRound: 3, elapsedMs: 45_000 });
  const { experiments } = performed(censusRounds(target), target, (experiment) => {
    if (experiment.do === 'drive') target.elapsedMs += (experiment.cycles ?? 3) * 280;
  });
  const cycles = experiments.reduce((sum, one) => sum + (one.do === 'drive' ? (one.cycles ?? 3) : 0), 0);
  expect(cycles).toBeGreaterThanOrEqual(98);
  expect(target.elapsedMs).toBeLessThan(90_000);
});

test('what the fewest rounds leave open gets further ones, however long those took', () => {
  const run = syntheticRun({
    floors: 60,
    msPerCycle: 23,
    cyclesPerRound: 5,
    phaseOf: (floor) => (floor < 46 ? 'measure' : 'census'),
    metrics: { heapUsed: () => 6e6, objects: ({ floor }) => (floor < 46 ? Number.NaN : 9_000) },
  });
  const timers = { hasTimers: false, timersDueMs: undefined, sweepsMs: 0 };
  const target = observedTarget({ run, timers, cyclesPerSecond: 44, cyclesPerRound: 7, elapsedMs: 15_000 });
  const { experiments } = performed(censusRounds(target), target, (experiment) => {
    if (experiment.do === 'drive') target.elapsedMs += 550;
  });
  expect(experiments.filter((one) => one.do === 'drive').length).toBeGreaterThan(14 + 8);
  expect(target.elapsedMs).toBeLessThan(15_000 + 14 * 550 + 7_000);
});

test('what swings by hundreds gets no further rounds: a rest shows it, and they would not', () => {
  const run = syntheticRun({
    floors: 60,
    phaseOf: (floor) => (floor < 46 ? 'measure' : 'census'),
    metrics: {
      heapUsed: () => 6e6,
      objects: ({ floor, random }) => (floor < 46 ? Number.NaN : 16_000 + 2_000 * random()),
    },
  });
  const timers = { hasTimers: false, timersDueMs: undefined, sweepsMs: 0 };
  const target = observedTarget({ run, timers, cycles: 12_000, cyclesPerSecond: 200, cyclesPerRound: 60 });
  const { experiments } = performed(censusRounds(target), target);
  expect(experiments.filter((one) => one.do === 'drive')).toHaveLength(14);
});

test('what climbs and drops as the heap does gets further rounds, no longer than before, so that they show its teeth', () => {
  const batched = (cycles: number) => cycles % 3_000;
  const run = syntheticRun({
    floors: 134,
    phaseOf: (floor) => (floor < 120 ? 'measure' : 'census'),
    metrics: {
      heapUsed: ({ cycles }) => 6e6 + 100 * batched(cycles),
      objects: ({ floor, cycles }) => (floor < 120 ? Number.NaN : 9_000 + 2 * batched(cycles)),
    },
  });
  const timers = { hasTimers: false, timersDueMs: undefined, sweepsMs: 0 };
  const target = observedTarget({ run, timers, cycles: 12_000, cyclesPerSecond: 200, cyclesPerRound: 60 });
  const rounds = performed(censusRounds(target), target).experiments.filter((one) => one.do === 'drive');
  expect(rounds).toHaveLength(40);
  expect(new Set(rounds.map(({ cycles }) => cycles))).toEqual(new Set([undefined]));
});
