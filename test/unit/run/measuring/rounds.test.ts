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
