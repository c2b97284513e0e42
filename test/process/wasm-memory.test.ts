import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runRecordSchema } from '../../harness/model/run-record.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const server = fileURLToPath(new URL('../fixtures/attached/arena-server.mjs', import.meta.url));

test.each([
  ['a leak in an arena that does not grow is named as WebAssembly memory', 'leak', { LEAK: '1' }],
  ['an arena that is used again and again passes', 'plateau', {}],
])('%s', async (_, expected, environment) => {
  const given = ['http', '--start', `node ${server}`, '/keep?q={input}', '--json', '--quiet', '--seed', '41'];
  const { stdout } = await plateau(given, { directory: temporaryDirectory(), environment });
  const { verdict, findings } = runRecordSchema.parse(JSON.parse(stdout));
  expect(verdict).toBe(expected);
  const judged = (metric: string) => findings.find((finding) => finding.metric === metric)!;
  expect(judged('wasmMemory').verdict).toBe(expected);
  expect(judged('external').verdict).toBe('plateau');
  if (expected !== 'leak') return;
  const { low, high } = judged('wasmMemory').slope;
  expect(low).toBeLessThan(512 * 1.05);
  expect(high).toBeGreaterThan(512 * 0.95);
});
