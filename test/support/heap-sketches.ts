import path from 'node:path';
import { analyseSnapshots, type SnapshotAnalysis } from '../../harness/attribute/snapshot/analyse-snapshots.js';
import { type SketchedNode, writeHeapSnapshot } from './heap-snapshot.js';
import { temporaryDirectory } from './temporary-directory.js';

export const script = 'file:///srv/app/store.js';
/** Ids of what every sketch below has: a module's closure and the context that it closes over. */
export const context = 101;
/** A module whose variables are given. */
export const skeleton = (variables: SketchedNode['edges']): SketchedNode[] => [
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

/** Writes both sketches as heap snapshots and analyses them. */
export function compare(before: readonly SketchedNode[], after: readonly SketchedNode[]): SnapshotAnalysis {
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
export function mapOf(mapId: number, tableId: number, entries: readonly number[]): SketchedNode[] {
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

/** The class of an object, from what its `__proto__` leads to, with the script that it is from. */
export const classNodes = (id: number, name: string, file: string): SketchedNode[] => [
  { id, type: 'object', name: 'Object', edges: [['property', 'constructor', id + 2]] },
  { id: id + 2, type: 'closure', name, location: [id + 6, 0, 0], edges: [['internal', 'shared', id + 4]] },
  { id: id + 4, type: 'code', name, edges: [['internal', 'script', id + 6]] },
  { id: id + 6, type: 'code', name: file },
];

/** What a program has once its Map, the node 201, has grown by two entries. */
export function compareGrownMap(program: readonly SketchedNode[]): SnapshotAnalysis {
  return compare([...program, ...mapOf(201, 203, [205])], [...program, ...mapOf(201, 301, [205, 307, 309])]);
}
