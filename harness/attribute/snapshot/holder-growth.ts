import type { HeapView } from './heap-view.js';
import { isTargetListener, listenersAt } from './listener-count.js';
import type { RetainingTree } from './retaining-tree.js';

/** What hangs below one holder in one snapshot and is not in the other. */
export interface HeldObjects {
  readonly owner: number;
  /** By the variable, property or slot of the owner through which they are held; `anyKey` for many. */
  readonly byLabel: Map<string, HeldAmount>;
}

export interface HeldAmount {
  bytes: number;
  /** Tables and arrays that the holder itself keeps its entries in: they grow by doubling, not by the cycle. */
  storageBytes: number;
  /** Hidden classes and what they describe objects by. */
  shapeBytes: number;
  /** Memory outside the heap, of ArrayBuffers above all. */
  offHeapBytes: number;
  /** Of emitters and event targets that are held. */
  listeners: number;
  readonly kinds: Map<string, KindAmount>;
}

export interface KindAmount {
  count: number;
  bytes: number;
  /** Of the count, those that the holder holds itself: entries of a collection, links of a list. */
  entries: number;
  /** One of them. */
  readonly example: number;
}

/** More labels than this are the keys of a dictionary. */
const labelsMax = 6;
export const anyKey = '*';
const storageLabels: ReadonlySet<string> = new Set(['table', 'elements', 'properties']);

const notNew = 0;
const within = 1;
const storage = 2;
const entry = 3;

/**
 * Sums up the nodes that are not `kept` by who holds them: the nearest object above them in the retaining tree that is
 * kept, or what owns it when that is but its storage or a link of its list.
 * @param kept true for nodes that the other snapshot has as well
 * @returns by what shows the owner in both snapshots: its id, or the name of what native code keeps
 */
export function sumByHolder(
  view: HeapView,
  tree: RetainingTree,
  kept: (node: number) => boolean,
): Map<number | string, HeldObjects> {
  const { graph } = view;
  const { parentNode, parentEdge, order } = tree;
  const roles = new Uint8Array(graph.nodeCount);
  const anchorOf = new Int32Array(graph.nodeCount).fill(-1);
  const attachedBy = new Int32Array(graph.nodeCount).fill(-1);
  const places = new Map<number, Place>();
  const byOwner = new Map<number | string, { owner: number; amounts: Map<number, HeldAmount> }>();
  for (const node of order) {
    const parent = parentNode[node]!;
    // What native code keeps is recognised by its name: its id is an address, which may be used again.
    if (parent < 0 || kept(node) || (isNative(view, node) && roles[parent] === notNew)) {
      anchorOf[node] = node;
      continue;
    }
    const anchor = anchorOf[parent]!;
    anchorOf[node] = anchor;
    attachedBy[node] = anchor === parent ? parentEdge[node]! : attachedBy[parent]!;
    roles[node] = roleOf(view, parent, roles[parent]!, node, parentEdge[node]!);
    const place = getOrCreate(places, anchor, () => placeOf(view, tree, anchor));
    const { amounts } = getOrCreate(byOwner, place.key, () => ({ owner: place.owner, amounts: new Map() }));
    addNode(amounts, place.edge ?? attachedBy[node]!, view, node, roles[node]!);
  }
  return new Map(
    [...byOwner].map(([key, { owner, amounts }]) => [key, { owner, byLabel: mergeLabels(view, owner, amounts) }]),
  );
}

function getOrCreate<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}

function isNative(view: HeapView, node: number): boolean {
  const type = view.typeOf(node);
  return type === 'native' || type === 'synthetic';
}

function roleOf(view: HeapView, parent: number, parentRole: number, node: number, edge: number): number {
  const direct =
    parentRole === notNew || parentRole === storage || (parentRole === entry && isLink(view, parent, node, edge));
  if (!direct) return within;
  return isStorage(view, node) ? storage : entry;
}

interface Place {
  readonly owner: number;
  /** Handles of one kind are one owner. */
  readonly key: number | string;
  /** Edge of the owner that leads to the anchor; absent when the anchor is the owner. */
  readonly edge: number | undefined;
}

/** Climbs from storage to what it is the storage of, and from a link of a list to what holds the list. */
function placeOf(view: HeapView, { parentNode, parentEdge }: RetainingTree, anchor: number): Place {
  const { graph } = view;
  let node = anchor;
  let edge: number | undefined;
  for (let parent = parentNode[node]!; parent >= 0; parent = parentNode[node]!) {
    const up = parentEdge[node]!;
    const sameLink =
      edge !== undefined && graph.edgeName[edge] === graph.edgeName[up] && view.edgeTypeOf(up) === 'property';
    // The cell of an exported variable is the variable, not storage of its module.
    if (view.isCell(node)) break;
    if (!isStorage(view, node) && !sameLink && !isLink(view, parent, node, up)) break;
    edge = up;
    node = parent;
  }
  return { owner: node, key: isNative(view, node) ? view.nameOf(node) : graph.nodeId[node]!, edge };
}

/** Of the tables that a holder keeps its entries in now; with a label, those of what the holder has there. */
export function tableBytesOf(view: HeapView, owner: number, label?: string): number {
  const { firstEdge, edgeTo, selfSize } = view.graph;
  let bytes = 0;
  for (let edge = firstEdge[owner]!; edge < firstEdge[owner + 1]!; edge += 1) {
    const to = edgeTo[edge]!;
    const name = view.edgeLabel(edge);
    if (label === undefined) {
      if (view.typeOf(to) === 'array' && storageLabels.has(name)) bytes += selfSize[to]!;
    } else if (name === label && view.typeOf(to) === 'object') return tableBytesOf(view, to);
  }
  return bytes;
}

/** Arrays behind collections and objects, and what V8 keeps for itself. */
export function isStorage(view: HeapView, node: number): boolean {
  const type = view.typeOf(node);
  return type === 'array' || type === 'hidden' || type === 'object shape' || type === 'code';
}

function isLink(view: HeapView, parent: number, node: number, edge: number): boolean {
  if (view.graph.nodeName[parent] !== view.graph.nodeName[node] || view.isContext(node)) return false;
  return view.typeOf(node) === 'object' && view.edgeTypeOf(edge) === 'property';
}

function addNode(amounts: Map<number, HeldAmount>, edge: number, view: HeapView, node: number, role: number): void {
  const { graph } = view;
  const labelled = graph.edgeName[edge]! * 8 + graph.edgeType[edge]!;
  const amount = getOrCreate(amounts, labelled, () => ({
    bytes: 0,
    storageBytes: 0,
    shapeBytes: 0,
    offHeapBytes: 0,
    listeners: 0,
    kinds: new Map<string, KindAmount>(),
  }));
  const bytes = graph.selfSize[node]!;
  const type = view.typeOf(node);
  if (type === 'native' || type === 'synthetic') amount.offHeapBytes += view.isBufferMemory(node) ? bytes : 0;
  else if (type === 'object shape') amount.shapeBytes += bytes;
  else if (type === 'array' && role === storage) amount.storageBytes += bytes;
  // Functions are compiled once, however many closures are made of them.
  else if (type !== 'code') amount.bytes += bytes;
  amount.listeners += role === entry && isTargetListener(view, node) ? 0 : listenersAt(view, node);
  const kind = getOrCreate(amount.kinds, `${type} ${kindName(view, node)}`, () => ({
    count: 0,
    bytes: 0,
    entries: 0,
    example: node,
  }));
  kind.count += 1;
  kind.bytes += bytes;
  if (role === entry) kind.entries += 1;
}

/**
 * Strings are of one kind whatever their text; closures are distinguished by where they were written. Those that are
 * compiled when they are wanted, by `new Function` say, have a script each, without a url.
 */
function kindName(view: HeapView, node: number): number | string {
  const type = view.typeOf(node);
  if (type === 'string' || type === 'number') return '';
  const place = type === 'closure' ? view.graph.locationOf(node) : undefined;
  if (place === undefined) return view.graph.nodeName[node]!;
  const script = view.scriptOf(node) === '' ? view.nameOf(node) : place.scriptId;
  return `${script}:${place.line}:${place.column}`;
}

function mergeLabels(view: HeapView, owner: number, amounts: Map<number, HeldAmount>): Map<string, HeldAmount> {
  const merged = new Map<string, HeldAmount>();
  const many = isNative(view, owner) || (amounts.size > labelsMax && !view.isContext(owner));
  for (const [labelled, amount] of amounts) {
    const label = many ? anyKey : labelOf(view, labelled);
    const present = merged.get(label);
    if (present === undefined) merged.set(label, amount);
    else addAmount(present, amount);
  }
  return merged;
}

function labelOf({ graph }: HeapView, labelled: number): string {
  const type = graph.edgeTypes[labelled % 8];
  if (type === 'element' || type === 'hidden') return anyKey;
  const label = graph.string(Math.floor(labelled / 8));
  // A variable or a property of the code may have the same name.
  return type === 'internal' && storageLabels.has(label) ? anyKey : label;
}

export function addAmount(into: HeldAmount, amount: HeldAmount): void {
  into.bytes += amount.bytes;
  into.storageBytes += amount.storageBytes;
  into.shapeBytes += amount.shapeBytes;
  into.offHeapBytes += amount.offHeapBytes;
  into.listeners += amount.listeners;
  for (const [key, kind] of amount.kinds) {
    const present = into.kinds.get(key);
    if (present === undefined) into.kinds.set(key, kind);
    else {
      present.count += kind.count;
      present.bytes += kind.bytes;
      present.entries += kind.entries;
    }
  }
}
