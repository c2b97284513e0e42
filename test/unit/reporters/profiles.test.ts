import { gunzipSync } from 'node:zlib';
import { Profile } from 'pprof-format';
import { expect, test } from 'vitest';
import type { RunRecord, Suspect } from '../../../harness/model/run-record.js';
import { heapProfileReport } from '../../../reporters/profiles/heap-profile.js';
import { pprofReport } from '../../../reporters/profiles/pprof.js';

const slope = (estimate: number, unit = 'B/cycle') => ({ estimate, low: estimate, high: estimate, unit });
const add = { file: '/srv/store.js', line: 41, column: 17, function: 'add' };
const handle = { file: '/srv/server.js', line: 9, column: 3, function: 'handle' };
/** A suspect of the heap, which grew by 102,000 B. */
const ofHeap = (bytes: number) => ({ metric: 'heapUsed', perCycle: slope(bytes / 1_000), share: bytes / 102_000 });
const suspects: readonly Partial<Suspect>[] = [
  { kind: 'allocation-site', description: 'kept', stack: [add, handle], ...ofHeap(96_000) },
  { kind: 'allocation-site', description: 'kept', stack: [{ ...add, line: 44 }, handle], ...ofHeap(4_000) },
  { kind: 'retainer', description: 'no stack', location: handle, ...ofHeap(2_000) },
  { kind: 'fd', description: 'no bytes', metric: 'fds', stack: [handle], perCycle: slope(1, 'fds/cycle'), share: 1 },
];
const heap = { metric: 'heapUsed', verdict: 'leak', unit: 'B', first: 5_000_000, last: 5_102_000 };
const record = {
  suspects,
  findings: [heap],
  startedAt: '2026-01-31T12:00:00.000Z',
  endedAt: '2026-01-31T12:00:12.000Z',
} as unknown as RunRecord;

test('a heap profile has a node a call, with what the run left of each stack', () => {
  const { head, samples } = JSON.parse(heapProfileReport(record));
  expect(head).toMatchObject({ callFrame: { functionName: '(root)' }, selfSize: 0 });
  expect(head.children).toHaveLength(1);
  const [caller] = head.children;
  expect(caller.callFrame).toMatchObject({
    functionName: 'handle',
    url: 'file:///srv/server.js',
    lineNumber: 8,
    columnNumber: 2,
  });
  expect(caller.selfSize).toBe(2_000);
  expect(caller.children.map(({ selfSize }: { selfSize: number }) => selfSize)).toEqual([96_000, 4_000]);
  expect(samples.map(({ size }: { size: number }) => size)).toEqual([96_000, 4_000, 2_000]);
});

test('a pprof profile has the same stacks, innermost call first', () => {
  const profile = Profile.decode(gunzipSync(pprofReport(record)));
  const { strings } = profile.stringTable;
  const text = (index: number | bigint) => strings[Number(index)];
  expect(profile.sampleType.map(({ type, unit }) => [text(type), text(unit)])).toEqual([['inuse_space', 'bytes']]);
  const frames = profile.sample.map(({ locationId }) =>
    locationId.map((id) => {
      const { line } = profile.location.find((location) => location.id === id)!;
      const { name, filename } = profile.function.find((known) => known.id === line[0]!.functionId)!;
      return `${text(name)} ${text(filename)}:${line[0]!.line}`;
    }),
  );
  expect(frames).toEqual([
    ['add /srv/store.js:41', 'handle /srv/server.js:9'],
    ['add /srv/store.js:44', 'handle /srv/server.js:9'],
    ['handle /srv/server.js:9'],
  ]);
  expect(profile.sample.map(({ value }) => Number(value[0]))).toEqual([96_000, 4_000, 2_000]);
  expect(Number(profile.durationNanos)).toBe(12e9);
});

test('a run without a leak gives profiles without a sample', () => {
  const sound = { ...record, suspects: [] };
  expect(JSON.parse(heapProfileReport(sound))).toMatchObject({ head: { children: [] }, samples: [] });
  expect(Profile.decode(gunzipSync(pprofReport(sound))).sample).toEqual([]);
});

test('what is counted has its share of the growth of the heap, where no suspect is known in bytes', () => {
  const counted = { kind: 'gauge', stack: [add], perCycle: slope(1, 'entries/cycle'), share: 0.5 };
  const of = (findings: unknown) => ({ ...record, suspects: [counted], findings }) as unknown as RunRecord;
  const sizes = (text: string) => JSON.parse(text).samples.map(({ size }: { size: number }) => size);
  expect(sizes(heapProfileReport(of([heap])))).toEqual([51_000]);
  expect(sizes(heapProfileReport(of([])))).toEqual([]);
});
