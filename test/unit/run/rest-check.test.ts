import { expect, test } from 'vitest';
import type { SamplePhase } from '../../../harness/model/sample.js';
import { VirtualClock } from '../../../harness/platform/clock.js';
import { checkRest } from '../../../harness/run/rest-check.js';
import { heapFloor, syntheticRun } from '../../support/synthetic-run.js';

/** Rests a target that leaks a temporary file a cycle; of its readings at rest, each is given its index. */
async function restOfLeak(readAtRest: (index: number) => Record<string, number>): Promise<number> {
  const run = syntheticRun({
    floors: 60,
    metrics: { tempFiles: ({ cycles }) => cycles, heapUsed: heapFloor },
  });
  const leaked = run.samples.metrics.get('tempFiles')!.at(-1)!;
  const clock = new VirtualClock();
  const elapsedMs = run.samples.elapsedMs.at(-1)!;
  let readings = 0;
  const measurement = {
    lastFloor: { tempFiles: leaked, heapUsed: 6e6 } as Record<string, number>,
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
    recorder: { soFar: () => run, cycles: leaked, elapsedMs },
    counter: undefined,
    clock,
    signal: new AbortController().signal,
    onRest: () => undefined,
    beforeReload: () => Promise.resolve(),
  });
  return clock.monotonicMs();
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
