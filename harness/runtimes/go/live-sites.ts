import { basename } from 'node:path';
import type { LiveSite } from '../../model/runtime.js';
import { type GoFrame, type OwnCode, toStackFrame } from './own-code.js';
import type { Goroutine, HeapProfile, HeapRecord } from './profile-text.js';

/** What each of these makes holds one descriptor, a file's or a connection's. */
const descriptorMaker = /^(os\.newFile|net\.newFD)$/;

/** Live allocations of a heap profile by stack. Of those that hold a descriptor one a descriptor counts. */
export function heapSites({ records }: HeapProfile, own: OwnCode): LiveSite[] {
  const makers = new Set<string>();
  return records.map((record) => {
    const { objects, bytes, stack } = record;
    const live = { heapUsed: bytes, heapObjects: objects };
    const site = {
      key: `heap ${keyOf(stack)}`,
      count: objects,
      stack: stack.map((frame) => toStackFrame(frame, own)),
    };
    if (!isFirstOfDescriptor(record, makers))
      return { ...site, live, kind: 'allocation-site', what: `objects of ${Math.round(bytes / objects)} B` };
    return { ...site, live: { ...live, fds: objects }, kind: 'fd', what: 'open files and connections' };
  });
}

/** Such a function makes several objects for one descriptor; its callers tell them from those of other descriptors. */
function isFirstOfDescriptor({ stack }: HeapRecord, makers: Set<string>): boolean {
  const [maker, ...callers] = stack;
  if (maker === undefined || !descriptorMaker.test(maker.function)) return false;
  const key = keyOf(callers);
  if (makers.has(key)) return false;
  makers.add(key);
  return true;
}

/** Live goroutines by where they were started and where they wait. */
export function goroutineSites(goroutines: readonly Goroutine[], own: OwnCode): LiveSite[] {
  const groups = new Map<string, { readonly first: Goroutine; count: number }>();
  for (const goroutine of goroutines) {
    const { createdBy, stack, ancestors } = goroutine;
    const key = `goroutines ${keyOf([...(createdBy ? [createdBy] : []), ...stack, ...ancestors])}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: goroutine, count: 1 });
    else group.count += 1;
  }
  return Array.from(groups, ([key, { first, count }]) => ({
    key,
    live: { goroutines: count },
    count,
    kind: 'thread',
    what: describe(first, own),
    stack: origin(first, own).map((frame) => toStackFrame(frame, own)),
  }));
}

/**
 * Where a goroutine comes from: its `go` statement when that is the user's; else, of one that runs the user's code,
 * where it is (a handler that a server called); else what its ancestors did (a connection that a request opened).
 */
function origin({ createdBy, stack, ancestors }: Goroutine, own: OwnCode): GoFrame[] {
  const creation = createdBy === undefined ? [] : [createdBy];
  const hasOwn = (frames: readonly GoFrame[]) => frames.some((frame) => toStackFrame(frame, own).isOwn);
  if (hasOwn(creation)) return [...creation, ...ancestors.slice(1)];
  return hasOwn(stack) ? [...stack, ...creation] : [...creation, ...ancestors];
}

function describe({ state, stack }: Goroutine, own: OwnCode): string {
  const waiting = state.replace(' (leaked)', '');
  const frame = stack.find((candidate) => toStackFrame(candidate, own).isOwn);
  const where =
    frame === undefined ? `in ${stack[0]?.function ?? 'Go itself'}` : `at ${basename(frame.file)}:${frame.line}`;
  const forever = waiting === state ? '' : ' that nothing can wake any more';
  return `goroutines${forever} (${waiting} ${where})`;
}

function keyOf(stack: readonly GoFrame[]): string {
  return stack.map(({ function: name, line }) => `${name}:${line}`).join(' < ');
}
