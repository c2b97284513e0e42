import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runRecordSchema } from '../../harness/model/run-record.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const server = fileURLToPath(new URL('../fixtures/attached/arena-server.mjs', import.meta.url));
const statements = fileURLToPath(new URL('../fixtures/attribution/wasm-statements.mjs', import.meta.url));

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

test.each([
  [
    'objects that have WebAssembly memory are reported with it, and an arena that grows with it is no leak of its own',
    'leak',
  ],
  ['objects that give WebAssembly memory back pass', 'sound'],
])('%s', async (_, variant) => {
  const given = ['run', statements, '--json', '--quiet', '--seed', '41'];
  const { stdout } = await plateau(given, { directory: temporaryDirectory(), environment: { VARIANT: variant } });
  const { verdict, findings, suspects } = runRecordSchema.parse(JSON.parse(stdout));
  expect(verdict).toBe(variant === 'leak' ? 'leak' : 'plateau');
  if (variant !== 'leak') return;
  const leaks = findings.filter((finding) => finding.verdict === 'leak').map(({ metric }) => metric);
  expect(leaks).toContain('wasmMemory');
  expect(leaks).not.toContain('external');
  const [first, ...others] = suspects;
  expect(others).toEqual([]);
  expect(first?.location?.source).toContain('planted');
  expect(first?.holder?.path.join(' ')).toMatch(/^open: Map/);
});
