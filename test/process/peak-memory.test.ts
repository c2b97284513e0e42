import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runRecordSchema } from '../../harness/model/run-record.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

test.each([
  ['a module that takes 100 MB for a moment exceeds its limit', 'leak', 100e6],
  ['one that takes 2 MB stays within it', 'plateau', 2e6],
])('%s', async (_, expected, bytes) => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'module.mjs'), `export const iterate = () => Buffer.alloc(${bytes}, 1).length;`);
  const limit = ['--budget', 'peakRss=120MiB', '--duration', '20s', '--json', '--quiet', '--seed', '3'];
  const { stdout } = await plateau(['run', './module.mjs', ...limit], { directory });
  const { findings } = runRecordSchema.parse(JSON.parse(stdout));
  const peak = findings.find(({ metric }) => metric === 'peakRss')!;
  expect(peak.verdict).toBe(expected);
  if (expected === 'leak') expect(peak.slope.estimate).toBeGreaterThan(100e6);
  else expect(peak.slope.estimate).toBeLessThan(120 * 1024 * 1024);
});

test('the peak of the heap is that of garbage too, which no floor shows', async () => {
  const directory = temporaryDirectory();
  const code = 'export const iterate = () => Array.from({ length: 2e5 }, (_, n) => ({ n })).length;';
  writeFileSync(join(directory, 'module.mjs'), code);
  const { stdout } = await plateau(['run', './module.mjs', '--duration', '20s', '--json', '--quiet'], { directory });
  const { findings } = runRecordSchema.parse(JSON.parse(stdout));
  const of = (name: string) => findings.find(({ metric }) => metric === name)!;
  expect(of('peakHeapUsed').slope.low).toBeGreaterThan(of('heapUsed').last + 4e6);
});
