import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runRecordSchema } from '../../harness/model/run-record.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const rows = 80;

/** `fds` at each of 80 floors of 1,000 cycles. */
function directoryWith(fdsAt: (row: number) => number, header = 'ops,fds'): string {
  const directory = temporaryDirectory();
  const lines = Array.from({ length: rows }, (_, row) => `${(row + 1) * 1_000},${fdsAt(row)}`);
  writeFileSync(join(directory, 'soak.csv'), [header, ...lines, ''].join('\n'));
  return directory;
}

const given = ['analyse', 'soak.csv', '--x', 'ops', '--json'];

test('a flat series is a plateau: exit 0', async () => {
  const { exitCode, stdout, stderr } = await plateau(given, { directory: directoryWith(() => 23) });
  expect(stderr).toBe('');
  const record = runRecordSchema.parse(JSON.parse(stdout));
  expect(record).toMatchObject({ verdict: 'plateau', scenario: 'soak', counts: { cycles: 80_000, rounds: rows } });
  expect(record.rerun).toBe('plateau analyse soak.csv --x ops --json');
  expect(exitCode).toBe(0);
});

test('a series that grows is a leak: exit 1, its slope, and the same report for people', async () => {
  const directory = directoryWith((row) => 23 + row * 2);
  const { exitCode, stdout } = await plateau(given, { directory });
  const record = runRecordSchema.parse(JSON.parse(stdout));
  expect(record.findings[0]).toMatchObject({ metric: 'fds', verdict: 'leak', unit: 'fds' });
  expect(record.findings[0]?.slope.estimate).toBeCloseTo(0.002, 4);
  expect(exitCode).toBe(1);
  const report = await plateau(['analyse', 'soak.csv', '--x', 'ops'], { directory });
  expect(report.stdout).toMatch(/soak {2}LEAK/);
  const allowed = await plateau([...given, '--budget', 'fds=0.5'], { directory });
  expect(allowed.exitCode).toBe(0);
});

test('a header alone is inconclusive, never a pass: exit 2', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'soak.csv'), 'cycles,fds\n');
  const { exitCode, stdout } = await plateau(['analyse', 'soak.csv', '--json'], { directory });
  expect(JSON.parse(stdout).verdict).toBe('inconclusive');
  expect(exitCode).toBe(2);
});

test('the same file gives the same bytes', async () => {
  const directory = directoryWith((row) => 23 + (row % 3));
  const [one, other] = await Promise.all([plateau(given, { directory }), plateau(given, { directory })]);
  expect(one.stdout).toBe(other.stdout);
});
