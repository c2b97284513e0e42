import type { LiveSite } from '../../model/runtime.js';
import type { ClassCount, ClassHistogram } from './class-histogram.js';
import type { Recorded } from './flight-recorder/allocation-samples.js';
import type { HolderGroup } from './heap-dump/holder-group.js';
import type { Room } from './heap-dump/rooms.js';
import { readableClass } from './java-names.js';
import { withoutConstructors } from './live-sites.js';
import type { SourceFiles } from './source-files.js';

/** All live objects by class, and of them the arrays that hold their entries themselves. */
export interface Counted {
  readonly objects: ClassHistogram;
  readonly rooms: readonly Room[];
}

export function holderKey({ path }: Pick<HolderGroup, 'path'>): string {
  return path.join(' > ');
}

/** Between two moments at which a room is made anew nothing comes; it is booked apart from what comes one by one. */
export function apartFromRooms({ objects, rooms }: Counted): ClassHistogram {
  const classes = new Map<string, ClassCount>(objects.classes);
  for (const { type, arrays, bytes } of rooms) {
    const all = classes.get(type);
    if (all === undefined) continue;
    classes.set(type, { instances: all.instances - arrays, bytes: all.bytes - bytes });
  }
  return { ...objects, classes };
}

/**
 * Rooms by what holds them, with the line that made the largest of each. One that was neither made nor enlarged while the
 * recorder ran was there before: an index of a program file, a table of a compiler.
 */
export function roomSites(
  { rooms }: Counted,
  before: Counted | undefined,
  { samples }: Recorded,
  files: SourceFiles,
): LiveSite[] {
  const bytesBefore = new Map((before?.rooms ?? rooms).map(({ held, bytes }) => [holderKey(held), bytes]));
  return rooms.flatMap(({ held, type, arrays, bytes, elements }): LiveSite[] => {
    const made = samples.findLast(({ className, size }) => className === type && size === elements);
    if (made === undefined && bytes <= (bytesBefore.get(holderKey(held)) ?? 0)) return [];
    const site: LiveSite = {
      key: `room ${holderKey(held)}`,
      live: { heapUsed: bytes },
      count: arrays,
      kind: 'allocation-site',
      what: `objects of ${readableClass(type)}`,
      type,
      heldBy: holderKey(held),
      isRoom: true,
      stack: withoutConstructors((made?.stack ?? []).map((frame) => files.toStackFrame(frame))),
    };
    return [site];
  });
}
