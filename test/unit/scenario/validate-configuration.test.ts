import { describe, expect, it } from 'vitest';
import { defineConfig } from '../../../harness/scenario/define-config.js';
import { defineScenario } from '../../../harness/scenario/define-scenario.js';
import { durationMsOf, sizeBytesOf, validateConfiguration } from '../../../harness/scenario/validate-configuration.js';

const inline = defineScenario({
  name: 'inline',
  target: { script: './server.js' },
  operations: { request: { create: () => undefined, destroy: () => undefined } },
});

describe('a configuration', () => {
  it('is taken as it is, with every field', () => {
    const configuration = defineConfig({
      scenarios: [
        './driver.mjs',
        inline,
        {
          scenario: inline,
          name: 'other',
          minimum: 90_000,
          variants: { wide: { concurrency: 8, budgets: { heapUsed: '64 B' } } },
        },
      ],
      build: 'npm run build',
      nightly: { time: '6h', minimum: '90s', targetsAtOnce: 2, undecidedNights: 4 },
      canaries: [{ leak: './leak.mjs', sound: './sound.mjs', metric: 'gauge.kept' }],
      knownLeaks: [
        { scenario: 'other', variant: 'wide', metric: 'objects.*', owner: 'me', note: 'why', expires: '2026-12-31' },
      ],
      retention: { size: '20 GiB', age: '90d', snapshotAge: '14d', snapshotSize: '5GiB', keep: ['20261125'] },
      reporters: ['junit=night.xml', { name: 'csv', file: 'night.csv' }],
      notifications: [
        { webhook: { env: 'HOOK' }, headers: { authorization: { env: 'TOKEN' } }, when: 'always', tries: 3 },
      ],
      out: '../soaks',
      openMetrics: { port: 9464 },
      otlp: { endpoint: 'http://127.0.0.1:4318/v1/metrics' },
    });
    expect(validateConfiguration(configuration, 'plateau.config.ts')).toBe(configuration);
  });

  it.each([
    [undefined, 'the default export must be an object, got nothing'],
    [{}, '`scenarios` must be an array, got nothing'],
    [
      { scenarios: [1] },
      '`scenarios.0` must be a path, a name, a definition, or an object with `scenario`, got `1` (number)',
    ],
    [
      { scenarios: [''] },
      '`scenarios.0` must be a path, a name, a definition, or an object with `scenario`, got `""` (string)',
    ],
    [
      { scenarios: [{ scenario: 'x', minimum: '5 parsecs' }] },
      "`scenarios.0.minimum` must be a time above 0 such as '90s', '30m' or '6h', or a number of ms, got `\"5 parsecs\"` (string)",
    ],
    [
      { scenarios: [{ scenario: 'x', budgets: { heapUsd: 1 } }] },
      '`scenarios.0.budgets.heapUsd` must be named after a metric that plateau knows',
    ],
    [
      { scenarios: [{ scenario: 'x', variants: { a: { rounds: 0 } } }] },
      '`scenarios.0.variants.a.rounds` must be more than 0, got `0` (number)',
    ],
    [
      { scenarios: ['x'], nightly: { time: -5 } },
      "`nightly.time` must be a time above 0 such as '90s', '30m' or '6h', or a number of ms, got `-5` (number)",
    ],
    [
      { scenarios: ['x'], nightly: { time: '3d' } },
      "`nightly.time` must be a time above 0 such as '90s', '30m' or '6h', or a number of ms, got `\"3d\"` (string)",
    ],
    [{ scenarios: ['x'], nightly: { tyme: '5m' } }, '`nightly` has no field `tyme`'],
    [
      { scenarios: ['x'], knownLeaks: [{ scenario: 'x', owner: 'me', expires: 'soon' }] },
      '`knownLeaks.0.expires` must be a day such as \'2026-12-31\', got `"soon"` (string)',
    ],
    [
      { scenarios: ['x'], knownLeaks: [{ scenario: 'x', expires: '2026-12-31' }] },
      '`knownLeaks.0.owner` must be a string, got nothing',
    ],
    [
      { scenarios: ['x'], retention: { size: '5 elephants' } },
      "`retention.size` must be a size above 0 such as '512 MiB' or '20 GiB', or a number of bytes, got `\"5 elephants\"` (string)",
    ],
    [
      { scenarios: ['x'], canaries: true },
      '`canaries` must be false, or a list of {leak, sound}, got `true` (boolean)',
    ],
    [
      { scenarios: ['x'], notifications: [{ webhook: 5 }] },
      '`notifications.0.webhook` must be an http or https address, or {env} with the name of an environment variable that holds one, got `5` (number)',
    ],
    [
      { scenarios: ['x'], notifications: [{ webhook: 'hooks.internal/x' }] },
      '`notifications.0.webhook` must be an http or https address, or {env} with the name of an environment variable that holds one, got `"hooks.internal/x"` (string)',
    ],
    [
      { scenarios: ['x'], notifications: [{ webhook: 'http://x', when: 'never' }] },
      '`notifications.0.when` must be one of news, always, got `"never"` (string)',
    ],
    [{ scenarios: ['x'], reporter: [] }, 'the default export has no field `reporter`'],
  ])('%j: the field, what was expected, what it got', (value, problem) => {
    expect(() => validateConfiguration(value, 'plateau.config.ts')).toThrow(`plateau.config.ts: ${problem}.`);
  });
});

it('times and sizes are numbers, or written as people do', () => {
  expect(['90s', '1h30m', ' 500ms ', 250].map((value) => durationMsOf(value))).toEqual([90_000, 5_400_000, 500, 250]);
  expect(durationMsOf('30d', true)).toBe(30 * 86_400_000);
  expect(durationMsOf('30d')).toBeNaN();
  expect(['64 B', '1.5 KiB', '20GiB', 7].map(sizeBytesOf)).toEqual([64, 1_536, 20 * 1024 ** 3, 7]);
  expect(sizeBytesOf('much')).toBeNaN();
});
