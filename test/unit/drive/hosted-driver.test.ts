import { expect, test } from 'vitest';
import { createHostedDriver, type HostedDriverOptions } from '../../../harness/drive/hosted-driver.js';
import { systemClock } from '../../../harness/platform/clock.js';

/** A function module of which no round ends, or each; and how long it was given to tear down. */
async function teardownAfter(outcome: Promise<object>): Promise<number | undefined> {
  let givenMs: number | undefined;
  const request = (method: string, _: object, { timeoutMs }: { timeoutMs?: number } = {}) => {
    if (method === 'teardown') givenMs = timeoutMs;
    return method === 'round'
      ? outcome
      : Promise.resolve({ finished: 3, succeeded: 3, underWay: { 'cycle.create': 2 } });
  };
  const driver = createHostedDriver({
    name: 'hanging',
    agent: { request },
    module: { form: 'functions', paired: true, hasGauges: false, settleMs: 0 },
    seed: 1,
    clock: systemClock,
    stallMs: 20,
  } as unknown as HostedDriverOptions);
  await driver.round({ round: 0, cycles: 4, concurrency: 2, seed: 1 }).catch((error: Error) => {
    expect(error.message).toBe('no cycle finished for 0 s (3 finished before); waiting: 2 in cycle.create');
  });
  await driver.teardown();
  return givenMs;
}

test('a module that hangs is not waited for when it should tear down', async () => {
  const afterRounds = await teardownAfter(Promise.resolve({}));
  expect(afterRounds).toBeGreaterThan(10_000);
  expect(await teardownAfter(new Promise(() => undefined))).toBeLessThan(10_000);
});
