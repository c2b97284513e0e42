import { expect, test } from 'vitest';
import { systemClock } from '../../../../harness/platform/clock.js';
import { Measurement, type MeasurementParts } from '../../../../harness/run/measuring/rounds.js';

test('a round that stalled does not wait for a sample that the target will never answer', async () => {
  const never = new Promise<never>(() => undefined);
  let tellAsked: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    tellAsked = resolve;
  });
  const request = () => {
    tellAsked();
    return never;
  };
  const driver = {
    settleMs: 0,
    progress: () => Promise.resolve({ finished: 0, succeeded: 0, underWay: {} }),
    round: () => asked.then(() => Promise.reject(new Error('stalled'))),
  };
  const measurement = new Measurement({
    session: { target: { agent: { request }, exited: never }, driver, probe: undefined },
    recorder: { round: 0, cycles: 0 },
    parameters: { cyclesPerRound: 4, concurrency: 1 },
    seed: 1,
    clock: systemClock,
    signal: new AbortController().signal,
    onStage: () => undefined,
  } as unknown as MeasurementParts);
  await expect(measurement.round('measure')).rejects.toThrow('stalled');
});

/** A target that answers at once, and what was sized and recorded of its rounds. */
function answeringTarget(parts: Partial<MeasurementParts> = {}, session: object = {}) {
  const observed: number[][] = [];
  const recorded: Record<string, number>[] = [];
  const answers: Record<string, object> = { pending: { resources: 0 }, floor: { heapUsed: 7_000_000 } };
  const outcome = {
    cyclesByOperation: { cycle: 4 },
    created: 4,
    destroyed: 4,
    failed: 0,
    durationMs: 8,
    failures: [],
    latency: {},
    roundLatency: {},
  };
  const measurement = new Measurement({
    session: {
      target: {
        agent: { request: async (method: string) => answers[method] ?? {} },
        exited: new Promise(() => undefined),
        lastLines: () => [],
      },
      driver: {
        settleMs: 0,
        settled: async () => true,
        gauges: async () => ({}),
        progress: async () => ({ finished: 0, succeeded: 0, underWay: {} }),
        round: async () => outcome,
      },
      probe: undefined,
      ...session,
    },
    recorder: {
      round: 0,
      cycles: 0,
      elapsedMs: 0,
      addRound: () => undefined,
      driven: () => ({ cycles: 4, succeeded: 4, failures: [] }),
      event: () => undefined,
      sample: async (kind: string, _: string, values: Record<string, number>) =>
        void (kind === 'floor' && recorded.push(values)),
    },
    parameters: { cyclesPerRound: 4, concurrency: 1, durationMs: 1_000 },
    seed: 1,
    clock: systemClock,
    signal: new AbortController().signal,
    onStage: () => undefined,
    sizer: {
      meanCycles: 4,
      shrink: () => undefined,
      restart: () => undefined,
      observe: (...seen: number[]) => observed.push(seen),
    },
    ...parts,
  } as unknown as MeasurementParts);
  return { measurement, observed, recorded };
}

test('rounds are sized by their cycles, their time, and the heap at their floor', async () => {
  const { measurement, observed } = answeringTarget();
  await measurement.round('measure');
  expect(observed).toEqual([[4, 8, 0, 7_000_000]]);
});

test('where days are driven, time goes by before each floor, which shows how much', async () => {
  const clock = {
    movedMs: 0,
    moveOn: async (byMs: number) => {
      clock.movedMs += byMs;
    },
  };
  const parameters = { cyclesPerRound: 4, concurrency: 1, durationMs: 60_000, rounds: 1_000, days: 0.02 };
  const { measurement, recorded } = answeringTarget({ parameters } as never, { clock });
  while (measurement.limitReached() === undefined) await measurement.round('measure');
  expect(measurement.limitReached()).toBe('duration');
  expect(recorded.length).toBeGreaterThan(1);
  expect(recorded[0]!.clockMovedMs).toBeGreaterThan(5 * 60_000);
  expect(recorded.at(-1)!.clockMovedMs).toBe(0.02 * 24 * 3_600_000);
});
