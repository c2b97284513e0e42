import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runRecordSchema } from '../../harness/model/run-record.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const blocking = fileURLToPath(new URL('../fixtures/attribution/worker-map.mjs', import.meta.url));

async function soak(module: string, variant: string) {
  const given = ['run', module, '--json', '--quiet', '--seed', '41'];
  const { stdout } = await plateau(given, { directory: temporaryDirectory(), environment: { VARIANT: variant } });
  return runRecordSchema.parse(JSON.parse(stdout));
}

test('what a worker thread keeps is a leak, with the line and the holder in the worker', async () => {
  const { verdict, findings, suspects } = await soak(blocking, 'leaky');
  expect(verdict).toBe('leak');
  expect(findings.filter((finding) => finding.verdict === 'leak').map(({ metric }) => metric)).toEqual([
    'workerHeapUsed',
  ]);
  const [first] = suspects;
  expect(first?.location?.source).toContain('planted');
  expect(first?.description).toContain('in worker threads');
  expect(first?.holder?.path.join(' ')).toMatch(/^summaries: Map \(/);
});

test('a worker thread that keeps nothing passes', async () => {
  const { verdict, findings } = await soak(blocking, 'sound');
  expect(verdict).toBe('plateau');
  expect(findings.find(({ metric }) => metric === 'workerHeapUsed')?.verdict).toBe('plateau');
});

test('a target whose workers come and go is neither disturbed nor blamed', async () => {
  const module = path.join(temporaryDirectory(), 'driver.mjs');
  writeFileSync(
    module,
    `import { once } from 'node:events';
     import { Worker } from 'node:worker_threads';
     const code = "const kept = new Array(50_000).fill(0.5); require('node:worker_threads').parentPort.on('message', () => undefined).postMessage(kept.length)";
     export async function iterate() {
       const worker = new Worker(code, { eval: true });
       await once(worker, 'message');
       await worker.terminate();
     }`,
  );
  expect((await soak(module, 'sound')).verdict).toBe('plateau');
});
