import { expect, test } from 'vitest';
import type { StoredRun } from '../../../../harness/model/run-log.js';
import type { SamplePhase } from '../../../../harness/model/sample.js';
import { VirtualClock } from '../../../../harness/platform/clock.js';
import { ObjectCounter } from '../../../../harness/run/measuring/object-counter.js';
import { checkRest } from '../../../../harness/run/measuring/rest-check.js';
import { heapFloor, syntheticRun } from '../../../support/synthetic-run.js';

/** Rests what a run shows; of its readings at rest, each is given its index. */
async function restAfter(
  run: StoredRun,
  readAtRest: (index: number) => Record<string, number>,
  rest: { readonly counter?: ObjectCounter; readonly lastFloor?: Record<string, number> } = {},
): Promise<number> {
  const clock = new VirtualClock();
  const elapsedMs = run.samples.elapsedMs.at(-1)!;
  let readings = 0;
  const measurement = {
    lastFloor: { heapUsed: 6e6, ...rest.lastFloor } as Record<string, number>,
    cyclesPerSecond: 100,
    elapsedMs,
    floor: async (_: SamplePhase) => {
      measurement.lastFloor = { heapUsed: 6e6, ...readAtRest(readings) };
      readings += 1;
    },
    round: async () => undefined,
    countAtRest: async () => undefined,
  };
  await checkRest({
    measurement,
    recorder: { soFar: () => run, cycles: run.samples.cycles.at(-1)!, elapsedMs },
    counter: rest.counter,
    clock,
    signal: new AbortController().signal,
    onRest: () => undefined,
    beforeReload: () => Promise.resolve(),
  });
  return clock.monotonicMs();
}

/** A target that leaks a temporary file a cycle. */
function restOfLeak(readAtRest: (index: number) => Record<string, number>): Promise<number> {
  const run = syntheticRun({
    floors: 60,
    metrics: { tempFiles: ({ cycles }) => cycles, heapUsed: heapFloor },
  });
  return restAfter(run, readAtRest, { lastFloor: { tempFiles: run.samples.metrics.get('tempFiles')!.at(-1)! } });
}

/** A target without timers whose heap grows by 256 B a cycle, and has so much of that left after the census. */
function restOfHeap(shareLeft: number): Promise<number> {
  const measured = 60;
  const grown = (cycles: number) => 6e6 + 256 * cycles;
  const run = syntheticRun({
    floors: measured + 9,
    phaseOf: (floor) => (floor < measured ? 'measure' : 'census'),
    metrics: {
      heapUsed: ({ cycles, floor }) => (floor < measured ? grown(cycles) : 6e6 + shareLeft * 256 * cycles),
    },
  });
  const counter = new ObjectCounter({ request: () => Promise.reject(new Error('never asked')) } as never);
  const lastFloor = { timers: 0, heapUsed: run.samples.metrics.get('heapUsed')!.at(-1)! };
  return restAfter(run, () => lastFloor, { counter, lastFloor });
}

test('a target that keeps what it leaked rests for some seconds', async () => {
  expect(await restOfLeak(() => ({ tempFiles: 13_000 }))).toBeLessThan(7_000);
});

test('what is read at every second floor only has not gone in between', async () => {
  const usual = await restOfLeak(() => ({ tempFiles: 13_000 }));
  const rest = await restOfLeak((index) => (index % 2 === 0 ? { tempFiles: 13_000 } : {}));
  expect(rest).toBe(usual);
});

test('a target that still gives back what it kept rests for longer', async () => {
  const usual = await restOfLeak(() => ({ tempFiles: 13_000 }));
  const rest = await restOfLeak((index) => ({ tempFiles: Math.max(1_000, 13_000 - 400 * index) }));
  expect(rest).toBeGreaterThan(2 * usual);
});

test('a heap that the census left as it was is a leak without rest, since no timer can let it go', async () => {
  expect(await restOfHeap(1)).toBe(0);
});

test('a heap that fell when V8 collected all it could is left to rest', async () => {
  expect(await restOfHeap(0)).toBeGreaterThan(1_900);
});

test('what goes on growing at rest is watched for more than a minute', async () => {
  const run = syntheticRun({
    floors: 80,
    settleMs: 400,
    msPerCycle: 0.02,
    metrics: { heapUsed: heapFloor, 'gauge.entries': ({ elapsedMs }) => Math.floor(elapsedMs / 5) },
  });
  const lastFloor = { timers: 1, 'gauge.entries': run.samples.metrics.get('gauge.entries')!.at(-1)! };
  const rest = await restAfter(run, () => lastFloor, { lastFloor });
  expect(rest).toBeGreaterThan(75_000);
  expect(rest).toBeLessThan(90_000);
});
