import { createRequire } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type * as agentReadings from '../../harness/agent/readings.cjs';

const built = createRequire(import.meta.url)('../../dist/harness/agent/readings.cjs') as typeof agentReadings;
const { createReadings } = built;

function block(blockedMs: number): void {
  const until = performance.now() + blockedMs;
  while (performance.now() < until);
}

test('an event loop that is blocked from one reading to the next is seen in each', async () => {
  const readings = createReadings();
  await readings.load();
  for (let reading = 0; reading < 3; reading += 1) {
    block(300);
    expect((await readings.load()).eventLoopDelay).toBeGreaterThan(250);
  }
});

test('an event loop that was blocked before its first tick is seen later, too', async () => {
  const readings = createReadings();
  await readings.load();
  block(300);
  await wait(100);
  expect((await readings.load()).eventLoopDelay).toBeGreaterThan(250);
});

test('an event loop that is free has no delay of its own from being looked at', async () => {
  const readings = createReadings();
  await readings.load();
  const delays: number[] = [];
  for (let reading = 0; reading < 5; reading += 1) {
    await wait(60);
    delays.push((await readings.load()).eventLoopDelay!);
  }
  expect(Math.min(...delays)).toBeLessThan(20);
});
