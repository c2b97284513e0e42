import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Comparison } from '../../harness/model/comparison.js';
import { runRecordSchema } from '../../harness/model/run-record.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const minutes = 600;
const mebibyte = 1024 ** 2;

/** Memory once a minute over ten hours, as a CSV with timestamps. */
function directoryWith(files: Readonly<Record<string, (minute: number) => number>>): string {
  const directory = temporaryDirectory();
  for (const [name, memoryAt] of Object.entries(files)) {
    const rows = Array.from(
      { length: minutes },
      (_, minute) => `${new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString()},${Math.round(memoryAt(minute))}`,
    );
    writeFileSync(join(directory, name), ['"Time","process_resident_memory_bytes"', ...rows, ''].join('\n'));
  }
  return directory;
}

const wave = (minute: number) => mebibyte * Math.sin(minute * 1.7);
const growing = (minute: number) => 64 * mebibyte + 0.2 * mebibyte * minute + wave(minute);
const level = (minute: number) => 64 * mebibyte + wave(minute);

test('a curve over time is judged per hour, with a forecast: exit 1, and 0 for its sound twin', async () => {
  const directory = directoryWith({ 'leak.csv': growing, 'sound.csv': level });
  const leak = await plateau(['analyse', 'leak.csv', '--limit', '512MiB', '--json'], { directory });
  expect(leak.exitCode).toBe(1);
  const record = runRecordSchema.parse(JSON.parse(leak.stdout));
  expect(record.startedAt).toBe('2026-03-01T00:00:00.000Z');
  expect(record.findings[0]).toMatchObject({ metric: 'process_resident_memory_bytes', driver: 'time', unit: 'B' });
  expect(record.findings[0]!.slope.estimate / mebibyte).toBeCloseTo(12, 0);
  expect(record.findings[0]!.forecast!.estimate).toBeCloseTo((512 - 184) / 12, 0);
  const sound = await plateau(['analyse', 'sound.csv'], { directory });
  expect(sound.stdout).toMatch(/✓ sound {2}PLATEAU {2,}9h 59m · 600 readings/);
  expect(sound.stdout).toMatch(/These are no\s+floors/);
  expect(sound.exitCode).toBe(0);
});

test('a budget is named after the curve, and decides what a day may bring', async () => {
  const directory = directoryWith({ 'slow.csv': (minute) => level(minute) + 0.02 * mebibyte * minute });
  const judged = (...budget: string[]) => plateau(['analyse', 'slow.csv', ...budget], { directory });
  expect((await judged()).exitCode).toBe(2);
  const { stdout, exitCode } = await judged('--budget', 'process_resident_memory_bytes=512KiB');
  expect(stdout).toMatch(/✗ process_resident_memory_bytes .*\s.* limit 512 KiB\/h/);
  expect(exitCode).toBe(1);
  expect((await judged('--budget', 'process_resident_memory_bytes=2MiB')).exitCode).toBe(0);
});

test('one curve against another', async () => {
  const directory = directoryWith({ 'today.csv': growing, 'yesterday.csv': level });
  const worse = await plateau(['analyse', 'today.csv', '--against', 'yesterday.csv', '--json'], { directory });
  const comparison = JSON.parse(worse.stdout) as Comparison;
  expect(comparison).toMatchObject({ verdict: 'new leak', before: { id: 'yesterday' }, after: { readings: minutes } });
  expect(comparison.metrics[0]).toMatchObject({ unit: 'B', difference: { unit: 'B/h' } });
  expect(worse.exitCode).toBe(1);
  const fixed = await plateau(['analyse', 'yesterday.csv', '--against', 'today.csv'], { directory });
  expect(fixed.stdout).toContain('FIXED');
  expect(fixed.exitCode).toBe(0);
});

test.each([
  [
    'a limit of another unit',
    ['--limit', '90%'],
    /--limit: expected a limit of process_resident_memory_bytes \(B\), got one in %/,
  ],
  ['a limit that is none', ['--limit', 'much'], /--limit: expected a size, a percentage or a number above 0/],
  [
    'a budget of no curve',
    ['--budget', 'rss=1MiB'],
    /--budget: expected a budget of process_resident_memory_bytes \(B\), got rss/,
  ],
  [
    'a budget in another unit',
    ['--budget', 'process_resident_memory_bytes=much'],
    /--budget process_resident_memory_bytes: expected a size above 0 in B, KiB, MiB or GiB, got "much"/,
  ],
  ['a file that is not there', ['--against', 'nowhere.csv'], /nowhere\.csv: expected a file, got none/],
])('%s is refused: exit 3', async (_name, flags, message) => {
  const directory = directoryWith({ 'soak.csv': level });
  const { exitCode, stderr } = await plateau(['analyse', 'soak.csv', ...flags], { directory });
  expect(stderr).toMatch(message);
  expect(exitCode).toBe(3);
});
