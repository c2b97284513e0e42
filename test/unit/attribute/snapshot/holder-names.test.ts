import { describe, expect, it } from 'vitest';
import { classNodes, compare, compareGrownMap, mapOf, script, skeleton } from '../../../support/heap-sketches.js';
import type { SketchedNode } from '../../../support/heap-snapshot.js';

/** An object with one field, of the class whose prototype is given. */
const instanceOf = (
  prototype: number,
  { id, name, field, to }: { readonly id: number; readonly name: string; readonly field: string; readonly to: number },
): SketchedNode => ({
  id,
  type: 'object',
  name,
  edges: [
    ['property', '__proto__', prototype],
    ['property', field, to],
  ],
});

describe('how a holder is named', () => {
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

  it('names a variable that has the name by which V8 calls its own tables', () => {
    const sketch = (value: SketchedNode) => [...skeleton([['context', 'table', value.id]]), value];
    const grown = compare(
      sketch({ id: 201, type: 'object', name: 'Samples', size: 40 }),
      sketch({ id: 301, type: 'object', name: 'Samples', size: 400 }),
    ).holders;
    expect(grown).toMatchObject([{ bytes: 360, path: { expression: 'table', steps: ['table'], origin: 'variable' } }]);
  });

  it('names the variable of a block, which V8 only numbers, where no number can be left out between it and a function', () => {
    const sketch = (held: readonly SketchedNode[]): SketchedNode[] => [
      ...skeleton([
        ['internal', 'scope_info', 301],
        ['hidden', 0, 11],
        ['hidden', 1, 201],
        ['hidden', 2, 13],
        ['hidden', 3, 221],
      ]),
      // let calls = 0; function enter() {} const sessions = new Map(); function leave() {} let left = 0; const seats = new Map();
      {
        id: 301,
        type: 'code',
        name: 'system / ScopeInfo',
        edges: [311, 313, 315, 317, 319, 321].map((id, index) => ['hidden', index, id] as const),
      },
      ...['calls', 'enter', 'sessions', 'leave', 'left', 'seats'].map(
        (name, index): SketchedNode => ({ id: 311 + 2 * index, type: 'string', name }),
      ),
      { id: 11, type: 'closure', name: 'enter', location: [9, 1, 0], edges: [['internal', 'shared', 7]] },
      { id: 13, type: 'closure', name: 'leave', location: [9, 2, 0], edges: [['internal', 'shared', 7]] },
      ...held,
    ];
    const grown = (from: number) =>
      compare(
        sketch([...mapOf(201, 203, [205]), ...mapOf(221, 223, [225])]),
        sketch([
          ...mapOf(201, from === 201 ? 403 : 203, from === 201 ? [205, 407, 409] : [205]),
          ...mapOf(221, from === 221 ? 403 : 223, from === 221 ? [225, 407, 409] : [225]),
        ]),
      ).holders[0]!.path;
    expect(grown(201)).toMatchObject({ expression: 'sessions', origin: 'variable', script });
    expect(grown(221).names).toEqual([]);
  });

  it('begins at the module whose exports hold it, whoever required that module', () => {
    const file = '/srv/app/node_modules/tracer/index.js';
    const program: SketchedNode[] = [
      ...skeleton([['context', 'process', 401]]),
      { id: 401, type: 'object', name: 'process', edges: [['property', 'mainModule', 403]] },
      { id: 403, type: 'object', name: 'Module', edges: [['property', 'children', 405]] },
      { id: 405, type: 'object', name: 'Array', edges: [['element', 0, 407]] },
      {
        id: 407,
        type: 'object',
        name: 'Module',
        edges: [
          ['property', 'filename', 409],
          ['property', 'exports', 411],
        ],
      },
      { id: 409, type: 'string', name: file },
      { id: 411, type: 'object', name: 'Object', edges: [['property', 'instances', 201]] },
    ];
    expect(compareGrownMap(program).holders).toMatchObject([
      {
        path: {
          expression: 'exports.instances',
          steps: [`module ${file}`, '.exports: Object', '.instances: Map'],
          origin: 'module',
          script: file,
        },
      },
    ]);
  });

  it('begins at the first object of a class of the target, where the path leads through objects of Node', () => {
    const program = (trailClass: string): SketchedNode[] => [
      { id: 1, type: 'synthetic', name: '', edges: [['element', 1, 3]] },
      { id: 3, type: 'synthetic', name: '(GC roots)', edges: [['element', 0, 11]] },
      instanceOf(401, { id: 11, name: 'Socket', field: 'trail', to: 13 }),
      instanceOf(421, { id: 13, name: 'AuditTrail', field: 'open', to: 201 }),
      ...classNodes(401, 'Socket', 'node:net'),
      ...classNodes(421, 'AuditTrail', trailClass),
    ];
    const pathFor = (trailClass: string) => compareGrownMap(program(trailClass)).holders[0]!.path;
    expect(pathFor('file:///srv/app/audit.js')).toMatchObject({
      expression: 'Socket.trail.open',
      ownExpression: 'AuditTrail.open',
      origin: 'root',
    });
    expect(pathFor('node:net').ownExpression).toBeUndefined();
  });

  it('begins there too where the path leads through a variable of Node, as from a timer', () => {
    const program = (variableOf: string): SketchedNode[] => [
      ...skeleton([['context', 'timerListMap', 11]]).map((node) =>
        node.name === script ? { ...node, name: variableOf } : node,
      ),
      { id: 11, type: 'object', name: 'Timeout', edges: [['property', 'cache', 13]] },
      instanceOf(421, { id: 13, name: 'SessionCache', field: 'data', to: 201 }),
      ...classNodes(421, 'SessionCache', 'file:///srv/app/sessions.js'),
    ];
    const pathFor = (variableOf: string) => compareGrownMap(program(variableOf)).holders[0]!.path;
    expect(pathFor('node:internal/timers').ownExpression).toBe('SessionCache.data');
    expect(pathFor('file:///srv/app/timers.js').ownExpression).toBeUndefined();
  });

  it('knows the script of the class that has the holder as a field', () => {
    const file = '/srv/app/node_modules/kept/cache.js';
    const program: SketchedNode[] = [
      ...skeleton([['context', 'parsed', 401]]),
      instanceOf(403, { id: 401, name: 'Cache', field: 'entries', to: 201 }),
      ...classNodes(403, 'Cache', file),
    ];
    expect(compareGrownMap(program).holders).toMatchObject([
      { path: { expression: 'parsed.entries', script, fieldScript: file } },
    ]);
  });
});
