import type { SnapshotClocks } from '../../model/attribution-protocol.js';
import { nameBlockVariables } from './block-variables.js';
import { withCapacities } from './capacity.js';
import { withExpiries } from './expiry.js';
import { fullStorage } from './full-storage.js';
import { type HeapGraph, readHeapGraph } from './heap-graph.js';
import { HeapView, viewStrings } from './heap-view.js';
import { anyKey, type HeldObjects, sumByHolder, tableBytesOf } from './holder-growth.js';
import { type Candidate, type HolderGrowth, joinByPath, sizeOf } from './holders-by-path.js';
import type { Heap } from './numbers-beside.js';
import { type RetainingPath, RetainingPaths } from './retaining-path.js';
import { buildRetainingTree, retainingStrings } from './retaining-tree.js';

export interface SnapshotPair extends LaterSnapshot {
  /** After the warm-up; absent when only one could be taken. */
  readonly before?: string;
}

export interface LaterSnapshot {
  readonly after: string;
  readonly clocks: SnapshotClocks;
  /** Ids of objects that are known to grow: their paths are reported in any case. */
  readonly growing: readonly number[];
  /** Scripts below these paths or urls are plateau's own: what they hold is left out. */
  readonly own: readonly string[];
}

export interface SnapshotAnalysis {
  /** Largest growth first. */
  readonly holders: readonly HolderGrowth[];
  /** Of the objects that are known to grow, by id. */
  readonly growing: Readonly<Record<number, GrowingObject>>;
  /** Of everything in the heap, by which the second snapshot is larger; absent where there is one only. */
  readonly grownBytes?: number;
}

export interface GrowingObject {
  readonly path: RetainingPath;
  readonly tableBytes: number;
}

/** Several of them may be one holder. */
const candidatesMax = 120;
const shareMin = 0.005;

const wantedStrings = [...retainingStrings, ...viewStrings];

/** The first snapshot of a pair, read before there is a second one. */
export function readEarlier(path: string): Heap {
  const view = readHeap(path);
  return { view, tree: buildRetainingTree(view.graph) };
}

function readHeap(path: string): HeapView {
  const view = new HeapView(readHeapGraph(path, wantedStrings));
  nameBlockVariables(view);
  return view;
}

/** Reads a pair of snapshots one after the other and compares them. */
export function analyseSnapshots({ before, ...pair }: SnapshotPair): SnapshotAnalysis {
  return compareSnapshots(before === undefined ? undefined : readEarlier(before), pair);
}

/** Compares two heap snapshots of one process: who holds what has come since. */
export function compareSnapshots(
  earlierHeap: Heap | undefined,
  { after, clocks, growing, own }: LaterSnapshot,
): SnapshotAnalysis {
  const view = readHeap(after);
  const later = view.graph;
  const laterIds = idsOf(later);
  const earlier = earlierHeap && whatWent(earlierHeap, laterIds);
  const full = earlier === undefined ? [] : fullStorage(later, earlier.view.graph, earlier.ids);
  const tree = buildRetainingTree(later, new Set([...ownNodes(view, own), ...full]));
  const paths = new RetainingPaths(view, tree);
  const nodeById = new Map<number, number>();
  const wantedIds = new Set(growing);
  for (let node = 0; node < later.nodeCount; node += 1) {
    if (wantedIds.has(later.nodeId[node]!)) nodeById.set(later.nodeId[node]!, node);
  }
  const candidates =
    earlier === undefined
      ? []
      : subtract(
          sumByHolder(view, tree, (node) => earlier.ids.has(later.nodeId[node]!)),
          earlier.held,
        );
  paths.prepare([...candidates.map(({ owner }) => owner), ...nodeById.values()]);
  const limited = earlier === undefined ? candidates : withCapacities(candidates, { view, tree }, earlier);
  const kept = withExpiries(limited, { view, tree }, clocks);
  const holders = joinByPath(kept, view, paths).filter(({ path }) => isOfTarget(path, own));
  const described = [...nodeById].map(([id, node]): [number, GrowingObject] => [
    id,
    { path: paths.describe(node, undefined), tableBytes: tableBytesOf(view, node) },
  ]);
  later.close();
  earlier?.view.graph.close();
  return {
    holders,
    growing: Object.fromEntries(described),
    ...(earlier !== undefined && { grownBytes: bytesOf(later) - bytesOf(earlier.view.graph) }),
  };
}

/** Of all objects; what lies outside the heap is no part of them. */
function bytesOf({ nodeTypes, nodeType, selfSize, nodeCount }: HeapGraph): number {
  const native = nodeTypes.indexOf('native');
  let bytes = 0;
  for (let node = 0; node < nodeCount; node += 1) if (nodeType[node] !== native) bytes += selfSize[node]!;
  return bytes;
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

interface EarlierHeap extends Heap {
  readonly ids: ReadonlySet<number>;
  /** What was there before and is no more. */
  readonly held: ReadonlyMap<number | string, HeldObjects>;
}

function whatWent({ view, tree }: Heap, laterIds: ReadonlySet<number>): EarlierHeap {
  const { graph } = view;
  const held = sumByHolder(view, tree, (node) => laterIds.has(graph.nodeId[node]!));
  return { view, tree, ids: idsOf(graph), held };
}

/** Native nodes are named by their address, which may be used again. */
function idsOf({ nodeTypes, nodeType, nodeId, nodeCount }: HeapGraph): Set<number> {
  const native = nodeTypes.indexOf('native');
  const ids = new Set<number>();
  for (let node = 0; node < nodeCount; node += 1) if (nodeType[node] !== native) ids.add(nodeId[node]!);
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
    .slice(0, candidatesMax);
}
