import { describeGroup, type Group, type HolderGroup } from './holder-group.js';
import { element, type LargeArray } from './object-graph.js';

/** Arrays that hold their entries themselves, and are made anew when they are full: of numbers, of text, of references. */
export interface Room {
  readonly held: HolderGroup;
  /** Of the array, as a class histogram has it. */
  readonly type: string;
  readonly arrays: number;
  readonly bytes: number;
  /** Of the largest. */
  readonly elements: number;
}

/** A map of numbers has an array for its keys and one for its values, in each of its parts. */
const arraysMax = 64;

/** @param groupAt how an object is held */
export function findRooms(arrays: readonly LargeArray[], groupAt: (node: number) => Group | undefined): Room[] {
  const byGroup = new Map<Group, LargeArray[]>();
  for (const array of arrays) {
    const group = groupAt(array.node);
    if (group === undefined || holdsEntries(group, array)) continue;
    byGroup.set(group, [...(byGroup.get(group) ?? []), array]);
  }
  return [...byGroup]
    .filter(([, own]) => own.length <= arraysMax)
    .map(([group, own]) => ({
      held: describeGroup(group),
      type: group.type,
      arrays: own.length,
      bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
      elements: Math.max(...own.map(({ elements }) => elements)),
    }));
}

/** Where a quarter of the references of an array and more lead to objects that it alone holds, those objects are what grows. */
function holdsEntries({ children, count }: Group, { elements }: LargeArray): boolean {
  return (children.get(element)?.count ?? 0) / count > elements / 4;
}
