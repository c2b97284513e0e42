import { fileURLToPath } from 'node:url';
import { defineScenario, runScenario } from 'plateau';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** Cycles of the inner run for each cycle of the outer one: many, as the inner run keeps something of each round. */
const innerCycles = 50_000;
/** What a cycle may cost the process that drives it. */
const bytesPerInnerCycleMax = 0.05;
const memoryMetrics = ['heapUsed', 'external', 'arrayBuffers'] as const;

it('plateau levels off itself: what it holds does not grow with the cycles it has driven', {
  timeout: 240_000,
}, async () => {
  const budget = innerCycles * bytesPerInnerCycleMax;
  const scenario = defineScenario({
    name: 'plateau-itself',
    target: {
      script: fileURLToPath(new URL('../fixtures/run/plateau-as-target.mjs', import.meta.url)),
      env: { CYCLES: String(innerCycles) },
      stopTimeoutMs: 15_000,
    },
    operations: { round: { create: ({ target }) => target.http.get('/'), destroy: () => undefined } },
    // Requests that wait side by side would share the same inner cycles.
    concurrency: 1,
    budgets: {
      // The inner run appends to its files, which is what they are for.
      tempFiles: 1,
      ...Object.fromEntries(memoryMetrics.map((metric) => [metric, budget])),
    },
  });
  const record = await runScenario(scenario, {
    outDirectory: temporaryDirectory(),
    attribution: 'off',
    durationMs: 90_000,
    untilDecided: false,
    seed: 5,
  });
  const grown = record.findings
    .filter(({ verdict }) => verdict === 'leak')
    .map(({ metric, reason }) => `${metric} ${reason}`);
  expect(grown).toEqual([]);
  const memory = record.findings.filter(({ metric }) => memoryMetrics.some((name) => name === metric));
  expect(memory.map(({ metric, verdict, slope }) => [metric, verdict, slope.unit])).toEqual(
    [...memoryMetrics].sort().map((metric) => [metric, 'plateau', 'B/cycle']),
  );
  for (const { slope } of memory) {
    expect(slope.low).toBeLessThanOrEqual(slope.high);
    expect(slope.high).toBeLessThan(budget);
  }
});
