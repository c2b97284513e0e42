import { expect, test } from 'vitest';
import { streamGroups, streamParts } from '../../../../harness/runtimes/redis/stream-groups.js';

const group = (name: string, consumers: number, pending: number) => [
  ...['name', name, 'consumers', consumers, 'pending', pending, 'last-delivered-id', '0-0'],
];

test('adds up consumers and pending entries over all groups, whatever these are called', () => {
  expect(streamGroups([group('workers', 2, 30), group('pending', 1, 12)])).toEqual({
    groups: 2,
    consumers: 3,
    pending: 42,
  });
  expect(streamGroups(null)).toEqual({ groups: 0, consumers: 0, pending: 0 });
});

test('takes from the entries of a stream what its groups are supposed to take', () => {
  expect(streamParts(700_000, 100, { groups: 2, pending: 1_000, consumers: 1 })).toEqual([
    { what: 'entries', count: 100, bytes: 700_000 - 657_000 - 278 - 568 },
    { what: 'consumer groups', count: 2, bytes: 422 },
    { what: 'pending entries', count: 1_000, bytes: 114_000 },
    { what: 'consumers', count: 1, bytes: 114 },
  ]);
});
