import { isOfTarget, ownNodes } from './analyse-snapshots.js';
import { AwaitGraph, awaitStrings } from './await-graph.js';
import { readHeapGraph } from './heap-graph.js';
import { HeapView, viewStrings } from './heap-view.js';
import { isStorage } from './holder-growth.js';
import { type RetainingPath, RetainingPaths } from './retaining-path.js';
import { buildRetainingTree, type RetainingTree, retainingStrings } from './retaining-tree.js';

export interface WaitingSnapshot {
  readonly path: string;
  /** Scripts below these paths or urls are plateau's own. */
  readonly own: readonly string[];
}

/** Calls that wait in the same functions. */
export interface WaitingCalls {
  readonly count: number;
  /** Of the latest one: the function that waits, then those that wait for it. */
  readonly functions: readonly WaitingFunction[];
  /** What keeps that which would let the latest one go on. */
  readonly holder?: RetainingPath;
}

export interface WaitingFunction {
  /** Of its invocation in the snapshot. */
  readonly id: number;
  readonly name: string;
}

interface Call {
  readonly functions: readonly number[];
  readonly awaited: number | undefined;
}

/** Async functions of the target that wait for something else than each other: most calls first, then the latest. */
export function findWaitingCalls({ path, own }: WaitingSnapshot): WaitingCalls[] {
  const graph = readHeapGraph(path, [...retainingStrings, ...viewStrings, ...awaitStrings]);
  const view = new HeapView(graph);
  const awaits = new AwaitGraph(view);
  const idOf = (node: number) => graph.nodeId[node]!;
  const tree = buildRetainingTree(graph, ownNodes(view, own));
  const groups = groupCalls(view, awaits, own).sort(
    (one, other) => other.length - one.length || idOf(other[0]!.functions[0]!) - idOf(one[0]!.functions[0]!),
  );
  const owners = groups.map(([latest]) => ownerOf(view, tree, latest!.awaited));
  const paths = new RetainingPaths(view, tree);
  paths.prepare(owners.filter((owner) => owner !== undefined));
  const found = groups.map((calls, index): WaitingCalls => {
    const owner = owners[index];
    const holder = owner === undefined ? undefined : paths.describe(owner, undefined);
    return {
      count: calls.length,
      functions: calls[0]!.functions.map((node) => ({ id: idOf(node), name: view.nameOf(awaits.closureOf(node)) })),
      ...(holder !== undefined && isOfTarget(holder, own) && { holder }),
    };
  });
  graph.close();
  return found;
}

/** Calls by the functions they wait in, the latest first. */
function groupCalls(view: HeapView, awaits: AwaitGraph, own: readonly string[]): Call[][] {
  const waitedFor = new Set(awaits.awaiterOf.values());
  const groups = new Map<string, Call[]>();
  const latestFirst = awaits.suspended.toSorted((a, b) => view.graph.nodeId[b]! - view.graph.nodeId[a]!);
  for (const innermost of latestFirst) {
    if (waitedFor.has(innermost)) continue;
    const functions = chainOf(awaits, innermost).filter((node) => isWritten(view, awaits.closureOf(node), own));
    if (functions.length === 0) continue;
    const key = functions.map((node) => placeText(view, awaits.closureOf(node))).join('\n');
    const call = { functions, awaited: awaits.awaited.get(innermost) };
    groups.set(key, [...(groups.get(key) ?? []), call]);
  }
  return [...groups.values()];
}

function chainOf({ awaiterOf }: AwaitGraph, innermost: number): number[] {
  const chain = new Set<number>();
  for (let node: number | undefined = innermost; node !== undefined && !chain.has(node); node = awaiterOf.get(node))
    chain.add(node);
  return [...chain];
}

/** By the target's authors or those of its packages. */
function isWritten(view: HeapView, closure: number, own: readonly string[]): boolean {
  const script = closure < 0 ? '' : view.scriptOf(closure);
  return script !== '' && !script.startsWith('node:') && !own.some((prefix) => script.startsWith(prefix));
}

function placeText(view: HeapView, closure: number): string {
  const place = view.placeOf(closure);
  return place === undefined ? view.nameOf(closure) : `${place.url}:${place.line}:${place.column}`;
}

/** Above the functions of V8 that settle a promise stands what the target keeps them in. */
function ownerOf(view: HeapView, tree: RetainingTree, awaited: number | undefined): number | undefined {
  if (awaited === undefined) return undefined;
  const { parentNode, parentEdge } = tree;
  let node = awaited;
  while (parentNode[node]! >= 0 && isOfV8(view, node) && !isNamed(view, parentEdge[node]!)) node = parentNode[node]!;
  return parentNode[node]! < 0 ? undefined : node;
}

function isOfV8(view: HeapView, node: number): boolean {
  const type = view.typeOf(node);
  return type === 'closure' || view.isContext(node) || isStorage(view, node) || view.nameOf(node) === 'Promise';
}

/** By a variable or a property of the target. */
function isNamed(view: HeapView, edge: number): boolean {
  const type = view.edgeTypeOf(edge);
  return type === 'context' || type === 'property';
}
