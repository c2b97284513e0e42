import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadRun } from 'plateau';
import { expect, test } from 'vitest';
import { soak } from '../support/run-fixture.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** A millisecond a cycle: a table of 8 B a listener would be driven for minutes. */
async function soakListeners(after: string) {
  const module = path.join(temporaryDirectory(), 'driver.mjs');
  writeFileSync(
    module,
    `import { setTimeout } from 'node:timers/promises';
     process.setMaxListeners(0);
     function flush() {}
     export async function iterate() {
       process.on('exit', flush);
       await setTimeout(1);
       ${after}
     }`,
  );
  const { outDirectory, ...record } = await soak(module, { durationMs: 180_000 });
  const { samples } = await loadRun('latest', { outDirectory });
  return { record, countedAtMs: samples.elapsedMs[samples.phases.indexOf('census')]! };
}

test('listeners whose bytes grow by about their budget are counted long before the bytes are known', async () => {
  const { record, countedAtMs } = await soakListeners('');
  expect(record.verdict).toBe('leak');
  expect(record.findings.find(({ verdict }) => verdict === 'leak')?.metric).toBe('listeners');
  expect(countedAtMs).toBeLessThan(75_000);
});

test('listeners that are removed again level off', async () => {
  const { record } = await soakListeners(`process.removeListener('exit', flush);`);
  expect(record.verdict).toBe('plateau');
});
