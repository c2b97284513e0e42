import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runRecordSchema } from '../../harness/model/run-record.js';
import type { ShrinkResult } from '../../harness/model/shrink.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const fixtures = fileURLToPath(new URL('../fixtures/shrink/', import.meta.url));
const quiet = ['--json', '--quiet'];
const short = ['--rounds', '3', '--cycles', '30', '--attribution', 'off', ...quiet];

async function shrunk(directory: string, environment = {}): Promise<ShrinkResult> {
  const { exitCode, stdout, stderr } = await plateau(['shrink', 'latest', ...quiet], { directory, environment });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout) as ShrinkResult;
}

test('of ten requests the one that leaks is left, with one input and one at once, as a module that runs', async () => {
  const directory = temporaryDirectory();
  const environment = { LEAK: 'descriptor' };
  const routes = Array.from({ length: 10 }, (_, route) => `/route${route + 1}?q={input}`);
  const given = ['http', '--start', `node ${fixtures}ten-routes.mjs`, ...routes, '--attribution', 'off', ...quiet];
  expect(await plateau(given, { directory, environment })).toMatchObject({ exitCode: 1 });
  const result = await shrunk(directory, environment);
  expect(result.loop).toEqual({ operations: ['GET /route3'], inputs: [0], concurrency: 1 });
  expect(result).toMatchObject({ outcome: 'smallest', metric: 'fds', operation: 'GET /route3' });
  expect(result.confirmed?.slope.estimate).toBeCloseTo(1, 1);
  const { stdout } = await plateau(['run', `./${result.module!.slice(directory.length + 1)}`, ...short], {
    directory,
    environment,
  });
  const record = runRecordSchema.parse(JSON.parse(stdout));
  expect(record).toMatchObject({ scenario: 'ten-routes.mjs-route1-smallest', counts: { failed: 0 } });
  expect(record.parameters).toMatchObject({ concurrency: 1, universe: 1 });
  const again = await plateau(['shrink', result.run], { directory, environment });
  expect(again).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('--output: expected a new file') });
});

test('of a module, the operation and the fault that leak are left, in a module that imports it', async () => {
  const directory = temporaryDirectory();
  cpSync(fixtures, directory, { recursive: true });
  const soaked = await plateau(['run', './shop.scenario.mjs', '--attribution', 'off', ...quiet], { directory });
  expect(soaked.exitCode).toBe(1);
  const result = await shrunk(directory);
  expect(result.loop).toEqual({ operations: ["third's (aborted)"], inputs: [0], concurrency: 1 });
  const path = join(directory, 'shop-smallest.scenario.mjs');
  expect(result.module).toBe(path);
  expect(readFileSync(path, 'utf8')).toContain(`{ ...whole.operations['third\\'s'], fault: 'abort', inputs: [0] }`);
  const { stdout } = await plateau(['run', './shop-smallest.scenario.mjs', ...short], { directory });
  expect(runRecordSchema.parse(JSON.parse(stdout)).counts.failed).toBe(0);
});

test('a run without a leak, and a module of functions: what was expected is said, and nothing is written', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'leaks.mjs'), 'const kept = [];\nexport const iterate = () => kept.push({});\n');
  const module = await plateau(['run', './leaks.mjs', '--attribution', 'off', '--duration', '20s', ...quiet], {
    directory,
  });
  expect(module.exitCode).toBe(1);
  const functions = await plateau(['shrink', 'latest'], { directory });
  expect(functions.stderr).toContain('expected a scenario of several operations, got a module of functions');
  const given = ['http', '--start', `node ${fixtures}ten-routes.mjs`, '/route1', ...short];
  await plateau(given, { directory });
  const sound = await plateau(['shrink', 'latest'], { directory });
  expect(sound.stderr).toMatch(/expected one that leaks by cycles, got (plateau|inconclusive)/);
  expect([functions.exitCode, sound.exitCode]).toEqual([3, 3]);
  expect(existsSync(join(directory, 'ten-routes.mjs-route1-smallest.scenario.ts'))).toBe(false);
});
