import type { Capacity } from './capacity.js';
import type { Expiry } from './expiry.js';
import type { ClosurePlace, HeapView } from './heap-view.js';
import { addAmount, type HeldAmount, tableBytesOf } from './holder-growth.js';
import type { RetainingPath, RetainingPaths } from './retaining-path.js';

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
  /** How many entries its code lets it hold, where that is to be read beside it and is more than it has come to. */
  readonly capacity?: Capacity;
  /** What names a time after which its entries may go. */
  readonly expiry?: Expiry;
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

const holdersMax = 30;
const kindsMax = 12;
const entryKindsMax = 4;

/** What one holder has more of, by one of its variables or properties, or by all. */
export interface Candidate {
  readonly owner: number;
  readonly label: string | undefined;
  readonly amount: HeldAmount;
  readonly capacity?: Capacity | undefined;
  readonly expiry?: Expiry | undefined;
}

export function sizeOf({ bytes, storageBytes, offHeapBytes }: HeldAmount): number {
  return bytes + storageBytes + offHeapBytes;
}

interface Joined {
  readonly path: RetainingPath;
  readonly ids: number[];
  readonly amount: HeldAmount;
  tableBytes: number;
  capacity: Capacity | undefined;
  expiry: Expiry | undefined;
}

/** Holders that are reached in the same way, one for each tenant say, are one. */
export function joinByPath(candidates: readonly Candidate[], view: HeapView, paths: RetainingPaths): HolderGrowth[] {
  const joined = new Map<string, Joined>();
  for (const { owner, label, amount, capacity, expiry } of candidates) {
    const path = paths.describe(owner, label);
    const key = `${path.script} ${path.steps.join(' ')}`;
    const present = joined.get(key);
    const id = view.graph.nodeId[owner]!;
    const tableBytes = tableBytesOf(view, owner, label);
    if (present === undefined) joined.set(key, { path, ids: [id], amount, tableBytes, capacity, expiry });
    else {
      present.ids.push(id);
      // Together, many that are limited have no limit that was read.
      present.capacity = undefined;
      // What one of them keeps for good is kept for good.
      if (expiry === undefined) present.expiry = undefined;
      present.tableBytes += tableBytes;
      addAmount(present.amount, amount);
    }
  }
  return [...joined.values()]
    .sort((a, b) => sizeOf(b.amount) - sizeOf(a.amount))
    .slice(0, holdersMax)
    .map(({ path, ids, amount, tableBytes, capacity, expiry }) => ({
      ids,
      path,
      tableBytes,
      bytes: amount.bytes + steadyShapeBytes(view, amount),
      storageBytes: amount.storageBytes,
      offHeapBytes: amount.offHeapBytes,
      classes: countByClass(view, amount),
      listeners: Math.max(0, amount.listeners),
      kinds: grownKinds(view, amount),
      ...(capacity !== undefined && { capacity }),
      ...(expiry !== undefined && { expiry }),
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
  const maker = view.makerOf(node);
  return maker < 0 ? name : view.nameOf(maker) || name;
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
