import { hasLimitWord, isLimit, isMeasureOf } from '../../model/limit-words.js';
import type { HeapView } from './heap-view.js';
import type { HeldAmount } from './holder-growth.js';
import { type Heap, type NumberBeside, numbersBeside, wordsForHolder } from './numbers-beside.js';

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
    const numbersBefore = nodeBefore === undefined ? undefined : numbersAround(before, nodeBefore);
    if (numbersBefore === undefined || numbersBefore.size === 0) return holder;
    const entries = Math.max(0, ...[...holder.amount.kinds.values()].map((kind) => kind.entries));
    const called = wordsForHolder(after, holder.owner, holder.label);
    return { ...holder, capacity: capacityOf(numbersBefore, numbersAround(after, holder.owner), entries, called) };
  });
}

function nodesById({ graph: { nodeId, nodeCount } }: HeapView, wanted: ReadonlySet<number>): Map<number, number> {
  const nodes = new Map<number, number>();
  for (let node = 0; node < nodeCount; node += 1) if (wanted.has(nodeId[node]!)) nodes.set(nodeId[node]!, node);
  return nodes;
}

/** Numbers beside a holder, by the id of the object or of the context that has them. */
type Numbers = ReadonlyMap<string, NumberBeside>;

function numbersAround(heap: Heap, holder: number): Numbers {
  const { nodeId } = heap.view.graph;
  const numbers = new Map<string, NumberBeside>();
  for (const number of numbersBeside(heap, holder)) numbers.set(`${nodeId[number.node]!} ${number.shown}`, number);
  const slots = slotsWithRoom(heap.view, holder);
  if (slots !== undefined)
    numbers.set(`${nodeId[holder]!} length`, {
      node: holder,
      name: 'length',
      shown: 'length',
      value: slots,
      isNear: true,
      isCompared: true,
    });
  return numbers;
}

interface SharedNumber extends NumberBeside {
  /** By how much it is more than before. */
  readonly grown: number;
}

/** The smallest limit that stayed as it was while the holder grew, and that it had not reached. */
function capacityOf(
  before: Numbers,
  after: Numbers,
  entries: number,
  called: ReadonlySet<string>,
): Capacity | undefined {
  const shared = [...after].flatMap(([key, number]): SharedNumber[] => {
    const valueBefore = before.get(key)?.value;
    return valueBefore === undefined ? [] : [{ ...number, grown: number.value - valueBefore }];
  });
  const totals = shared.filter(({ value, grown }) => grown > 0 && value > 0);
  const limits = shared.flatMap((limit): Capacity[] => {
    if (limit.grown !== 0) return [];
    const total = totalOf(limit, totals);
    if (!isLimit(limit, called) && total === undefined) return [];
    const perEntry = total === undefined ? 1 : Math.max(1, total.grown / Math.max(1, entries));
    return [{ name: limit.shown, entries: Math.floor(limit.value / perEntry) }];
  });
  return limits.filter((limit) => limit.entries > entries).sort((a, b) => a.entries - b.entries)[0];
}

/**
 * The sum that a limit is of, where entries have sizes: `calculatedSize` of `maxSize`, `totalBytes` of `maxBytes`. It grows with
 * the entries, and its code calls it by the same word.
 */
function totalOf(limit: NumberBeside, totals: readonly SharedNumber[]): SharedNumber | undefined {
  if (!limit.isNear || !hasLimitWord(limit.name)) return undefined;
  return totals
    .filter(({ node, name, value }) => node === limit.node && value < limit.value && isMeasureOf(name, limit.name))
    .sort((a, b) => b.grown - a.grown)[0];
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
