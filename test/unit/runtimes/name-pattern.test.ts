import { expect, it } from 'vitest';
import { namePattern } from '../../../harness/runtimes/name-pattern.js';

it.each([
  ['session:1234', 'session:*'],
  ['session:9f8a7c6b5d4e:cart', 'session:*:cart'],
  ['lock/6f9619ff-8b86-d011-b42d-00cf4fc964ff', 'lock/*'],
  ['session:V1StGXR8_Z5jdHi6B-myT', 'session:*'],
  ['job:01ARZ3NDEKTSV4RRFFQ69G5FAV', 'job:*'],
  ['sessions:all', 'sessions:all'],
  ['oauth2tokens', 'oauth*tokens'],
  ['{shard-12}:users', '{shard-*}:users'],
  ['', ''],
])('%s is like %s', (name, pattern) => {
  expect(namePattern(name)).toBe(pattern);
});
