import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadRun } from '../../harness/store/load-run.js';
import { manifestWith } from '../support/stored-runs.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const writer = fileURLToPath(new URL('../fixtures/store-writer.mjs', import.meta.url));

async function lastLineOf(child: ReturnType<typeof spawn>, killAfter = Number.POSITIVE_INFINITY): Promise<string> {
  let last = '0';
  if (child.stdout === null) throw new Error('no stdout');
  for await (const line of createInterface({ input: child.stdout })) {
    last = line;
    if (Number(line) >= killAfter) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return last;
}

test.each([1, 9, 10, 11, 137, 1_000])(
  'killed with SIGKILL after %i samples, every sample taken is there',
  async (taken) => {
    const outDirectory = temporaryDirectory();
    const child = spawn(process.execPath, [writer, outDirectory, JSON.stringify(manifestWith())]);
    const acknowledged = Number(await lastLineOf(child, taken));
    expect(child.signalCode).toBe('SIGKILL');
    expect(acknowledged).toBeGreaterThanOrEqual(taken);
    const { samples } = await loadRun('latest', { outDirectory });
    expect(samples.length).toBeGreaterThanOrEqual(acknowledged);
    expect([...samples.cycles]).toEqual(Array.from({ length: samples.length }, (_, index) => index));
  },
);

test('a disk that takes no more is a store error, and what was written stays readable', async () => {
  const outDirectory = temporaryDirectory();
  const limited = 'ulimit -f 8 && exec "$0" "$@"';
  const argumentsOfWriter = [writer, outDirectory, JSON.stringify(manifestWith())];
  const last = await lastLineOf(spawn('bash', ['-c', limited, process.execPath, ...argumentsOfWriter]));
  expect(last).toMatch(/^PLATEAU_STORE Cannot write .*samples\.ndjson: EFBIG\.$/);
  const { samples } = await loadRun('latest', { outDirectory });
  expect(samples.length).toBeGreaterThan(50);
  expect(samples.metrics.get('heapUsed')?.at(-1)).toBe(1e6 + samples.length - 1);
});
