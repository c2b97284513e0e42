import type { HolderNumber } from '../../../model/runtime.js';
import { isPlatformClass } from '../java-names.js';
import type { Field } from './layout.js';
import type { NamedNumber } from './numbers-by-node.js';

/** Objects that are reached in the same way, indexes left out, and how many there are. */
export interface HolderGroup {
  /** From a root: a class and its static field or a thread, then fields, `[]` for an element of an array. */
  readonly path: readonly string[];
  /** Steps of the path that name the holder; those behind are inside the platform's collections. */
  readonly namedSteps: number;
  /** Steps of the path to the next group further out of which there are many; 0 where there is none. */
  readonly outerSteps: number;
  readonly root: HolderRoot;
  /** Fields of the named steps that neither the platform nor its collections declare, outermost first. */
  readonly fields: readonly Field[];
  /** The way to the last of these goes through objects of the platform that are no collections: threads, servers, cleaners. */
  readonly isRoundabout: boolean;
  readonly entries: number;
  /** Class of what is held, as a class histogram has it. */
  readonly type: string;
  /** Objects that hang on the entries, by their class. */
  readonly contents: ReadonlyMap<string, number>;
  /** Numbers beside it that are called limits. */
  readonly numbers?: readonly HolderNumber[];
}

export type HolderRoot =
  | { readonly kind: 'static'; readonly className: string; readonly field: string }
  | { readonly kind: 'thread'; readonly name: string }
  | { readonly kind: 'other' };

/** Whose field a step is; elements of arrays are the collections'. */
export type Declarer = 'own' | 'platform' | 'collection';

export interface Group {
  readonly parent: Group | undefined;
  readonly step: string;
  readonly depth: number;
  readonly declaredBy: Declarer;
  /** Absent for a root. */
  readonly field: Field | undefined;
  readonly root: HolderRoot;
  /** One parent has many of it: elements of an array, links of a chain. */
  isMany: boolean;
  count: number;
  /** The object that came first, and its class. */
  readonly node: number;
  type: string;
  readonly children: Map<string, Group>;
}

/** Fields by which the platform's collections hold what was put into them. */
const contentFields = new Set(['value', 'val', 'item', 'element', 'key']);

/** What is said of a group of objects that are held in the same way. */
export function describeGroup(group: Group): HolderGroup {
  const steps = stepsOf(group);
  return {
    path: steps.map(({ step }) => step),
    namedSteps: namedSteps(steps),
    outerSteps: steps.slice(0, -1).findLastIndex(({ isMany }) => isMany) + 1,
    root: group.root,
    fields: steps.flatMap(({ declaredBy, field }) => (declaredBy === 'own' && field !== undefined ? [field] : [])),
    isRoundabout: steps.slice(0, Math.max(0, lastOwnStep(steps))).some(({ declaredBy }) => declaredBy === 'platform'),
    entries: group.count,
    type: contentOf(group),
    contents: contentsOf(group),
  };
}

/** What is reached through the entries, those of collections among it too. */
function contentsOf(group: Group): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const groups = [group];
  for (let below = groups.pop(); below !== undefined; below = groups.pop()) {
    counts.set(below.type, (counts.get(below.type) ?? 0) + below.count);
    groups.push(...below.children.values());
  }
  return counts;
}

interface Limits {
  limitsAt(node: number): readonly NamedNumber[];
  limitsOfClass(className: string): readonly NamedNumber[];
}

/**
 * Numbers that may limit a group: of the collection that it is in, as far out as the user's own field leads, and of the one
 * object that has this field, or of the class where the field is static.
 */
export function limitsBeside(group: Group, limits: Limits): HolderNumber[] {
  const nearOf = (holder: Group) =>
    holder.count > 1 ? [] : limits.limitsAt(holder.node).map((number) => ({ ...number, isNear: true }));
  const steps = stepsOf(group).reverse();
  const own = steps.findIndex(({ declaredBy }) => declaredBy === 'own');
  if (own < 0) return [];
  const around = steps.slice(1, own + 2).flatMap(nearOf);
  const { root } = group;
  if (own + 1 < steps.length || root.kind !== 'static') return around;
  return [...around, ...limits.limitsOfClass(root.className).map((number) => ({ ...number, isNear: false }))];
}

/** -1 where there is none. */
function lastOwnStep(steps: readonly Group[]): number {
  return steps.findLastIndex(({ declaredBy }) => declaredBy === 'own');
}

export function stepsOf(group: Group): Group[] {
  const steps: Group[] = [];
  for (let step: Group | undefined = group; step !== undefined; step = step.parent) steps.unshift(step);
  return steps;
}

function namedSteps(steps: readonly Group[]): number {
  const own = lastOwnStep(steps);
  return (
    1 +
    (own >= 0
      ? own
      : Math.max(
          0,
          steps.findLastIndex(({ declaredBy }) => declaredBy === 'platform'),
        ))
  );
}

/** Of the node of a map its value: that is what the user put in. */
function contentOf(group: Group): string {
  if (!isPlatformClass(group.type)) return group.type;
  const contents = [...group.children.values()].filter(({ step }) => contentFields.has(step));
  const own = contents.find(({ type }) => !isPlatformClass(type));
  return own?.type ?? contents.find(({ step }) => step !== 'key')?.type ?? group.type;
}
