import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IdSet } from '../../../../harness/attribute/snapshot/id-set.js';

const id = fc.integer({ min: 1, max: 2 ** 32 - 1 });

test('it has what was added, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(id), fc.array(id), (added, others) => {
      const ids = new IdSet(added.length);
      for (const each of added) ids.add(each);
      for (const each of added) expect(ids.has(each)).toBe(true);
      for (const other of others) expect(ids.has(other)).toBe(added.includes(other));
    }),
  );
});

test('one that was made for none has none', () => {
  expect(new IdSet(0).has(1)).toBe(false);
});
