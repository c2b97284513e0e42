import type { EdgeType, HeapGraph, NodeType } from './heap-graph.js';

/** For every node that can be reached, the edge by which it is best explained; the root is node 0. */
export interface RetainingTree {
  /** -1 for the root and for what cannot be reached. */
  readonly parentNode: Int32Array;
  readonly parentEdge: Int32Array;
  /** Reached nodes, parents before children. */
  readonly order: Uint32Array;
}

/** Edges by which almost anything is reached from almost anywhere: true, but no explanation. */
const poorEdgeNames = [
  '__proto__',
  'constructor',
  'prototype',
  'map',
  'shared',
  'script',
  'script_or_debug_info',
  'function_data',
  'raw_outer_scope_info_or_feedback_metadat',
  'name_or_scope_info',
  'code',
  'feedback_cell',
  'feedback_vector',
  'native_context',
  'scope_info',
  'scope_info_or_feedback_metadata',
  'transitions',
  'descriptors',
  'back_pointer',
  'dependent_code',
  'global_proxy_object',
  // A property has an edge of its own name beside the one through its storage.
  'properties',
  // A handle knows the Socket around it; who keeps the socket says more.
  '<symbol owner_symbol>',
];
/** Roots that hold things for a moment only, or for V8's own sake. */
const poorRoots = [
  '(Stack roots)',
  '(Handle scope)',
  '(Strong roots)',
  '(Internalized strings)',
  '(Compilation cache)',
  '(Strong symbols)',
  '(Builtins)',
];

const wrappedEdge = 'native_to_javascript';
const moduleWrap = 'ModuleWrap';
/** A small integer: V8 shows it as a node where it is asked for numbers, but it takes no room of its own. */
const smallInteger = 'smi number';

/** Strings whose index `buildRetainingTree` asks for. */
export const retainingStrings: readonly string[] = [
  ...poorEdgeNames,
  ...poorRoots,
  wrappedEdge,
  moduleWrap,
  smallInteger,
];

const usualCost = 1;
const hiddenCost = 2;
const rootCost = 8;
/** Node's handles know the objects around them; who keeps those says more. Modules are held in no other way. */
const handleCost = 20;
const poorCost = 30;
const passingCost = 60;
const highestCost = passingCost;

/**
 * The cheapest path from the root to every node, weak references left out: the shortest, where detours through hidden
 * classes, prototypes and V8's internal roots count as long. Dial's algorithm, O(edges).
 * @param avoided nodes whose edges cost as much as the poorest: what only they hold is still found
 */
export function buildRetainingTree(graph: HeapGraph, avoided: ReadonlySet<number> = new Set()): RetainingTree {
  const { nodeCount, firstEdge, edgeTo } = graph;
  const costOf = edgeCosts(graph, avoided);
  const parentNode = new Int32Array(nodeCount).fill(-1);
  const parentEdge = new Int32Array(nodeCount).fill(-1);
  const distance = new Uint32Array(nodeCount).fill(0xffffffff);
  const settled = new Uint8Array(nodeCount);
  const order = new Uint32Array(nodeCount);
  let reached = 0;
  const buckets = Array.from({ length: highestCost + 1 }, () => new NodeList());
  distance[0] = 0;
  buckets[0]?.push(0);
  for (let cost = 0, waiting = 1; waiting > 0; cost += 1) {
    const bucket = buckets[cost % buckets.length]!;
    for (let next = 0; next < bucket.length; next += 1) {
      const node = bucket.items[next]!;
      waiting -= 1;
      if (settled[node] === 1 || distance[node] !== cost) continue;
      settled[node] = 1;
      order[reached++] = node;
      for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge += 1) {
        const price = costOf(node, edge);
        const to = edgeTo[edge]!;
        if (price === 0 || distance[to]! <= cost + price) continue;
        distance[to] = cost + price;
        parentNode[to] = node;
        parentEdge[to] = edge;
        buckets[(cost + price) % buckets.length]!.push(to);
        waiting += 1;
      }
    }
    bucket.length = 0;
  }
  return { parentNode, parentEdge, order: order.subarray(0, reached) };
}

/** Cost of an edge; 0 for those that retain nothing. */
function edgeCosts(graph: HeapGraph, avoided: ReadonlySet<number>): (node: number, edge: number) => number {
  const edgeTypeOf = (type: EdgeType) => graph.edgeTypes.indexOf(type);
  const [weak, hidden, element] = [edgeTypeOf('weak'), edgeTypeOf('hidden'), edgeTypeOf('element')];
  const synthetic = graph.nodeTypes.indexOf('synthetic' satisfies NodeType);
  const poorEdges = new Set(poorEdgeNames.map((name) => graph.indexOfString(name)));
  const poorNames = new Set(poorRoots.map((name) => graph.indexOfString(name)));
  const number = graph.nodeTypes.indexOf('number' satisfies NodeType);
  const smallIntegerName = graph.indexOfString(smallInteger);
  const [wrapped, wrapper] = [graph.indexOfString(wrappedEdge), graph.indexOfString(moduleWrap)];
  return (node, edge) => {
    const type = graph.edgeType[edge];
    if (type === weak || graph.nodeType[node] === number) return 0;
    if (graph.nodeName[graph.edgeTo[edge]!] === smallIntegerName) return 0;
    if (avoided.size > 0 && avoided.has(node)) return poorCost;
    if (graph.nodeType[node] === synthetic) return poorNames.has(graph.nodeName[node]!) ? passingCost : rootCost;
    if (type === hidden) return hiddenCost;
    if (type !== element && graph.edgeName[edge] === wrapped) {
      return graph.nodeName[graph.edgeTo[edge]!] === wrapper ? usualCost : handleCost;
    }
    return type !== element && poorEdges.has(graph.edgeName[edge]!) ? poorCost : usualCost;
  };
}

/** Grows without the garbage of an ordinary array of numbers. */
class NodeList {
  items = new Uint32Array(1_024);
  length = 0;

  push(node: number): void {
    if (this.length === this.items.length) {
      const grown = new Uint32Array(this.items.length * 2);
      grown.set(this.items);
      this.items = grown;
    }
    this.items[this.length++] = node;
  }
}
