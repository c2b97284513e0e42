import { describe, expect, it } from 'vitest';
import { compare, mapOf, script, skeleton } from '../../../support/heap-sketches.js';
import type { SketchedNode } from '../../../support/heap-snapshot.js';

describe('who holds what has come', () => {
  it('names the Map that has more entries, by the variable that it is', () => {
    const before = [...skeleton([['context', 'sessions', 201]]), ...mapOf(201, 203, [205, 207])];
    const after = [...skeleton([['context', 'sessions', 201]]), ...mapOf(201, 301, [205, 207, 305, 307, 309])];
    const [holder, ...others] = compare(before, after).holders;
    expect(others).toEqual([]);
    expect(holder).toMatchObject({
      ids: [201],
      path: { expression: 'sessions', steps: ['sessions: Map'], origin: 'variable', script, className: 'Map' },
      bytes: 3 * 56,
      classes: { Session: 3 },
    });
    expect(holder?.kinds[0]).toMatchObject({ name: 'Session', count: 3, bytes: 168, entries: 3 });
    // 80 bytes of table came, 32 went.
    expect(holder?.storageBytes).toBe(48);
  });

  it('reads until when entries are kept off the latest of many, not off those that came first', () => {
    const idOf = (entry: number) => 1001 + 6 * entry;
    const kept = (entries: number): SketchedNode[] => [
      { id: 201, type: 'object', name: 'Map', size: 32, edges: [['internal', 'table', 203]] },
      {
        id: 203,
        type: 'array',
        name: '',
        size: 16 * entries,
        edges: Array.from({ length: entries }, (_, entry) => ['internal', String(entry), idOf(entry)] as const),
      },
      ...Array.from({ length: entries }, (_, entry): SketchedNode[] => [
        {
          id: idOf(entry),
          type: 'object',
          name: 'Token',
          size: 56,
          edges: [['property', 'expiresAt', idOf(entry) + 2]],
        },
        { id: idOf(entry) + 2, type: 'number', name: 'heap number', edges: [['internal', 'value', idOf(entry) + 4]] },
        { id: idOf(entry) + 4, type: 'string', name: String(60_000 + 10 * entry) },
      ]).flat(),
    ];
    const sketch = (entries: number) => [...skeleton([['context', 'tokens', 201]]), ...kept(entries)];
    const [holder] = compare(sketch(100), sketch(2_000)).holders;
    expect(holder?.expiry).toMatchObject({ name: 'expiresAt', inMs: 60_000 + 10 * 1_999 });
  });

  it('does not accuse a cache whose entries come and go', () => {
    const before = [...skeleton([['context', 'cache', 201]]), ...mapOf(201, 203, [205, 207, 209])];
    const after = [...skeleton([['context', 'cache', 201]]), ...mapOf(201, 203, [305, 307, 309])];
    expect(compare(before, after).holders).toEqual([]);
  });

  const arrayOf = (arrayId: number, elementsId: number, entries: readonly number[]): SketchedNode[] => [
    {
      id: arrayId,
      type: 'object',
      name: 'Array',
      edges: [['internal', 'elements', elementsId], ...entries.map((id, index) => ['element', index, id] as const)],
    },
    {
      id: elementsId,
      type: 'array',
      name: '',
      edges: entries.map((id, index) => ['internal', String(index), id] as const),
    },
    ...entries.map((id): SketchedNode => ({ id, type: 'object', name: 'Session', size: 56 })),
  ];

  it.each([
    ['Map', mapOf],
    ['Array', arrayOf],
  ])('gives what a full cache, a %s, and a leak both hold to the leak', (_name, cacheOf) => {
    const sketch = (cached: readonly number[], seen: readonly number[], tableId: number): SketchedNode[] => [
      ...skeleton([
        ['context', 'cache', 201],
        ['context', 'seen', 401],
      ]),
      ...cacheOf(201, 203, cached),
      ...mapOf(401, tableId, seen).filter(({ id }) => !cached.includes(id)),
    ];
    const before = sketch([205, 207], [205, 207], 403);
    const after = sketch([305, 307], [205, 207, 303, 305, 307], 405);
    const holders = compare(before, after).holders;
    expect(holders).toMatchObject([{ path: { expression: 'seen' }, classes: { Session: 3 } }]);
  });

  it('follows a list to the variable where it begins, old links and new', () => {
    const link = (id: number, next: number): SketchedNode => ({
      id,
      type: 'object',
      name: 'Entry',
      size: 40,
      edges: [['property', 'next', next]],
    });
    const end: SketchedNode = { id: 299, type: 'object', name: 'End' };
    const variables: SketchedNode['edges'] = [['context', 'oldest', 201]];
    const before = [...skeleton(variables), link(201, 203), link(203, 299), end];
    const after = [...skeleton(variables), link(201, 203), link(203, 301), link(301, 303), link(303, 299), end];
    const [holder] = compare(before, after).holders;
    expect(holder).toMatchObject({ path: { expression: 'oldest.next', steps: ['oldest: Entry', '.next'] }, bytes: 80 });
    expect(holder?.kinds[0]).toMatchObject({ name: 'Entry', entries: 2 });
  });

  it('follows functions that wrap functions to the variable where they begin, however many there are', () => {
    const wrappers = Array.from({ length: 200 }, (_, index) => 1001 + 2 * index);
    const chain = wrappers.map(
      (id, index): SketchedNode => ({
        id,
        type: 'closure',
        name: 'wrapper',
        edges: [['internal', 'bound_function', wrappers[index + 1] ?? 201]],
      }),
    );
    const variables: SketchedNode['edges'] = [['context', 'handler', wrappers[0]!]];
    const before = [...skeleton(variables), ...chain, ...mapOf(201, 203, [])];
    const after = [...skeleton(variables), ...chain, ...mapOf(201, 203, [205, 207])];
    expect(compare(before, after).holders).toMatchObject([{ path: { origin: 'variable', script } }]);
  });

  it('takes the keys of a plain object for one holder, and a single field for another', () => {
    const objects = (ids: readonly number[]) =>
      ids.map((id): SketchedNode => ({ id, type: 'object', name: 'Answer', size: 100 }));
    const holderOf = (keys: readonly number[]): SketchedNode => ({
      id: 201,
      type: 'object',
      name: 'Cache',
      edges: keys.map((id) => ['property', `key${id}`, id] as const),
    });
    const variables: SketchedNode['edges'] = [['context', 'cache', 201]];
    const old = [203];
    const fresh = [301, 303, 305, 307, 309, 311, 313];
    const many = compare(
      [...skeleton(variables), holderOf(old), ...objects(old)],
      [...skeleton(variables), holderOf([...old, ...fresh]), ...objects([...old, ...fresh])],
    );
    expect(many.holders).toMatchObject([{ path: { steps: ['cache: Cache'] }, bytes: 700 }]);
    const one = compare(
      [...skeleton(variables), holderOf(old), ...objects(old)],
      [...skeleton(variables), holderOf([...old, 301]), ...objects([...old, 301])],
    );
    expect(one.holders).toMatchObject([{ path: { steps: ['cache: Cache', '.key301'] }, bytes: 100 }]);
  });

  it('joins holders that are reached in the same way', () => {
    const tenants = (tables: readonly (readonly [map: number, table: number, entries: readonly number[]])[]) => [
      ...skeleton([['context', 'tenants', 201]]),
      {
        id: 201,
        type: 'array',
        name: '(object elements)',
        edges: tables.map(([map], index) => ['internal', String(index), map] as const),
      },
      ...tables.flatMap(([map, table, entries]) => mapOf(map, table, entries)),
    ];
    const { holders } = compare(
      tenants([
        [203, 205, [207]],
        [213, 215, [217]],
      ]),
      tenants([
        [203, 205, [207, 301]],
        [213, 215, [217, 303]],
      ]),
    );
    expect(holders).toMatchObject([{ ids: [203, 213], bytes: 112, path: { expression: 'tenants[...]' } }]);
  });

  it('takes the object by which a WeakMap knows something for its holder, in words of the code', () => {
    const session = (data: readonly number[]): SketchedNode[] => [
      ...skeleton([['context', 'session', 201]]),
      {
        id: 201,
        type: 'object',
        name: 'Session',
        edges: data.map((id, index) => {
          const pair = `${index} / part of key (Session @201) -> value (Object @${id}) pair in WeakMap (table @401)`;
          return ['internal', pair, id] as const;
        }),
      },
      ...data.map((id): SketchedNode => ({ id, type: 'object', name: 'Object', size: 100 })),
    ];
    const [holder] = compare(session([]), session([301])).holders;
    expect(holder).toMatchObject({ bytes: 100, path: { expression: 'session', steps: ['session: Session'] } });
  });
});
