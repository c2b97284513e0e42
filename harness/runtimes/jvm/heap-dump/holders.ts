import { isPlatformClass, readableClass } from '../java-names.js';
import {
  type Declarer,
  describeGroup,
  type Group,
  type HolderGroup,
  type HolderRoot,
  limitsBeside,
  stepsOf,
} from './holder-group.js';
import type { Field } from './layout.js';
import { element, type ObjectGraph } from './object-graph.js';
import { findRooms, type Room } from './rooms.js';

/** Fewer entries are no leak that has been seen for a while. */
const entriesMin = 16;
const holdersMax = 500;
export const threadLocalStep = 'ThreadLocal ';
const threadGroupClass = 'java.lang.ThreadGroup';
/** Deeper than what people nest; recursion that is no chain of one class ends here. */
const depthMax = 40;
/** Fields of the platform's lists that lead backwards: what they reach is reached forwards too. */
const backwardFields = new Set(['last', 'tail', 'prev', 'before']);

export interface Held {
  /** Of which one holder has many. */
  readonly holders: readonly HolderGroup[];
  readonly rooms: readonly Room[];
  /** The largest value of each whole number in the objects of a class, by field; of classes that are not the platform's. */
  largestNumbers(className: string): ReadonlyMap<string, number>;
}

/** Groups the live objects of a dump by how they are held. */
export function findHeld(graph: ObjectGraph): Held {
  const search = new GroupedSearch(graph);
  const groups = search.run();
  return {
    holders: groups
      .filter(({ isMany, count }) => isMany && count >= entriesMin)
      .sort((one, other) => other.count - one.count)
      .slice(0, holdersMax)
      .map((group) => ({ ...describeGroup(group), numbers: limitsBeside(group, graph) })),
    rooms: findRooms(graph.largeArrays, (node) => search.groupAt(node)),
    largestNumbers: (className) => graph.largestNumbers(className),
  };
}

function isOwnField({ declaredIn }: Field): boolean {
  return !isPlatformClass(declaredIn);
}

function declarer(className: string): Declarer {
  if (!isPlatformClass(className)) return 'own';
  return className.startsWith('java.util.') || className.startsWith('[') ? 'collection' : 'platform';
}

/**
 * Breadth first, so that paths are short: from the static fields of the user's classes, then from threads, then from all
 * other roots. What a class of the platform reaches too is thereby named by the user's own field.
 */
class GroupedSearch {
  private readonly groupOf: (Group | undefined)[];
  private readonly groups: Group[] = [];
  private readonly queue: Int32Array;
  private queued = 0;
  private visited = 0;
  private areThreadsHeldBack = true;
  private readonly threads: ReadonlySet<number>;
  private readonly classes: ReadonlySet<number>;

  constructor(private readonly graph: ObjectGraph) {
    this.classes = new Set(graph.classNodes);
    const threads = graph.roots.filter(({ kind }) => kind === 'thread');
    this.threads = new Set(threads.map(({ address }) => graph.numberOf(address)));
    this.groupOf = new Array(graph.objects);
    this.queue = new Int32Array(graph.objects);
  }

  groupAt(node: number): Group | undefined {
    return this.groupOf[node];
  }

  run(): Group[] {
    const { graph } = this;
    for (const node of graph.classNodes) this.seedStatics(node, isOwnField);
    this.search();
    this.areThreadsHeldBack = false;
    for (const thread of this.threads) this.seedThread(thread);
    this.search();
    for (const node of graph.classNodes) this.seedStatics(node, () => true);
    for (const { address } of graph.roots) this.seedOther(graph.numberOf(address));
    this.search();
    return this.groups;
  }

  private seedStatics(classNode: number, isWanted: (field: Field) => boolean): void {
    const className = this.graph.classOf(classNode);
    this.graph.eachReference(classNode, (target, field) => {
      if (this.groupOf[target] !== undefined || !isWanted(field)) return;
      const step = `${readableClass(className)}.${field.name}`;
      const root: HolderRoot = { kind: 'static', className, field: field.name };
      this.enter(target, this.newGroup({ step, declaredBy: declarer(field.declaredIn), field, root, node: target }));
    });
  }

  private seedThread(node: number): void {
    if (node < 0 || this.groupOf[node] !== undefined) return;
    const name = readableClass(this.graph.classOf(node));
    this.enter(node, this.rootGroup({ kind: 'thread', name }, node, `thread (${name})`));
  }

  private seedOther(node: number): void {
    if (node < 0 || this.groupOf[node] !== undefined) return;
    this.enter(node, this.rootGroup({ kind: 'other' }, node, readableClass(this.graph.classOf(node))));
  }

  private readonly rootGroups = new Map<string, Group>();

  private rootGroup(root: HolderRoot, node: number, step: string): Group {
    const group = this.rootGroups.get(step) ?? this.newGroup({ step, declaredBy: 'platform', root, node });
    this.rootGroups.set(step, group);
    return group;
  }

  private search(): void {
    for (; this.visited < this.queued; this.visited += 1) {
      const node = this.queue[this.visited]!;
      // A loader leads to all of its classes; what they hold is named by their fields.
      if (this.classes.has(node)) continue;
      this.graph.eachReference(node, (target, field) => this.reach(node, target, field));
    }
  }

  private reach(node: number, target: number, field: Field): void {
    if (this.groupOf[target] !== undefined || (this.areThreadsHeldBack && this.leadsToThreads(target))) return;
    if (backwardFields.has(field.name) && isPlatformClass(field.declaredIn)) return;
    this.enter(target, this.groupBelow(this.groupOf[node]!, { node, target, field }));
  }

  /** A pool of the user's leads to each thread of the JVM, and to all that they hold. */
  private leadsToThreads(target: number): boolean {
    return this.threads.has(target) || this.graph.classOf(target) === threadGroupClass;
  }

  private enter(node: number, group: Group): void {
    this.groupOf[node] = group;
    group.count += 1;
    this.queue[this.queued] = node;
    this.queued += 1;
  }

  private groupBelow(above: Group, { node, target, field }: { node: number; target: number; field: Field }): Group {
    const label = this.labelOf(target, field.name);
    // A chain of nodes (of a list, a tree, a bucket) is as good as an array.
    if (this.graph.layoutNumber(node) === this.graph.layoutNumber(target) && label !== element) {
      above.isMany = true;
      return above;
    }
    if (above.depth >= depthMax) return above;
    const known = above.children.get(label);
    if (known !== undefined) return known;
    const isThreadLocal = label.startsWith(threadLocalStep);
    const declaredBy = isThreadLocal ? 'own' : declarer(field.declaredIn);
    const group = this.newGroup({ parent: above, step: label, declaredBy, field, root: above.root, node: target });
    above.children.set(label, group);
    return group;
  }

  /** A ThreadLocal as the user's code names it; its entries in several threads are one group. */
  private labelOf(target: number, label: string): string {
    const group = this.groupOf[this.graph.threadLocalOf(target)];
    return group?.root.kind === 'static'
      ? `ThreadLocal ${stepsOf(group)
          .map(({ step }) => step)
          .join('.')}`
      : label;
  }

  private newGroup(
    parts: Pick<Group, 'step' | 'declaredBy' | 'root'> & { node: number; field?: Field; parent?: Group },
  ): Group {
    const { parent, step, declaredBy, field, root, node } = parts;
    const depth = (parent?.depth ?? 0) + 1;
    const group: Group = {
      parent,
      step,
      depth,
      declaredBy,
      field,
      root,
      isMany: step === element,
      count: 0,
      node,
      type: this.graph.classOf(node),
      children: new Map(),
    };
    this.groups.push(group);
    return group;
  }
}
