import { expect, test } from 'vitest';
import type { PooledHttpClient } from '../../../harness/drive/http/http-client.js';
import { SetupValues } from '../../../harness/drive/http/setup-values.js';
import { createScenarioDriver } from '../../../harness/drive/scenario-driver.js';
import type { CycleContext, Scenario, ScenarioTarget } from '../../../harness/model/scenario.js';
import { systemClock } from '../../../harness/platform/clock.js';

function driverOf(create: (context: CycleContext) => unknown) {
  const scenario: Scenario = {
    name: 'shop',
    target: { url: 'http://127.0.0.1:1' },
    operations: { order: { create, destroy: () => undefined } },
  };
  const { signal } = new AbortController();
  const target = {} as ScenarioTarget;
  const http = {} as PooledHttpClient;
  return createScenarioDriver({
    scenario,
    target,
    http,
    requests: new Map(),
    setupValues: new SetupValues(),
    seed: 1,
    concurrency: 1,
    signal,
    clock: systemClock,
    warn: () => undefined,
    stallMs: 5_000,
  });
}

test.each<[string, (context: CycleContext) => unknown, boolean]>([
  ['the number of the cycle', ({ cycle }) => cycle, true],
  ['random numbers', ({ random }) => random(), true],
  ['its input', ({ input, cycle }) => [input, cycle], false],
  ['nothing', () => undefined, false],
])('an operation that reads %s', async (_what, create, drawsOwn) => {
  const driver = driverOf(create);
  await driver.round({ round: 0, cycles: 3, concurrency: 1, seed: 1 });
  expect(driver.drawsOwnInputs?.()).toBe(drawsOwn);
});
