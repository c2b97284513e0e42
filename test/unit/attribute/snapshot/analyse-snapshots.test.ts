import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyseSnapshots, type SnapshotAnalysis } from '../../../../harness/attribute/snapshot/analyse-snapshots.js';
import { type SketchedNode, writeHeapSnapshot } from '../../../support/heap-snapshot.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const script = 'file:///srv/app/store.js';
/** Ids of what every sketch below has: a module's closure and the context that it closes over. */
const context = 101;
const skeleton = (variables: SketchedNode['edges']): SketchedNode[] => [
  { id: 1, type: 'synthetic', name: '', edges: [['element', 1, 3]] },
  { id: 3, type: 'synthetic', name: '(GC roots)', edges: [['element', 0, 5]] },
  {
    id: 5,
    type: 'closure',
    name: 'handle',
    location: [9, 0, 0],
    edges: [
      ['internal', 'context', context],
      ['internal', 'shared', 7],
    ],
  },
  { id: 7, type: 'code', name: 'handle', edges: [['internal', 'script', 9]] },
  { id: 9, type: 'code', name: script },
  { id: context, type: 'object', name: 'system / Context', size: 40, edges: variables ?? [] },
];

function compare(before: readonly SketchedNode[], after: readonly SketchedNode[]): SnapshotAnalysis {
  const directory = temporaryDirectory();
  const files = { before: path.join(directory, 'before'), after: path.join(directory, 'after') };
  writeHeapSnapshot(files.before, before);
  writeHeapSnapshot(files.after, after);
  return analyseSnapshots({
    ...files,
    clocks: { dateMs: 0, processMs: 0 },
    growing: [],
    own: ['file:///opt/plateau/'],
  });
}

/** A Map with entries; the table is made anew whenever it grows. */
function mapOf(mapId: number, tableId: number, entries: readonly number[]): SketchedNode[] {
  return [
    { id: mapId, type: 'object', name: 'Map', size: 32, edges: [['internal', 'table', tableId]] },
    {
      id: tableId,
      type: 'array',
      name: '',
      size: 16 * entries.length,
      edges: entries.map((id, index) => ['internal', String(index), id] as const),
    },
    ...entries.map((id): SketchedNode => ({ id, type: 'object', name: 'Session', size: 56 })),
  ];
}

describe('who holds what has come', () => {
  it('leaves out what Node itself is made with', () => {
    const heap = (table: number, bytes: number): SketchedNode[] => [
      { id: 1, type: 'synthetic', name: '', edges: [['element', 1, 3]] },
      { id: 3, type: 'synthetic', name: '(GC roots)', edges: [['element', 0, 11]] },
      {
        id: 11,
        type: 'object',
        name: 'global',
        edges: [['property', '<symbol node:per_context_binding_exports>', 13]],
      },
      { id: 13, type: 'object', name: 'Object', edges: [['property', 'primordials', 15]] },
      { id: 15, type: 'object', name: 'Object', edges: [['internal', 'properties', table]] },
      { id: table, type: 'array', name: '', size: bytes },
    ];
    expect(compare(heap(17, 1_000), heap(301, 40_000)).holders).toEqual([]);
  });

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

  it('names what an ES module exports by its export, and its script by the body of the module', () => {
    // Exports lie in cells, one after its name; another module passes the same cell on under a name of its own.
    const sketch = (held: readonly SketchedNode[], cellLeadsTo: number): SketchedNode[] => [
      { id: 1, type: 'synthetic', name: '', edges: [['element', 1, 3]] },
      {
        id: 3,
        type: 'native',
        name: 'Node / PrincipalRealm',
        edges: [
          ['element', 1, 21],
          ['element', 2, 11],
        ],
      },
      ...moduleNodes(11, 'sessions', script),
      ...moduleNodes(21, 'passedOn', 'file:///srv/app/index.js'),
      { id: 41, type: 'hidden', name: 'system / Cell', size: 16, edges: [['internal', 'value', cellLeadsTo]] },
      ...held,
    ];
    const moduleNodes = (id: number, name: string, url: string): SketchedNode[] => [
      {
        id,
        type: 'hidden',
        name: 'system / SourceTextModule',
        edges: [
          ['hidden', 0, id + 1],
          ['hidden', 4, id + 3],
          ...(url === script ? ([['hidden', 5, id + 2]] as const) : []),
        ],
      },
      {
        id: id + 1,
        type: 'array',
        name: '',
        edges: [
          ['internal', '5', id + 7],
          ['internal', '6', 41],
        ],
      },
      { id: id + 2, type: 'array', name: '', edges: [['internal', '0', 41]] },
      { id: id + 3, type: 'object', name: 'Generator', edges: [['internal', 'function', id + 4]] },
      { id: id + 4, type: 'closure', name: '', location: [9, 0, 0], edges: [['internal', 'shared', id + 5]] },
      { id: id + 5, type: 'code', name: '', edges: [['internal', 'script', id + 6]] },
      { id: id + 6, type: 'code', name: url },
      { id: id + 7, type: 'string', name },
    ];
    const grown = compare(sketch(mapOf(201, 203, [205]), 201), sketch(mapOf(201, 301, [205, 307, 309]), 201)).holders;
    expect(grown).toMatchObject([
      { path: { expression: 'sessions', steps: ['sessions: Map'], origin: 'variable', script, names: ['sessions'] } },
    ]);
    // The variable is given something else each time.
    const given = compare(
      sketch([{ id: 201, type: 'string', name: 'a', size: 40 }], 201),
      sketch([{ id: 301, type: 'string', name: 'a longer text', size: 400 }], 301),
    ).holders;
    expect(given).toMatchObject([
      { bytes: 360, path: { expression: 'sessions', steps: ['sessions'], className: 'variable', script } },
    ]);
  });

  it('books hidden classes with the entries that each bring their own, and compiled code never', () => {
    const made = (id: number, shapes: number): SketchedNode[] => [
      {
        id,
        type: 'object',
        name: 'UserDto',
        size: 40,
        edges: [
          ['internal', 'code', id + 1],
          ...Array.from({ length: shapes }, (_, index) => ['internal', `map${index}`, id + 2 + index] as const),
        ],
      },
      { id: id + 1, type: 'code', name: 'UserDto', size: 500 },
      ...Array.from(
        { length: shapes },
        (_, index): SketchedNode => ({
          id: id + 2 + index,
          type: 'object shape',
          name: 'system / Map',
          size: 80,
        }),
      ),
    ];
    const bytesOf = (shapes: readonly number[]) => {
      const ids = shapes.map((_, index) => 301 + 100 * index);
      const classes: SketchedNode[] = [
        { id: 201, type: 'object', name: 'Map', size: 32, edges: [['internal', 'table', 203]] },
        { id: 203, type: 'array', name: '', edges: ids.map((id, index) => ['internal', String(index), id] as const) },
        ...ids.flatMap((id, index) => made(id, shapes[index]!)),
      ];
      const variables: SketchedNode['edges'] = [['context', 'classes', 201]];
      return compare([...skeleton(variables), ...mapOf(201, 203, [])], [...skeleton(variables), ...classes]).holders[0]
        ?.bytes;
    };
    expect(bytesOf([2, 2, 2, 2])).toBe(4 * 40 + 8 * 80);
    expect(bytesOf([1, 0, 0, 0])).toBe(4 * 40);
  });

  it('counts all classes by the prototypes of their objects, and the listeners of emitters that are held', () => {
    const [emitters, made] = [20, 400].map((first) =>
      Array.from({ length: 20 }, (_, index) => first + 1000 + 10 * index),
    );
    const classes = made!.map((id, index): SketchedNode[] => [
      { id, type: 'object', name: `Part${index}`, size: 500, edges: [['property', '__proto__', 901]] },
    ]);
    const emitter = (id: number): SketchedNode[] => [
      { id, type: 'object', name: 'Socket', size: 50, edges: [['property', '_events', id + 1]] },
      {
        id: id + 1,
        type: 'object',
        name: 'Object',
        edges: [
          ['property', 'close', id + 2],
          ['property', 'error', id + 3],
        ],
      },
      { id: id + 2, type: 'closure', name: 'onClose' },
      {
        id: id + 3,
        type: 'object',
        name: 'Array',
        edges: [
          ['element', 0, id + 4],
          ['element', 1, id + 5],
        ],
      },
      { id: id + 4, type: 'closure', name: 'onError' },
      { id: id + 5, type: 'closure', name: 'onErrorToo' },
    ];
    const held = [...emitters!, ...made!];
    const variables: SketchedNode['edges'] = [
      ['context', 'kept', 201],
      ['context', 'Part', 903],
    ];
    const own: SketchedNode[] = [
      { id: 901, type: 'object', name: 'Part', edges: [['property', 'constructor', 903]] },
      { id: 903, type: 'closure', name: 'Part', edges: [['property', 'prototype', 901]] },
    ];
    const [holder] = compare(
      [...skeleton(variables), ...own, ...mapOf(201, 203, [])],
      [
        ...skeleton(variables),
        ...own,
        { id: 201, type: 'object', name: 'Map', size: 32, edges: [['internal', 'table', 203]] },
        { id: 203, type: 'array', name: '', edges: held.map((id, index) => ['internal', String(index), id] as const) },
        ...emitters!.flatMap(emitter),
        ...classes.flat(),
      ],
    ).holders;
    expect(holder?.listeners).toBe(60);
    expect(holder?.classes).toEqual({ Part: 20, Socket: 20, Object: 20, Array: 20, Function: 60 });
  });

  it('does not count the listeners of an event target twice, which are entries of their list', () => {
    const listener = (id: number): SketchedNode => ({
      id,
      type: 'object',
      name: 'Listener',
      size: 60,
      edges: [['property', 'previous', 201]],
    });
    const list = (ids: readonly number[]): SketchedNode[] => [
      ...skeleton([['context', 'list', 201]]),
      { id: 201, type: 'object', name: 'Set', edges: ids.map((id, index) => ['element', index, id] as const) },
      ...ids.map(listener),
    ];
    expect(compare(list([]), list([301, 303])).holders[0]).toMatchObject({ listeners: 0, classes: { Listener: 2 } });
  });

  it('does not accuse a cache whose entries come and go', () => {
    const before = [...skeleton([['context', 'cache', 201]]), ...mapOf(201, 203, [205, 207, 209])];
    const after = [...skeleton([['context', 'cache', 201]]), ...mapOf(201, 203, [305, 307, 309])];
    expect(compare(before, after).holders).toEqual([]);
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

  it('leaves out what plateau itself holds in the target, and what V8 holds for itself', () => {
    const own: SketchedNode[] = [
      {
        id: 401,
        type: 'closure',
        name: 'hook',
        location: [10, 0, 0],
        edges: [
          ['internal', 'context', 403],
          ['internal', 'shared', 405],
        ],
      },
      { id: 403, type: 'object', name: 'system / Context', edges: [['context', 'tracked', 411]] },
      { id: 405, type: 'code', name: 'hook', edges: [['internal', 'script', 407]] },
      { id: 407, type: 'code', name: 'file:///opt/plateau/agent/attribution.cjs' },
    ];
    const sketch = (tracked: readonly number[], cached: readonly SketchedNode[]) => {
      const [root, roots, ...rest] = skeleton([]) as [SketchedNode, SketchedNode, ...SketchedNode[]];
      const more = [
        ['element', 1, 401],
        ['element', 2, 421],
      ] as const;
      return [
        root,
        { ...roots, edges: [...(roots.edges ?? []), ...more] },
        ...rest,
        ...own,
        ...mapOf(411, 413, tracked),
        {
          id: 421,
          type: 'synthetic',
          name: '(Compilation cache)',
          edges: cached.map(({ id }, index) => ['element', index, id] as const),
        },
        ...cached,
      ];
    };
    const cached: SketchedNode = { id: 501, type: 'object', name: 'Cached', size: 5_000 };
    expect(compare(sketch([415], []), sketch([415, 503, 505, 507], [cached])).holders).toEqual([]);
  });
});
