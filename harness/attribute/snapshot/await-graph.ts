import type { HeapView } from './heap-view.js';

const wantedNames = [
  'Promise',
  'context',
  'extension',
  'function',
  'parameters_and_registers',
  'reactions_or_result',
] as const;

/** Strings whose index an `AwaitGraph` asks for. */
export const awaitStrings: readonly string[] = wantedNames;

/** From a promise to what waits for it there are few steps: reactions, their closures and contexts, promises made of it. */
const stepsMax = 400;

/** Who waits for whom: async functions that are suspended, and the promises they wait for. */
export class AwaitGraph {
  /** Suspended async functions. */
  readonly suspended: readonly number[];
  /** Those that wait for another one, by the one they wait for. */
  readonly awaiterOf: ReadonlyMap<number, number>;
  /** The promise at the root of what a function waits for, which is not that of another function. */
  readonly awaited: ReadonlyMap<number, number>;
  private readonly names: Record<(typeof wantedNames)[number], number>;
  private readonly internalType: number;
  private readonly hiddenType: number;

  constructor(private readonly view: HeapView) {
    this.names = Object.fromEntries(
      wantedNames.map((name) => [name, view.graph.indexOfString(name)]),
    ) as typeof this.names;
    this.internalType = view.edgeTypeIndex('internal');
    this.hiddenType = view.edgeTypeIndex('hidden');
    const results = this.resultPromises();
    this.suspended = [...results.values()];
    const functions = new Set(this.suspended);
    const awaiterOf = new Map<number, number>();
    const awaited = new Map<number, number>();
    const derived = new Set<number>();
    for (const promise of this.promises()) {
      const own = results.get(promise);
      const reached = this.reachedFrom(promise, functions);
      for (const other of reached.promises) derived.add(other);
      for (const awaiter of reached.functions) {
        if (own === undefined) awaited.set(awaiter, promise);
        else if (own !== awaiter && !awaiterOf.has(own)) awaiterOf.set(own, awaiter);
      }
    }
    for (const [awaiter, promise] of awaited) if (derived.has(promise)) awaited.delete(awaiter);
    this.awaiterOf = awaiterOf;
    this.awaited = awaited;
  }

  /** What a suspended function is an invocation of. */
  closureOf(suspended: number): number {
    for (const [to, name, type] of this.edges(suspended))
      if (type === this.internalType && name === this.names.function) return to;
    return -1;
  }

  private *edges(node: number): Generator<readonly [to: number, name: number, type: number]> {
    const { firstEdge, edgeTo, edgeName, edgeType } = this.view.graph;
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge += 1)
      yield [edgeTo[edge]!, edgeName[edge]!, edgeType[edge]!];
  }

  private isPromise(node: number): boolean {
    const { graph } = this.view;
    return graph.nodeName[node] === this.names.Promise && this.view.typeOf(node) === 'object';
  }

  private *promises(): Generator<number> {
    for (let node = 0; node < this.view.graph.nodeCount; node += 1) if (this.isPromise(node)) yield node;
  }

  /** Suspended functions by the promise that their caller was given; generators that are not async have none. */
  private resultPromises(): Map<number, number> {
    const { nodeCount, firstEdge, edgeName } = this.view.graph;
    const results = new Map<number, number>();
    for (let node = 0; node < nodeCount; node += 1) {
      let hasRegisters = false;
      for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge += 1)
        hasRegisters ||= edgeName[edge] === this.names.parameters_and_registers;
      if (!hasRegisters || this.view.typeOf(node) !== 'object') continue;
      for (const [to, , type] of this.edges(node))
        if (type === this.hiddenType && this.isPromise(to)) results.set(to, node);
    }
    return results;
  }

  /** Along reactions, also those of promises that were made of this one: by `then`, by `Promise.all`. */
  private reachedFrom(promise: number, functions: ReadonlySet<number>) {
    const seen = new Set([promise]);
    const reached = { functions: [] as number[], promises: [] as number[] };
    for (const node of seen) {
      if (seen.size > stepsMax) break;
      for (const to of this.follow(node)) {
        if (functions.has(to)) reached.functions.push(to);
        else if (!seen.has(to) && this.isOfPromises(to)) {
          if (this.isPromise(to)) reached.promises.push(to);
          seen.add(to);
        }
      }
    }
    return reached;
  }

  private *follow(node: number): Generator<number> {
    const { names } = this;
    const fromPromise = this.isPromise(node);
    for (const [to, name, type] of this.edges(node)) {
      const named = (wanted: number) => type === this.internalType && name === wanted;
      if (fromPromise ? named(names.reactions_or_result) : type === this.hiddenType || named(names.context)) yield to;
      else if (named(names.extension)) yield to;
    }
  }

  /** Promises, what V8 keeps for them, and its functions that settle them; not what the target wrote. */
  private isOfPromises(node: number): boolean {
    if (this.isPromise(node) || this.view.isContext(node)) return true;
    if (this.view.typeOf(node) === 'closure') return this.view.graph.locationOf(node) === undefined;
    return /^system \/ Promise/.test(this.view.nameOf(node));
  }
}
