import type { HeapView } from './heap-view.js';
import type { HeldAmount } from './holder-growth.js';
import type { RetainingTree } from './retaining-tree.js';

/** A number beside a collection by which its code says how many entries it may hold. */
export interface Capacity {
  /** As the code calls it: `#max`, `options.maxSize`. */
  readonly name: string;
  readonly entries: number;
}

export interface Heap {
  readonly view: HeapView;
  readonly tree: RetainingTree;
}

interface Grown {
  readonly owner: number;
  readonly label: string | undefined;
  readonly amount: HeldAmount;
}

/** What has grown between two heaps, each with how many entries it may hold where that is to be read beside it. */
export function withCapacities<Holder extends Grown>(
  holders: readonly Holder[],
  after: Heap,
  before: Heap,
): (Holder & { readonly capacity?: Capacity | undefined })[] {
  const idOf = ({ owner }: Holder) => after.view.graph.nodeId[owner]!;
  const nodesBefore = nodesById(before.view, new Set(holders.map(idOf)));
  return holders.map((holder) => {
    const nodeBefore = nodesBefore.get(idOf(holder));
    const limits = nodeBefore === undefined ? undefined : limitsAround(before, nodeBefore, holder.label);
    if (limits === undefined || limits.size === 0) return holder;
    const entries = Math.max(0, ...[...holder.amount.kinds.values()].map((kind) => kind.entries));
    return { ...holder, capacity: capacityOf(limits, limitsAround(after, holder.owner, holder.label), entries) };
  });
}

function nodesById({ graph: { nodeId, nodeCount } }: HeapView, wanted: ReadonlySet<number>): Map<number, number> {
  const nodes = new Map<number, number>();
  for (let node = 0; node < nodeCount; node += 1) if (wanted.has(nodeId[node]!)) nodes.set(nodeId[node]!, node);
  return nodes;
}

/** Numbers that are called limits, by the id of the object or of the context that has them. */
type Limits = ReadonlyMap<string, Capacity>;

/** One of these must be in the name, the others may be; what else it says must be what the holder is called. */
const limitWords: ReadonlySet<string> = new Set(['max', 'maximum', 'limit', 'capacity', 'cap']);
const measureWords: ReadonlySet<string> = new Set(['size', 'length', 'count', 'number', 'total', 'of']);
const entryWords: ReadonlySet<string> = new Set(['entries', 'items', 'keys', 'elements', 'records', 'cache', 'lru']);
/** Without a word for a limit, this is one all the same, if it stays as it is while the holder grows. */
const sizeWord = 'size';
const optionsName = /^[#_]*(options|opts|config|settings|params)$/i;

/**
 * Limits of the collections around a holder: fields of the holder itself, of the object that owns it and of its options,
 * and variables that their code sees. What all of a module sees must be named after the entries.
 * @param label variable or property of the holder that the growth hangs on
 */
function limitsAround({ view, tree }: Heap, holder: number, label: string | undefined): Limits {
  const owner = ownerOf(view, tree.parentNode, holder);
  const up = owner < 0 ? -1 : tree.parentEdge[holder]!;
  const called = new Set([...wordsOf(label ?? ''), ...(up < 0 ? [] : wordsOf(view.edgeLabel(up)))]);
  const limits = new Map<string, Capacity>();
  for (const node of owner < 0 ? [holder] : [holder, owner]) {
    if (!view.isContext(node)) addLimits(limits, view, node, { called, isNear: true });
    for (const context of view.contextsFrom(view.isContext(node) ? node : contextOfClass(view, node)))
      addLimits(limits, view, context, { called, isNear: view.isWithinFunction(context) });
  }
  const slots = slotsWithRoom(view, holder);
  if (slots !== undefined) limits.set(`${view.graph.nodeId[holder]!} length`, { name: 'length', entries: slots });
  return limits;
}

/** Variables that the methods of an object's class see; -1 where it has none. */
function contextOfClass(view: HeapView, node: number): number {
  const prototype = view.property(node, '__proto__');
  if (prototype < 0) return -1;
  for (const { to } of fieldsOf(view, prototype))
    if (view.typeOf(to) === 'closure' && view.scriptOf(to) !== '') return view.internal(to, 'context');
  return -1;
}

/** The smallest limit that stayed as it was while the holder grew, and that it had not reached. */
function capacityOf(before: Limits, after: Limits, entries: number): Capacity | undefined {
  const steady = [...after].flatMap(([key, limit]) => (before.get(key)?.entries === limit.entries ? [limit] : []));
  return steady.filter((limit) => limit.entries > entries).sort((a, b) => a.entries - b.entries)[0];
}

/** What has the holder as a field or a variable, past what V8 stores fields in. */
function ownerOf(view: HeapView, parentNode: Int32Array, holder: number): number {
  let node = parentNode[holder]!;
  while (node >= 0 && !view.isContext(node) && view.typeOf(node) !== 'object') {
    if (view.typeOf(node) !== 'array') return -1;
    node = parentNode[node]!;
  }
  return node;
}

/** An array that grows by its entries has at most half as much room again, plus some slots. */
const roomMin = 2;
const slotsMin = 64;
const slotBytes = 8;
const headerBytes = 16;

/** Slots of an array that was made with all that it will have, and uses few of them; `undefined` of others. */
function slotsWithRoom(view: HeapView, holder: number): number | undefined {
  const storage =
    view.typeOf(holder) === 'object' && view.nameOf(holder) === 'Array' ? view.internal(holder, 'elements') : -1;
  if (storage < 0) return undefined;
  const { firstEdge, edgeTo, selfSize } = view.graph;
  const slots = (selfSize[storage]! - headerBytes) / slotBytes;
  let used = 0;
  for (let edge = firstEdge[holder]!; edge < firstEdge[holder + 1]!; edge += 1)
    if (view.edgeTypeOf(edge) === 'element' && view.typeOf(edgeTo[edge]!) !== 'hidden') used += 1;
  return slots >= slotsMin && slots >= roomMin * used ? slots : undefined;
}

interface Naming {
  readonly called: ReadonlySet<string>;
  /** Beside the holder, so that a name without entries in it is of the holder all the same. */
  readonly isNear: boolean;
}

function addLimits(limits: Map<string, Capacity>, view: HeapView, node: number, naming: Naming): void {
  for (const { name, to } of fieldsOf(view, node)) {
    addLimit(limits, view, { node, name, shown: name, to }, naming);
    if (!naming.isNear || !optionsName.test(name) || view.typeOf(to) !== 'object') continue;
    for (const option of fieldsOf(view, to))
      addLimit(limits, view, { node: to, name: option.name, shown: `${name}.${option.name}`, to: option.to }, naming);
  }
}

interface Field {
  readonly node: number;
  readonly name: string;
  readonly shown: string;
  readonly to: number;
}

function addLimit(
  limits: Map<string, Capacity>,
  view: HeapView,
  { node, name, shown, to }: Field,
  naming: Naming,
): void {
  if (view.typeOf(to) !== 'number' || !isLimit(name, naming)) return;
  const entries = view.numberOf(to);
  if (entries === undefined || !Number.isSafeInteger(entries) || entries <= 0) return;
  limits.set(`${view.graph.nodeId[node]!} ${name}`, { name: shown, entries });
}

function* fieldsOf(view: HeapView, node: number): Generator<{ readonly name: string; readonly to: number }> {
  const { firstEdge, edgeTo } = view.graph;
  for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge += 1) {
    const type = view.edgeTypeOf(edge);
    if (type !== 'property' && type !== 'context') continue;
    const label = view.edgeLabel(edge);
    yield { name: label.startsWith('<symbol ') ? label.slice('<symbol '.length, -1) : label, to: edgeTo[edge]! };
  }
}

/** Whether a number of this name limits how many entries a holder of that name has: `max`, `MAX_SESSIONS`, `#maxSize`. */
function isLimit(name: string, { called, isNear }: Naming): boolean {
  const words = wordsOf(name);
  const isOfEntries = words.some((word) => entryWords.has(word) || called.has(word));
  if (!isNear && !isOfEntries) return false;
  const known = (word: string) =>
    limitWords.has(word) || measureWords.has(word) || entryWords.has(word) || called.has(word);
  return words.every(known) && words.some((word) => limitWords.has(word) || word === sizeWord);
}

/** `MAX_SESSIONS`, `maxSessions` and `#max_sessions` are the words `max` and `sessions`. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '');
}
