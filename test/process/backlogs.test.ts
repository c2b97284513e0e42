import { defineScenario, runScenario } from 'plateau';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** Three rests of a minute, and what is driven between them. */
const timeout = 900_000;
const backlog = new URL('../fixtures/backlogs/server.mjs', import.meta.url);

const soak = (leaks: boolean) =>
  runScenario(
    defineScenario({
      name: leaks ? 'done-orders' : 'backlog',
      target: { script: backlog, ...(leaks && { env: { LEAKS: '1' } }) },
      operations: { order: { create: { path: '/orders/{input}' } } },
    }),
    { seed: 7, outDirectory: temporaryDirectory() },
  );

test('a backlog that is worked off slowly is no leak', { timeout }, async () => {
  const { verdict, reason } = await soak(false);
  expect(['plateau', 'inconclusive'], reason).toContain(verdict);
});

test('its twin that keeps what was done is one', { timeout }, async () => {
  const { verdict, suspects, reason } = await soak(true);
  expect(verdict, reason).toBe('leak');
  expect(suspects[0]?.holder?.description).toMatch(/backlog|done/);
});
