import { expect, it } from 'vitest';
import { namePattern, namePatterns } from '../../../harness/runtimes/name-pattern.js';

it.each([
  ['session:1234', 'session:*'],
  ['session:9f8a7c6b5d4e:cart', 'session:*:cart'],
  ['lock/6f9619ff-8b86-d011-b42d-00cf4fc964ff', 'lock/*'],
  ['session:V1StGXR8_Z5jdHi6B-myT', 'session:*'],
  ['job:01ARZ3NDEKTSV4RRFFQ69G5FAV', 'job:*'],
  ['cart:3f2:items', 'cart:*:items'],
  ['sessions:all', 'sessions:all'],
  ['oauth2tokens', 'oauth*tokens'],
  ['{shard-12}:users', '{shard-*}:users'],
  ['', ''],
])('%s is like %s', (name, pattern) => {
  expect(namePattern(name)).toBe(pattern);
});

const wordsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => 'abcdefghij'.charAt(index % 10).repeat(1 + index / 10));

it('takes a part for an id that differs from name to name', () => {
  const names = [...wordsOf(60).map((word) => `cart:${word}:items`), 'cart', 'stock:left'];
  expect(new Set(namePatterns(names).values())).toEqual(new Set(['cart:*:items', 'cart', 'stock:left']));
});

it('leaves parts that few names differ in, and those that say what a thing is', () => {
  const names = [...wordsOf(20).map((word) => `shop:${word}:12`), ...wordsOf(60)];
  expect([...namePatterns(names).values()]).toEqual([...wordsOf(20).map((word) => `shop:${word}:*`), ...wordsOf(60)]);
});
