import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { plant } from '../../../scenarios/branch-store/target/defects.js';
import { writeAtomic } from '../../../scenarios/branch-store/target/storage/atomic-write.js';
import { LogWriter } from '../../../scenarios/branch-store/target/storage/log-writer.js';
import { decodeRecords, encodeRecord } from '../../../scenarios/branch-store/target/storage/record.js';
import { listSegments, readSegment, Segment } from '../../../scenarios/branch-store/target/storage/segment.js';

const segmentBytesMax = 1_000;
const record = (version: number, key = 'key') =>
  ({ version, branchId: 'b', writes: [{ family: 'kv', key, value: 'é'.repeat(20) }] }) as const;

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'plateau-storage-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function plantForTest(...defects: Parameters<typeof plant>[0] extends ReadonlySet<infer Name> ? Name[] : never): void {
  plant(new Set(defects));
  onTestFinished(() => plant(new Set()));
}

async function newLog(): Promise<{ directory: string; log: LogWriter }> {
  const directory = temporaryDirectory();
  return { directory, log: new LogWriter(directory, await Segment.create(directory, 1), segmentBytesMax) };
}

async function versionsIn(directory: string): Promise<number[]> {
  const contents = await Promise.all((await listSegments(directory)).map((number) => readSegment(directory, number)));
  return contents.flatMap(({ records }) => records.map(({ version }) => version));
}

test('records come back up to the first that is torn or damaged', () => {
  const whole = Buffer.concat([encodeRecord(record(1)), encodeRecord(record(2)), encodeRecord(record(3))]);
  expect(decodeRecords(whole, 0)).toEqual({ records: [record(1), record(2), record(3)], validBytes: whole.length });
  const length = encodeRecord(record(1)).length;
  for (let cut = 2 * length; cut < 3 * length; cut += 1) {
    const { records, validBytes } = decodeRecords(whole.subarray(0, cut), 0);
    expect([records.length, validBytes]).toEqual([2, 2 * length]);
  }
  const damaged = Buffer.from(whole);
  damaged[length + 20]! ^= 1;
  expect(decodeRecords(damaged, 0).records).toEqual([record(1)]);
});

test('the log rotates when a segment is full, in order, and all of it is read back', async () => {
  const { directory, log } = await newLog();
  const versions = Array.from({ length: 50 }, (_, index) => index + 1);
  const segments = await Promise.all(versions.map((version) => log.append(encodeRecord(record(version)))));
  await log.dispose();
  expect(await versionsIn(directory)).toEqual(versions);
  expect(segments).toEqual([...segments].sort((left, right) => left - right));
  const sizes = await Promise.all(segments.map(async (number) => (await readSegment(directory, number)).validBytes));
  expect(new Set(segments).size).toBeGreaterThan(3);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(segmentBytesMax);
});

test('a record larger than a segment gets one of its own', async () => {
  const { directory, log } = await newLog();
  const large = { ...record(2), writes: [{ family: 'kv', key: 'large', value: 'x'.repeat(5_000) }] } as const;
  expect([await log.append(encodeRecord(record(1))), await log.append(encodeRecord(large))]).toEqual([1, 2]);
  expect(await log.append(encodeRecord(record(3)))).toBe(3);
  await log.dispose();
  expect(await versionsIn(directory)).toEqual([1, 2, 3]);
});

test('an empty segment is not rotated', async () => {
  const { directory, log } = await newLog();
  expect([await log.rotate(), await log.rotate()]).toEqual([1, 1]);
  await log.append(encodeRecord(record(1)));
  expect([await log.rotate(), await log.rotate()]).toEqual([2, 2]);
  await log.dispose();
  expect(await listSegments(directory)).toEqual([1, 2]);
});

test('what was relaxed is on disk once the log is disposed of', async () => {
  const { directory, log } = await newLog();
  log.appendRelaxed(encodeRecord(record(1)));
  expect(log.hasUnwritten).toBe(true);
  await log.dispose();
  expect(await versionsIn(directory)).toEqual([1]);
  await expect(log.append(encodeRecord(record(2)))).rejects.toThrow('closed');
});

test('after a failed write the log takes no more, and its disposal does not fail', async () => {
  const directory = temporaryDirectory();
  const highest = openSync('/dev/null', 'r');
  closeSync(highest);
  const log = new LogWriter(directory, await Segment.create(directory, 1), segmentBytesMax);
  // The descriptor that the segment got, closed behind its back.
  closeSync(highest);
  await expect(log.append(encodeRecord(record(1)))).rejects.toThrow('EBADF');
  await expect(log.append(encodeRecord(record(2)))).rejects.toThrow('EBADF');
  await log.dispose();
});

test('a torn tail is reported, and cut off when the segment is continued', async () => {
  const { directory, log } = await newLog();
  await log.append(encodeRecord(record(1)));
  await log.dispose();
  const [file] = readdirSync(directory);
  appendFileSync(join(directory, file!), 'half a rec');
  const torn = await readSegment(directory, 1);
  expect([torn.isTorn, torn.records.length]).toEqual([true, 1]);
  const continued = new LogWriter(directory, await Segment.openAppend(directory, 1, torn.validBytes), segmentBytesMax);
  await continued.append(encodeRecord(record(2)));
  await continued.dispose();
  expect(await versionsIn(directory)).toEqual([1, 2]);
});

test('a file that is no segment is refused, one without a whole header is empty', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, '0000000001.wal'), 'something else');
  await expect(readSegment(directory, 1)).rejects.toThrow('not a log segment');
  writeFileSync(join(directory, '0000000002.wal'), 'BRNCH');
  expect(await readSegment(directory, 2)).toMatchObject({ records: [], validBytes: 0, isTorn: true });
});

test.each([
  ['a sound store', [], ['target']],
  ['rename-failure-temp', ['rename-failure-temp'], ['target', 'target.tmp']],
] as const)('a rename that fails is reported, and leaves what it should: %s', async (_name, defects, left) => {
  plantForTest(...defects);
  const directory = temporaryDirectory();
  const target = join(directory, 'target');
  mkdirSync(join(target, 'in-the-way'), { recursive: true });
  await expect(writeAtomic(target, [Buffer.from('new')], 'manifest')).rejects.toThrow(/EISDIR|ENOTEMPTY/);
  expect(readdirSync(directory)).toEqual(left);
});
