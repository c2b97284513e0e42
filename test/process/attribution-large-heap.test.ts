import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { attributeModule } from '../support/attribution-bench.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const module = fileURLToPath(new URL('../fixtures/attribution/large-heap.mjs', import.meta.url));
const planted =
  readFileSync(module, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes('// planted')) + 1;

const trial = async (heapMebibytes: number) => {
  const directory = temporaryDirectory();
  const startedMs = performance.now();
  const { suspects, explained, warnings } = await attributeModule({
    module,
    variant: 'leaky',
    growth: { heapUsed: 150 },
    cycles: 20_000,
    driveMs: 1_000,
    directory,
    environment: { HEAP_MIB: String(heapMebibytes) },
  });
  const peakKibibytes = Number(
    /most memory: (\d+)/.exec(readFileSync(path.join(directory, 'target.log'), 'utf8'))?.[1],
  );
  return { suspects, explained, warnings, tookMs: performance.now() - startedMs, peakKibibytes };
};

it('names the line in a heap of 500 MiB within 90 s and 4 GiB, without a snapshot', async () => {
  const { suspects, explained, warnings, tookMs, peakKibibytes } = await trial(500);
  expect(suspects[0]).toMatchObject({ location: { file: module, line: planted }, holder: { path: ['requests: Map'] } });
  expect(explained.heapUsed).toBeGreaterThan(0.9);
  expect(explained.heapUsed).toBeLessThan(1.1);
  expect(warnings).toHaveLength(1);
  expect(tookMs).toBeLessThan(90_000);
  expect(peakKibibytes).toBeLessThan(4 * 1024 * 1024);
});

it('has the path from one snapshot where a pair would take too long', async () => {
  const { suspects, explained, warnings } = await trial(64);
  expect(suspects[0]).toMatchObject({
    location: { file: module, line: planted },
    holder: { path: ['requests: Map (large-heap.mjs)'] },
  });
  expect(explained.heapUsed).toBeGreaterThan(0.9);
  expect(explained.heapUsed).toBeLessThan(1.1);
  expect(warnings).toEqual([]);
});
