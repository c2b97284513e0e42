import { expect, test } from 'vitest';
import { judge } from '../../../../harness/analyse/judge.js';
import type { Experiment } from '../../../../harness/analyse/next/experiment.js';
import { checkRest } from '../../../../harness/analyse/next/rest-check.js';
import type { StoredRun } from '../../../../harness/model/run-log.js';
import { observedTarget, performed } from '../../../support/planned-target.js';
import { heapFloor, syntheticRun } from '../../../support/synthetic-run.js';

const noTimers = { hasTimers: false, timersDueMs: undefined, sweepsMs: 0 };

interface Rested {
  readonly restedMs: number;
  readonly experiments: readonly Experiment[];
}

/** Rests what a run shows; of its readings at rest, each is given its index. */
function restAfter(
  run: StoredRun,
  readAtRest: (index: number) => Record<string, number>,
  { counts = false, lastFloor = {} }: { readonly counts?: boolean; readonly lastFloor?: Record<string, number> } = {},
): Rested {
  const target = observedTarget({
    run,
    lastFloor: { heapUsed: 6e6, ...lastFloor },
    timers: counts ? noTimers : undefined,
  });
  const startedMs = target.elapsedMs;
  let readings = 0;
  const { experiments } = performed(checkRest(target), target, (experiment) => {
    if (experiment.do !== 'rest') return;
    target.lastFloor = { heapUsed: 6e6, ...readAtRest(readings) };
    readings += 1;
  });
  return { restedMs: target.elapsedMs - startedMs, experiments };
}

/** A target that leaks a temporary file a cycle. */
function restOfLeak(readAtRest: (index: number) => Record<string, number>): number {
  const run = syntheticRun({
    floors: 60,
    metrics: { tempFiles: ({ cycles }) => cycles, heapUsed: heapFloor },
  });
  const lastFloor = { tempFiles: run.samples.metrics.get('tempFiles')!.at(-1)! };
  return restAfter(run, readAtRest, { lastFloor }).restedMs;
}

/** A target without timers whose heap grows by 256 B a cycle, and has so much of that left after the census. */
function restOfHeap(shareLeft: number, changeAtRest: (index: number) => number = () => 0): Rested {
  const measured = 60;
  const grown = (cycles: number) => 6e6 + 256 * cycles;
  const run = syntheticRun({
    floors: measured + 9,
    phaseOf: (floor) => (floor < measured ? 'measure' : 'census'),
    metrics: {
      heapUsed: ({ cycles, floor }) => (floor < measured ? grown(cycles) : 6e6 + shareLeft * 256 * cycles),
    },
  });
  const lastFloor = { timers: 0, heapUsed: run.samples.metrics.get('heapUsed')!.at(-1)! };
  const readAtRest = (index: number) => ({ ...lastFloor, heapUsed: lastFloor.heapUsed + changeAtRest(index) });
  return restAfter(run, readAtRest, { counts: true, lastFloor });
}

test('a target that keeps what it leaked rests for some seconds', () => {
  expect(restOfLeak(() => ({ tempFiles: 13_000 }))).toBeLessThan(7_000);
});

test.each([
  ['in the middle of a rest', 'rest', false],
  ['while live objects are counted after it', 'count', true],
] as const)('of a run whose time ends %s, it is known whether the rest was whole', (_, ends, isWhole) => {
  const run = syntheticRun({ floors: 60, metrics: { tempFiles: ({ cycles }) => cycles, heapUsed: heapFloor } });
  const lastFloor = { heapUsed: 6e6, tempFiles: run.samples.metrics.get('tempFiles')!.at(-1)! };
  const target = observedTarget({ run, lastFloor, timers: noTimers });
  const { found } = performed(checkRest(target), target, ({ do: what }) => {
    if (what === ends) target.isOver = true;
  });
  expect(found).toBe(isWhole);
});

test('what is read at every second floor only has not gone in between', () => {
  const usual = restOfLeak(() => ({ tempFiles: 13_000 }));
  const rest = restOfLeak((index) => (index % 2 === 0 ? { tempFiles: 13_000 } : {}));
  expect(rest).toBe(usual);
});

test('a target that still gives back what it kept rests for longer', () => {
  const usual = restOfLeak(() => ({ tempFiles: 13_000 }));
  const rest = restOfLeak((index) => ({ tempFiles: Math.max(1_000, 13_000 - 400 * index) }));
  expect(rest).toBeGreaterThan(2 * usual);
});

test('what goes slowly is waited for, too, although no reading is much below the one before', () => {
  const usual = restOfLeak(() => ({ tempFiles: 13_000 }));
  const rest = restOfLeak((index) => ({ tempFiles: 13_000, heapUsed: 6e6 - 10_000 * index }));
  expect(rest).toBeGreaterThan(2 * usual);
});

test('compiled code that V8 throws away is no release, and the rest lasts no longer for it', () => {
  const usual = restOfLeak(() => ({ tempFiles: 13_000, heapCode: 2e6 }));
  const atThird = (thrownAway: number, code: number) =>
    restOfLeak((index) => ({
      tempFiles: 13_000,
      heapUsed: index < 3 ? 6e6 : 6e6 - thrownAway,
      heapCode: index < 3 ? 2e6 : 2e6 - code,
    }));
  // What goes with 120 KB of code: the code, and two fifths as much that hangs on it.
  expect(atThird(170_000, 120_000)).toBe(usual);
  expect(atThird(170_000, 0)).toBeGreaterThan(usual);
});

/** Files go when somebody asks, which connections do each 2 s. */
test('what goes only when connections are used is waited for until it has gone', () => {
  const rest = restOfLeak((index) => ({ tempFiles: Math.max(1_000, 13_000 - 1_500 * Math.floor((index + 4) / 6)) }));
  expect(rest).toBeGreaterThan(15_000);
});

test('what was kept for longer than was driven is seen to go at a later rest, which is as long as its use needs', () => {
  const perCycle = 300;
  const run = syntheticRun({
    floors: 60,
    manifest: { visibility: 'outside' },
    events: [{ event: 'runtime', names: ['Go'], memory: 'collected' }],
    metrics: { heapUsed: ({ cycles }) => 6e6 + perCycle * cycles },
  });
  const target = observedTarget({ run, cyclesPerSecond: 2_000, lastFloor: { heapUsed: 9e6 } });
  const { experiments } = performed(checkRest(target, { reloadsMax: 1 }), target);
  const driven = experiments.findLastIndex((experiment) => experiment.do === 'drive');
  const later = experiments.slice(driven).reduce((sum, one) => sum + (one.do === 'rest' ? one.forMs : 0), 0);
  expect(driven).toBeGreaterThan(0);
  expect(later).toBeGreaterThan(2_000);
});

test('what swings at rest and comes back to where it was is not given back', () => {
  const usual = restOfLeak(() => ({ tempFiles: 13_000 }));
  const rest = restOfLeak((index) => ({ tempFiles: index % 5 === 3 ? 13_400 : 13_000 }));
  expect(rest).toBe(usual);
});

test('a heap that the census left as it was is a leak after a glance, since no timer can let it go', () => {
  const { restedMs, experiments } = restOfHeap(1);
  expect(restedMs).toBeLessThan(1_000);
  expect(experiments.filter((experiment) => experiment.do === 'drive')).toEqual([]);
});

test('a backlog that waits for others, without a timer, is left to rest', () => {
  expect(restOfHeap(1, (index) => -40_000 * index).restedMs).toBeGreaterThan(10_000);
});

test('a heap that fell when V8 collected all it could is left to rest', () => {
  expect(restOfHeap(0).restedMs).toBeGreaterThan(1_900);
});

test('what goes on growing at rest is watched for more than a minute', () => {
  const run = syntheticRun({
    floors: 80,
    settleMs: 400,
    msPerCycle: 0.02,
    metrics: { heapUsed: heapFloor, 'gauge.entries': ({ elapsedMs }) => Math.floor(elapsedMs / 5) },
  });
  const lastFloor = { timers: 1, 'gauge.entries': run.samples.metrics.get('gauge.entries')!.at(-1)! };
  const { restedMs } = restAfter(run, () => lastFloor, { lastFloor });
  expect(restedMs).toBeGreaterThan(75_000);
  expect(restedMs).toBeLessThan(90_000);
});

test('what was driven too little to be certified, and never moved, is not left to rest', () => {
  const run = syntheticRun({
    floors: 54,
    cyclesPerRound: 3,
    msPerCycle: 300,
    phaseOf: (floor) => (floor < 40 ? 'measure' : 'census'),
    metrics: { listeners: ({ floor }) => (floor < 40 ? Number.NaN : 56) },
  });
  expect(judge(run).findings.filter(({ verdict }) => verdict === 'inconclusive')).toMatchObject([
    { metric: 'listeners' },
  ]);
  expect(restAfter(run, () => ({}), { counts: false }).experiments).toEqual([]);
});

test('what swings too much to be certified is left to rest', () => {
  const run = syntheticRun({
    floors: 54,
    cyclesPerRound: 30,
    msPerCycle: 10,
    phaseOf: (floor) => (floor < 40 ? 'measure' : 'census'),
    metrics: {
      objects: ({ floor, random }) => (floor < 40 ? Number.NaN : 9_000 + Math.round(200 * random()) - 4 * floor),
    },
  });
  expect(judge(run).findings).toMatchObject([{ metric: 'objects', verdict: 'inconclusive' }]);
  expect(restAfter(run, () => ({})).restedMs).toBeGreaterThan(1_900);
});

test('threads that nobody joins are not driven until the system makes no more, what no page shows is filled', () => {
  const cyclesAfter = (pageBytes: number) => {
    const run = syntheticRun({
      floors: 60,
      manifest: { visibility: 'outside' },
      parameters: { universe: 'fresh' },
      events: [{ event: 'runtime', names: ['C, C++ or Rust'], memory: 'manual' }],
      metrics: {
        nativeUsed: ({ cycles }) => 6e6 + 272 * cycles,
        uss: ({ cycles }) => 3e7 + pageBytes * cycles,
      },
    });
    const target = observedTarget({ run, cyclesPerSecond: 8_000, lastFloor: { nativeUsed: 6e6 } });
    const { experiments } = performed(checkRest(target), target);
    return experiments.reduce((sum, one) => sum + (one.do === 'drive' ? (one.cycles ?? 0) : 0), 0);
  };
  expect(cyclesAfter(8_600)).toBeLessThan(10_000);
  expect(cyclesAfter(280)).toBeGreaterThan(40_000);
});
