import { describe, expect, it } from 'vitest';
import { compare, mapOf, skeleton } from '../../../support/heap-sketches.js';
import type { SketchedNode } from '../../../support/heap-snapshot.js';

describe('what counts as come', () => {
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

  it('takes functions that were compiled one by one for entries of one kind', () => {
    const parsers = (ids: readonly number[]): SketchedNode[] => [
      ...skeleton([['context', 'parsers', 201]]),
      { id: 201, type: 'object', name: 'Array', edges: [['internal', 'elements', 203]] },
      { id: 203, type: 'array', name: '', edges: ids.map((id, index) => ['internal', String(index), id] as const) },
      ...ids.flatMap((id): SketchedNode[] => [
        { id, type: 'closure', name: 'Row', size: 64, location: [id, 0, 9], edges: [['internal', 'shared', id + 2]] },
        { id: id + 2, type: 'code', name: 'Row', size: 56, edges: [['internal', 'script', id + 4]] },
        { id: id + 4, type: 'code', name: '', size: 100 },
      ]),
    ];
    const [holder] = compare(parsers([301]), parsers([301, 401, 501, 601])).holders;
    const entries = holder?.kinds.filter((kind) => kind.entries > 0);
    expect(entries).toMatchObject([{ type: 'closure', name: 'Row', entries: 3 }]);
  });
});
