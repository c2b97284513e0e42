import { fileURLToPath } from 'node:url';
import { defineScenario, runScenario } from 'plateau';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../support/temporary-directory.js';

it('plateau levels off itself: what it holds does not grow with the rounds it has driven', {
  timeout: 240_000,
}, async () => {
  const scenario = defineScenario({
    name: 'plateau-itself',
    target: {
      script: fileURLToPath(new URL('../fixtures/run/plateau-as-target.mjs', import.meta.url)),
      stopTimeoutMs: 15_000,
    },
    operations: { round: { create: ({ target }) => target.http.get('/'), destroy: () => undefined } },
    // The inner run appends to its files, which is what they are for.
    budgets: { tempFiles: 1 },
  });
  const record = await runScenario(scenario, {
    outDirectory: temporaryDirectory(),
    attribution: 'off',
    durationMs: 60_000,
    seed: 5,
  });
  const grown = record.findings
    .filter(({ verdict }) => verdict === 'leak')
    .map(({ metric, reason }) => `${metric} ${reason}`);
  expect(grown).toEqual([]);
  expect(record.counts.cycles).toBeGreaterThan(100);
});
