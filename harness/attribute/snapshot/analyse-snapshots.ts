import { type HeapGraph, readHeapGraph } from './heap-graph.js';
import { type ClosurePlace, HeapView, viewStrings } from './heap-view.js';
import { addAmount, anyKey, type HeldAmount, type HeldObjects, sumByHolder, tableBytesOf } from './holder-growth.js';
import { type RetainingPath, RetainingPaths } from './retaining-path.js';
import { buildRetainingTree, retainingStrings } from './retaining-tree.js';

export interface SnapshotPair {
  /** After the warm-up; absent when only one could be taken. */
  readonly before?: string;
  readonly after: string;
  /** Ids of objects that are known to grow: their paths are reported in any case. */
  readonly growing: readonly number[];
  /** Scripts below these paths or urls are plateau's own: what they hold is left out. */
  readonly own: readonly string[];
}

/** What a holder has more of in the second snapshot than in the first. */
export interface HolderGrowth {
  readonly ids: readonly number[];
  readonly path: RetainingPath;
  /** With the hidden classes that each entry brings. */
  readonly bytes: number;
  readonly storageBytes: number;
  /** All of its tables at the end, old ones too. */
  readonly tableBytes: number;
  readonly offHeapBytes: number;
  /** JavaScript objects and functions, by their class. */
  readonly classes: Readonly<Record<string, number>>;
  /** Of emitters and event targets that are held; not those of the holder itself. */
  readonly listeners: number;
  /** The largest, and the most numerous entries of the holder itself. */
  readonly kinds: readonly GrownKind[];
}

export interface GrownKind {
  readonly type: string;
  /** Class of an object, name of a function. */
  readonly name: string;
  readonly count: number;
  readonly bytes: number;
  /** Of the count, those that the holder holds itself. */
  readonly entries: number;
  /** Of a closure: where it was written; of an object: where its class was. */
  readonly place?: ClosurePlace;
}

export interface SnapshotAnalysis {
  /** Largest growth first. */
  readonly holders: readonly HolderGrowth[];
  /** Of the objects that are known to grow, by id. */
  readonly growing: Readonly<Record<number, GrowingObject>>;
}

export interface GrowingObject {
  readonly path: RetainingPath;
  readonly tableBytes: number;
}

const holdersMax = 30;
const kindsMax = 12;
const entryKindsMax = 4;
const shareMin = 0.005;

/** Compares two heap snapshots of one process: who holds what has come since. */
export function analyseSnapshots({ before, after, growing, own }: SnapshotPair): SnapshotAnalysis {
  const wanted = [...retainingStrings, ...viewStrings];
  const later = readHeapGraph(after, wanted);
  const laterIds = idsOf(later);
  const gone = before === undefined ? undefined : readBefore(before, wanted, laterIds);
  const view = new HeapView(later);
  const tree = buildRetainingTree(later, ownNodes(view, own));
  const paths = new RetainingPaths(view, tree);
  const nodeById = new Map<number, number>();
  const wantedIds = new Set(growing);
  for (let node = 0; node < later.nodeCount; node += 1) {
    if (wantedIds.has(later.nodeId[node]!)) nodeById.set(later.nodeId[node]!, node);
  }
  const candidates =
    gone === undefined
      ? []
      : subtract(
          sumByHolder(view, tree, (node) => gone.ids.has(later.nodeId[node]!)),
          gone.held,
        );
  paths.prepare([...candidates.map(({ owner }) => owner), ...nodeById.values()]);
  const holders = joinByPath(candidates, view, paths).filter(({ path }) => isOfTarget(path, own));
  const described = [...nodeById].map(([id, node]): [number, GrowingObject] => [
    id,
    { path: paths.describe(node, undefined), tableBytes: tableBytesOf(view, node) },
  ]);
  later.close();
  return { holders, growing: Object.fromEntries(described) };
}

/**
 * Roots that hold something for the moment of the snapshot only, or for V8's own sake; builtin functions lead to what
 * is common to a whole context, hidden classes above all.
 */
const passingRoots: readonly RegExp[] = [
  /^\((Stack roots|Handle scope|Strong roots|Internalized strings|Startup object cache|Compilation cache)\)/,
  /^global\b.*\.context$/,
  // The functions that Node itself is made with: V8 has its tables of them made anew at times.
  /^global\[node:per_context_binding_exports\]/,
];

/** What compiled code and functions keep for V8's own sake. */
const ownOfV8 = /\b(?:feedback_cell|feedback_vector|raw_outer_scope_info_or_feedback_metadat|line_ends)$/;

export function isOfTarget({ script, origin, expression }: RetainingPath, own: readonly string[]): boolean {
  if (ownOfV8.test(expression)) return false;
  if (origin === 'root') return !passingRoots.some((root) => root.test(expression));
  return !own.some((prefix) => script?.startsWith(prefix));
}

interface Gone {
  readonly ids: ReadonlySet<number>;
  /** What was there before and is no more. */
  readonly held: ReadonlyMap<number | string, HeldObjects>;
}

function readBefore(path: string, wanted: readonly string[], laterIds: ReadonlySet<number>): Gone {
  const graph = readHeapGraph(path, wanted);
  const view = new HeapView(graph);
  const held = sumByHolder(view, buildRetainingTree(graph), (node) => laterIds.has(graph.nodeId[node]!));
  graph.close();
  return { ids: idsOf(graph), held };
}

/** Native nodes are named by their address, which may be used again. */
function idsOf(graph: HeapGraph): Set<number> {
  const native = graph.nodeTypes.indexOf('native');
  const ids = new Set<number>();
  for (let node = 0; node < graph.nodeCount; node += 1) {
    if (graph.nodeType[node] !== native) ids.add(graph.nodeId[node]!);
  }
  return ids;
}

/** Closures of plateau's own scripts, and what they close over. */
export function ownNodes(view: HeapView, own: readonly string[]): Set<number> {
  const nodes = new Set<number>();
  for (const closure of view.closures()) {
    const script = view.scriptOf(closure);
    if (!own.some((prefix) => script.startsWith(prefix))) continue;
    nodes.add(closure);
    const context = view.contextsOf(closure).next();
    if (context.done !== true) nodes.add(context.value);
  }
  return nodes;
}

interface Candidate {
  readonly owner: number;
  readonly label: string | undefined;
  readonly amount: HeldAmount;
}

/** What came less what went, by owner and label; the largest only. */
function subtract(
  came: ReadonlyMap<number | string, HeldObjects>,
  went: ReadonlyMap<number | string, HeldObjects>,
): Candidate[] {
  const candidates: Candidate[] = [];
  let total = 0;
  for (const [key, { owner, byLabel }] of came) {
    const before = went.get(key)?.byLabel;
    for (const [label, amount] of byLabel) {
      const less = label === anyKey ? before : before === undefined ? undefined : new Map([[label, before.get(label)]]);
      for (const gone of less?.values() ?? []) {
        amount.bytes -= gone?.bytes ?? 0;
        amount.storageBytes -= gone?.storageBytes ?? 0;
        amount.shapeBytes -= gone?.shapeBytes ?? 0;
        amount.offHeapBytes -= gone?.offHeapBytes ?? 0;
        amount.listeners -= gone?.listeners ?? 0;
      }
      if (sizeOf(amount) <= 0) continue;
      total += sizeOf(amount);
      candidates.push({ owner, label: label === anyKey ? undefined : label, amount });
    }
  }
  return candidates
    .filter(({ amount }) => sizeOf(amount) >= total * shareMin)
    .sort((a, b) => sizeOf(b.amount) - sizeOf(a.amount))
    .slice(0, holdersMax * 4);
}

function sizeOf({ bytes, storageBytes, offHeapBytes }: HeldAmount): number {
  return bytes + storageBytes + offHeapBytes;
}

/** Holders that are reached in the same way, one for each tenant say, are one. */
function joinByPath(candidates: readonly Candidate[], view: HeapView, paths: RetainingPaths): HolderGrowth[] {
  const joined = new Map<string, { path: RetainingPath; ids: number[]; amount: HeldAmount; tableBytes: number }>();
  for (const { owner, label, amount } of candidates) {
    const path = paths.describe(owner, label);
    const key = `${path.script} ${path.steps.join(' ')}`;
    const present = joined.get(key);
    const id = view.graph.nodeId[owner]!;
    const tableBytes = tableBytesOf(view, owner, label);
    if (present === undefined) joined.set(key, { path, ids: [id], amount, tableBytes });
    else {
      present.ids.push(id);
      present.tableBytes += tableBytes;
      addAmount(present.amount, amount);
    }
  }
  return [...joined.values()]
    .sort((a, b) => sizeOf(b.amount) - sizeOf(a.amount))
    .slice(0, holdersMax)
    .map(({ path, ids, amount, tableBytes }) => ({
      ids,
      path,
      tableBytes,
      bytes: amount.bytes + steadyShapeBytes(view, amount),
      storageBytes: amount.storageBytes,
      offHeapBytes: amount.offHeapBytes,
      classes: countByClass(view, amount),
      listeners: Math.max(0, amount.listeners),
      kinds: grownKinds(view, amount),
    }));
}

/** A class that is made anew for each entry has a shape each time; all others get their shapes once. */
const shapesOfEntriesMin = 0.5;

function steadyShapeBytes(view: HeapView, { kinds, shapeBytes }: HeldAmount): number {
  let shapes = 0;
  let entries = 0;
  for (const kind of kinds.values()) {
    if (view.typeOf(kind.example) === 'object shape') shapes += kind.count;
    else entries = Math.max(entries, kind.entries);
  }
  return shapes >= shapesOfEntriesMin * entries ? Math.max(0, shapeBytes) : 0;
}

/** What the census of live objects counts too. */
function countByClass(view: HeapView, { kinds }: HeldAmount): Record<string, number> {
  const classes: Record<string, number> = {};
  for (const { count, example } of kinds.values()) {
    const name = classOf(view, example);
    if (name !== undefined) classes[name] = (classes[name] ?? 0) + count;
  }
  return classes;
}

const namesByType: Readonly<Record<string, string>> = { closure: 'Function', regexp: 'RegExp' };

function classOf(view: HeapView, node: number): string | undefined {
  const type = view.typeOf(node);
  const name = namesByType[type] ?? (type === 'object' ? view.nameOf(node) : undefined);
  if (name === undefined || name.startsWith('system / ')) return undefined;
  // V8 calls it by the class that made it, which may have given it the prototype of another.
  const prototype = view.property(node, '__proto__');
  const maker = prototype < 0 ? -1 : view.property(prototype, 'constructor');
  const isNamed = maker >= 0 && view.typeOf(maker) === 'closure' && view.nameOf(maker) !== '';
  return isNamed ? view.nameOf(maker) : name;
}

function grownKinds(view: HeapView, { kinds }: HeldAmount): GrownKind[] {
  const all = [...kinds.values()].sort((a, b) => b.bytes - a.bytes);
  const entries = all.toSorted((a, b) => b.entries - a.entries).slice(0, entryKindsMax);
  return [...new Set([...all.slice(0, kindsMax), ...entries.filter((kind) => kind.entries > 0)])].map(
    ({ count, bytes, entries, example }) => {
      const place = view.placeOf(example);
      const type = view.typeOf(example);
      const name = type.endsWith('string') ? 'string' : view.nameOf(example);
      return { type, name, count, bytes, entries, ...(place !== undefined && { place }) };
    },
  );
}
