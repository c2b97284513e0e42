import type { RunOptions } from 'plateau';
import { expect, test } from 'vitest';
import { fixture, lineOf, soakFixture } from '../support/run-fixture.js';

const soak = (name: string, options: RunOptions = {}) => soakFixture(name, { durationMs: 8_000, ...options });

test('what keeps the event loop busy at rest is named, with the line', async () => {
  const { verdict, suspects, explained } = await soak('spinning-functions.mjs');
  expect(verdict).toBe('spinning');
  const [suspect] = suspects;
  expect(suspect).toMatchObject({
    kind: 'cpu',
    location: {
      file: fixture('polling.mjs'),
      line: lineOf('polling.mjs', 'what keeps the loop busy'),
      function: 'lookForWork',
    },
  });
  expect(suspect!.perCycle.unit).toBe('cores');
  expect(suspect!.perCycle.estimate).toBeGreaterThan(0.5);
  expect(explained?.[suspect!.metric!]).toBeGreaterThan(0.8);
});

test('what blocks the event loop under load is named where that has a budget', async () => {
  const { verdict, suspects } = await soak('blocking-functions.mjs', { budgets: { eventLoopDelay: 50 } });
  expect(verdict).toBe('spinning');
  expect(suspects[0]).toMatchObject({
    kind: 'cpu',
    metric: 'eventLoopDelay',
    location: { file: fixture('blocking-functions.mjs'), function: 'waitForConnection' },
  });
});

test('a target that rests has nobody to blame, and without attribution nobody is asked for', async () => {
  const resting = await soak('resting-functions.mjs');
  expect(resting.verdict).not.toBe('spinning');
  expect(resting.suspects).toEqual([]);
  const unasked = await soak('spinning-functions.mjs', { attribution: 'off' });
  expect(unasked).toMatchObject({ verdict: 'spinning', suspects: [] });
});
