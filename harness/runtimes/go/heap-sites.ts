import type { LiveSite, StackFrame } from '../../model/runtime.js';
import { type GoroutineGroup, lineage } from './goroutine-sites.js';
import { type GoFrame, keyOf, type OwnCode, toStackFrame } from './own-code.js';
import type { HeapProfile, HeapRecord } from './profile-text.js';

/** What each of these makes holds one descriptor, a file's or a connection's. */
const descriptorMaker = /^(os\.newFile|net\.newFD)$/;
/** Makes the runtime's own record of a goroutine. */
const goroutineMaker = 'runtime.malg';
/** Keeps stacks of ancestors, which is done for plateau. */
const ancestorKeeper = 'runtime.saveAncestors';

/** Live allocations of a heap profile by stack. Of those that hold a descriptor one a descriptor counts. */
export function heapSites({ records }: HeapProfile, groups: readonly GoroutineGroup[], own: OwnCode): LiveSite[] {
  const makers = new Set<string>();
  const starts = new StartedBy(groups, own);
  return Array.from(mergeByPlace(records), ([place, record]) => ({ place, record })).flatMap(
    ({ place, record }): LiveSite[] => {
      const { objects, bytes, stack } = record;
      if (objects === 0 || comesFrom(record, goroutineMaker, ancestorKeeper)) return [];
      const live = { heapUsed: bytes, heapObjects: objects };
      const { frames, isStartOnly } = starts.extend(stack);
      const site = { key: `heap ${place}`, count: objects, stack: frames };
      return isFirstOfDescriptor(stack, makers)
        ? [{ ...site, live: { ...live, fds: objects }, kind: 'fd', what: 'open files and connections' }]
        : [
            {
              ...site,
              live,
              kind: 'allocation-site',
              what: 'objects',
              ...(isRoom(record) && { isRoom: true }),
              ...(isStartOnly && { isUnspecific: true }),
            },
          ];
    },
  );
}

/** A table of a map has at most 1,024 places: a map of half a million entries has so many of them. */
const tablesMax = 1_024;
const tableBytesMin = 1_024;
/** A full table of a map becomes two, and what was half as many is given back; the array of a slice is made anew each time. */
const growthsMin = 1.5;

/** Tables of a map, or the array of a slice: few, large, and made anew whenever they are full. */
function isRoom({ objects, bytes, made }: HeapRecord): boolean {
  return objects <= tablesMax && bytes >= tableBytesMin * objects && made >= growthsMin * objects;
}

/** Bytes in the heap for each goroutine, apart from its stack. */
export function goroutineBytes({ records }: HeapProfile): number {
  const made = records.filter((record) => comesFrom(record, goroutineMaker));
  const objects = made.reduce((sum, record) => sum + record.objects, 0);
  return objects === 0 ? 0 : made.reduce((sum, { bytes }) => sum + bytes, 0) / objects;
}

function comesFrom({ stack }: HeapRecord, ...names: readonly string[]): boolean {
  return stack.some(({ function: name }) => names.includes(name));
}

/**
 * A place has a record for each size of what it makes. An entry of a map and the map's tables are made at one line by two
 * instructions, and apart: entries come one by one, tables double.
 */
function mergeByPlace(records: readonly HeapRecord[]): Map<string, HeapRecord> {
  const merged = new Map<string, HeapRecord>();
  for (const record of records) {
    const key = `${record.address} ${keyOf(record.stack)}`;
    const { objects, bytes, made } = merged.get(key) ?? { objects: 0, bytes: 0, made: 0 };
    merged.set(key, {
      ...record,
      objects: objects + record.objects,
      bytes: bytes + record.bytes,
      made: made + record.made,
    });
  }
  return merged;
}

/** Such a function makes several objects for one descriptor; its callers distinguish them from those of other descriptors. */
function isFirstOfDescriptor([maker, ...callers]: readonly GoFrame[], makers: Set<string>): boolean {
  if (maker === undefined || !descriptorMaker.test(maker.function)) return false;
  const key = keyOf(callers);
  if (makers.has(key)) return false;
  makers.add(key);
  return true;
}

/** Knows, of the goroutines of a library, what in the user's code led to them. */
class StartedBy {
  /** By function: what most of the live goroutines that went through it did before. */
  private readonly before = new Map<string, { readonly frames: readonly GoFrame[]; readonly count: number }>();

  constructor(
    groups: readonly GoroutineGroup[],
    private readonly own: OwnCode,
  ) {
    for (const { first, count } of groups) {
      const frames = lineage(first);
      for (const [index, { function: name }] of frames.entries())
        if (count > (this.before.get(name)?.count ?? 0))
          this.before.set(name, { frames: frames.slice(index + 1), count });
    }
  }

  /**
   * The stack of an allocation; where none of it is the user's, with what led to its goroutine. Of a server that is the line
   * that serves, whatever a request leaves behind.
   */
  extend(stack: readonly GoFrame[]): { readonly frames: StackFrame[]; readonly isStartOnly: boolean } {
    const toFrames = (frames: readonly GoFrame[]) => frames.map((frame) => toStackFrame(frame, this.own));
    const frames = toFrames(stack);
    const entry = stack.at(-1);
    const isOwn = frames.some((frame) => frame.isOwn);
    if (entry === undefined || isOwn) return { frames, isStartOnly: false };
    return { frames: [...frames, ...toFrames(this.before.get(entry.function)?.frames ?? [])], isStartOnly: true };
  }
}
