import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunRecord } from '../../harness/model/run-record.js';
import { plateau } from '../support/cli.js';
import { functionModule, tinyRun, writeConfiguration } from '../support/night-commands.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

test('names of the configuration can be run, with its options, variants and their trends', async () => {
  const directory = temporaryDirectory();
  writeConfiguration(directory, {
    scenarios: [
      {
        scenario: functionModule('sound'),
        name: 'sessions',
        ...tinyRun,
        variants: { calm: { budgets: { heapUsed: '64 B' } }, wide: { concurrency: 3, seed: 9 } },
      },
    ],
  });
  const { stdout, stderr } = await plateau(['run', 'sessions', '--seed', '5', '--json', '--quiet'], { directory });
  expect(stderr).toBe('');
  const records = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunRecord);
  expect(
    records.map(({ scenario, seed, parameters }) => [scenario, seed, parameters.concurrency, parameters.rounds]),
  ).toEqual([
    ['sessions', 5, 1, 3],
    ['sessions', 5, 3, 3],
  ]);
  expect(records[0]?.findings.find(({ metric }) => metric === 'heapUsed')?.budget).toBe(64);
  const one = await plateau(['run', 'sessions@wide', '--json', '--quiet'], { directory });
  expect(JSON.parse(one.stdout)).toMatchObject({ seed: 9, parameters: { concurrency: 3 } });
  const catalogue = JSON.parse((await plateau(['list', '--json'], { directory })).stdout) as { name: string }[];
  expect(catalogue.slice(0, 2)).toMatchObject([
    { name: 'sessions@calm', configured: true, variant: 'calm', operations: ['cycle'] },
    { name: 'sessions@wide', configured: true, options: { concurrency: 3 } },
  ]);
  const unknown = await plateau(['run', 'sesions@wide'], { directory });
  expect(unknown.stderr).toMatch(/^Try: sessions@wide/m);
  expect(unknown.exitCode).toBe(3);
});

test('a scenario in the configuration itself, in TypeScript', async () => {
  const directory = temporaryDirectory();
  writeFileSync(
    join(directory, 'server.mjs'),
    `import { createServer } from 'node:http';\ncreateServer((_, response) => response.end('ok')).listen(process.env.PORT);\n`,
  );
  writeFileSync(
    join(directory, 'plateau.config.ts'),
    `import { defineConfig, defineScenario, operation } from 'plateau';
const inline = defineScenario({
  name: 'inline',
  target: { script: './server.mjs' },
  operations: { request: operation({ create: ({ target }) => target.http.get('/'), destroy() {} }) },
});
export default defineConfig({ scenarios: [{ scenario: inline, rounds: 3, cycles: 20, attribution: 'off' as const }] });
`,
  );
  const { stdout, stderr } = await plateau(['run', 'inline', '--json', '--quiet'], { directory });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject({ scenario: 'inline', counts: { failed: 0 } });
});
