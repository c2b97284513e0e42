import type { HeapView } from './heap-view.js';

/** A variable that closures see: which of the references of its context it is, and which of the names of its scope. */
interface Anchor {
  readonly slot: number;
  readonly name: number;
}

/**
 * Gives variables of blocks their names. V8 names what the context of a function holds, but of the context of a block it numbers
 * the references and leaves small integers out; the names stand in the block's scope. Test runners wrap each module in a block.
 */
export function nameBlockVariables(view: HeapView): void {
  const { graph } = view;
  const hidden = view.edgeTypeIndex('hidden');
  const named = view.edgeTypeIndex('context');
  for (let node = 0; node < graph.nodeCount; node += 1) {
    if (!view.isContext(node)) continue;
    const edges = hiddenEdges(view, node, hidden);
    const scope = edges.length === 0 ? -1 : view.internal(node, 'scope_info');
    if (scope < 0) continue;
    const names = hiddenEdges(view, scope, hidden)
      .map((edge) => graph.edgeTo[edge]!)
      .filter((to) => view.typeOf(to) === 'string')
      .map((to) => graph.nodeName[to]!);
    const anchors = anchorsOf(view, edges, names);
    for (const edge of edges) {
      const name = nameAt(graph.edgeName[edge]!, anchors);
      if (name === undefined) continue;
      graph.edgeType[edge] = named;
      graph.edgeName[edge] = names[name]!;
    }
  }
}

/** In the order of their numbers. */
function hiddenEdges({ graph }: HeapView, node: number, hidden: number): number[] {
  const edges: number[] = [];
  for (let edge = graph.firstEdge[node]!; edge < graph.firstEdge[node + 1]!; edge += 1)
    if (graph.edgeType[edge] === hidden) edges.push(edge);
  return edges.sort((a, b) => graph.edgeName[a]! - graph.edgeName[b]!);
}

/** A function that is declared in the block bears the name of its variable; before the first and after the last one is nothing. */
function anchorsOf({ graph, closureType }: HeapView, edges: readonly number[], names: readonly number[]): Anchor[] {
  const anchors: Anchor[] = [{ slot: -1, name: -1 }];
  for (const edge of edges) {
    const to = graph.edgeTo[edge]!;
    const name = graph.nodeType[to] === closureType ? names.indexOf(graph.nodeName[to]!) : -1;
    const slot = graph.edgeName[edge]!;
    const before = anchors.at(-1)!;
    if (name - before.name >= slot - before.slot) anchors.push({ slot, name });
  }
  return [...anchors, { slot: graph.edgeName[edges.at(-1)!]! + 1, name: names.length }];
}

/** Between two anchors that have as many references as names, none was left out. */
function nameAt(slot: number, anchors: readonly Anchor[]): number | undefined {
  const next = anchors.findIndex((anchor) => anchor.slot >= slot);
  const [before, after] = [anchors[next - 1], anchors[next]];
  if (before === undefined || after === undefined) return undefined;
  if (after.slot === slot) return after.name;
  return after.name - before.name === after.slot - before.slot ? before.name + slot - before.slot : undefined;
}
