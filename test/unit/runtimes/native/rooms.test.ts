import { expect, test } from 'vitest';
import { isRoom } from '../../../../harness/runtimes/native/rooms.js';

const site = (bytes: number, blocks: number, made: number) => ({ bytes, blocks, made, stack: [] });

test('a table that is made anew whenever it is full is room', () => {
  expect(isRoom(site(32_768, 1, 9), 1_024)).toBe(true);
});

test('pieces of an arena that all stay, each larger than the one before, are room', () => {
  expect(isRoom(site(65_536, 8, 8), 1_024)).toBe(true);
});

test.each([
  ['what was as large before the first cycle', site(65_536, 8, 8), 40_000],
  ['what was made at once', site(65_536, 1, 1), 0],
  ['many small blocks', site(65_536, 2_000, 2_000), 0],
  ['a few tiny ones', site(512, 8, 8), 0],
])('%s is none', (_, made, bytesBefore) => {
  expect(isRoom(made, bytesBefore)).toBe(false);
});
