import { isLimit } from '../../model/limit-words.js';
import type { HeapView } from './heap-view.js';
import type { HeldAmount } from './holder-growth.js';
import { type Heap, numbersBeside, wordsForHolder } from './numbers-beside.js';

/** A number beside a collection by which its code says how many entries it may hold. */
export interface Capacity {
  /** As the code calls it: `#max`, `options.maxSize`. */
  readonly name: string;
  readonly entries: number;
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

/**
 * Limits of a holder among the numbers beside it. What all of a module sees must be named after the entries.
 * @param label variable or property of the holder that the growth hangs on
 */
function limitsAround(heap: Heap, holder: number, label: string | undefined): Limits {
  const { nodeId } = heap.view.graph;
  const called = wordsForHolder(heap, holder, label);
  const limits = new Map<string, Capacity>();
  for (const number of numbersBeside(heap, holder))
    if (isLimit(number, called))
      limits.set(`${nodeId[number.node]!} ${number.name}`, { name: number.shown, entries: number.value });
  const slots = slotsWithRoom(heap.view, holder);
  if (slots !== undefined) limits.set(`${nodeId[holder]!} length`, { name: 'length', entries: slots });
  return limits;
}

/** The smallest limit that stayed as it was while the holder grew, and that it had not reached. */
function capacityOf(before: Limits, after: Limits, entries: number): Capacity | undefined {
  const steady = [...after].flatMap(([key, limit]) => (before.get(key)?.entries === limit.entries ? [limit] : []));
  return steady.filter((limit) => limit.entries > entries).sort((a, b) => a.entries - b.entries)[0];
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
