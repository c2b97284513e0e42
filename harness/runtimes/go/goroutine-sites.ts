import { basename } from 'node:path';
import type { LiveSite } from '../../model/runtime.js';
import { type GoFrame, keyOf, type OwnCode, toStackFrame } from './own-code.js';
import type { Goroutine } from './profile-text.js';

/** Goroutines that were started in the same way and wait at the same place. */
export interface GoroutineGroup {
  readonly key: string;
  readonly first: Goroutine;
  count: number;
}

export function groupGoroutines(goroutines: readonly Goroutine[]): GoroutineGroup[] {
  const groups = new Map<string, GoroutineGroup>();
  for (const goroutine of goroutines) {
    const key = keyOf(lineage(goroutine));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { key, first: goroutine, count: 1 });
    else group.count += 1;
  }
  return [...groups.values()];
}

/**
 * Live goroutines by where they were started and where they wait.
 * @param descriptorBytes what the runtime keeps in the heap for each
 */
export function goroutineSites(groups: readonly GoroutineGroup[], own: OwnCode, descriptorBytes: number): LiveSite[] {
  const byOrigin = new Map<string, { readonly largest: GoroutineGroup; readonly count: number }>();
  for (const group of groups) {
    // Those of one `go` statement wait at several places while they are under way: together they grow steadily.
    const key = keyOf(origin(group.first, own));
    const known = byOrigin.get(key);
    const largest = known !== undefined && known.largest.count >= group.count ? known.largest : group;
    byOrigin.set(key, { largest, count: (known?.count ?? 0) + group.count });
  }
  return Array.from(byOrigin, ([key, { largest, count }]) => ({
    key: `goroutines ${key}`,
    live: { goroutines: count, heapUsed: count * descriptorBytes, heapObjects: count },
    count,
    kind: 'thread',
    what: describe(largest.first, own),
    stack: origin(largest.first, own).map((frame) => toStackFrame(frame, own)),
  }));
}

/** From where a goroutine is, through where it was started, to what those before it did. */
export function lineage({ stack, createdBy, ancestors }: Goroutine): GoFrame[] {
  return [...stack, ...(createdBy === undefined ? [] : [createdBy]), ...ancestors];
}

/**
 * Where a goroutine comes from: its `go` statement when that is the user's; else, of one that runs the user's code,
 * where it is (a handler that a server called); else what its ancestors did (a connection that a request opened).
 */
function origin(goroutine: Goroutine, own: OwnCode): GoFrame[] {
  const { createdBy, stack, ancestors } = goroutine;
  const isOwn = (frame: GoFrame) => toStackFrame(frame, own).isOwn;
  // The first frame of the ancestors is that of the `go` statement once more.
  if (createdBy !== undefined && isOwn(createdBy)) return [createdBy, ...ancestors.slice(1)];
  return stack.some(isOwn) ? lineage(goroutine) : lineage({ ...goroutine, stack: [] });
}

function describe({ state, stack }: Goroutine, own: OwnCode): string {
  const waiting = state.replace(' (leaked)', '');
  const frame = stack.find((candidate) => toStackFrame(candidate, own).isOwn);
  const where =
    frame === undefined ? `in ${stack[0]?.function ?? 'Go itself'}` : `at ${basename(frame.file)}:${frame.line}`;
  const forever = waiting === state ? '' : ' that nothing can wake any more';
  return `goroutines${forever} (${waiting} ${where})`;
}
