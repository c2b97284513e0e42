import { expect, test } from 'vitest';
import type { Driver, RoundPlan } from '../../../../harness/drive/driver.js';
import { ConnectionUse } from '../../../../harness/run/measuring/connection-use.js';

/** A load of five cycles at once, whose clock is set by hand, and what was driven to use its connections. */
function loadOf(driver: Partial<Driver>) {
  const used: Pick<RoundPlan, 'cycles' | 'round'>[] = [];
  const recorder = { elapsedMs: 0, round: 4, addRound: () => undefined };
  const round = (plan: RoundPlan) => {
    used.push({ cycles: plan.cycles, round: plan.round });
    return Promise.resolve({});
  };
  const parts = { session: { driver: { ...driver, round } }, parameters: { concurrency: 5 }, seed: 1, recorder };
  const connections = new ConnectionUse(parts as unknown as ConstructorParameters<typeof ConnectionUse>[0]);
  return { connections, recorder, used };
}

test('connections that were idle for two seconds are used, a cycle each', async () => {
  const { connections, recorder, used } = loadOf({ staysConnected: () => true });
  for (recorder.elapsedMs = 0; recorder.elapsedMs <= 6_000; recorder.elapsedMs += 400) await connections.use(1_000, {});
  expect(used).toEqual(Array(3).fill({ cycles: 5, round: 5 }));
  recorder.elapsedMs = 9_000;
  connections.noteDriven();
  await connections.use(1_000, {});
  expect(used).toHaveLength(3);
});

test('a slow target is not asked for more than a quarter of its pace', async () => {
  const { connections, recorder, used } = loadOf({ staysConnected: () => true });
  recorder.elapsedMs = 9_000;
  await connections.use(2, {});
  expect(used).toHaveLength(0);
  recorder.elapsedMs = 10_000;
  await connections.use(2, {});
  expect(used).toHaveLength(1);
});

test.each([
  ['a load without open connections', { staysConnected: () => false }, { 'fds.tcp': 3 }, 0],
  ['a function without sockets', {}, { 'fds.tcp': 0 }, 0],
  ['a function with sockets of its own', {}, { 'fds.tcp': 3 }, 1],
])('%s', async (_load, driver, lastFloor, uses) => {
  const { connections, recorder, used } = loadOf(driver);
  recorder.elapsedMs = 5_000;
  await connections.use(1_000, lastFloor);
  expect(used).toHaveLength(uses);
});
