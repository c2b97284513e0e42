import type { HeapGraph } from './heap-graph.js';

/**
 * Arrays and tables that are full: they have no more entries than before, and some of them are new. What else holds such
 * an entry explains better why it stays: a leak keeps what a cache has let go.
 * @param wasThere ids of what the earlier snapshot has
 */
export function fullStorage(later: HeapGraph, earlier: HeapGraph, wasThere: ReadonlySet<number>): Set<number> {
  const before = new Map([...storageOf(earlier)].map(([node, entries]) => [earlier.nodeId[node]!, entries.length]));
  const full = new Set<number>();
  for (const [node, entries] of storageOf(later)) {
    const countBefore = before.get(later.nodeId[node]!) ?? -1;
    if (entries.length <= countBefore && entries.some((entry) => !wasThere.has(later.nodeId[entry]!))) full.add(node);
  }
  return full;
}

/** The tables of collections, and objects with elements: V8 shows the elements of an array at the array itself, too. */
function* storageOf(graph: HeapGraph): Generator<readonly [node: number, entries: readonly number[]]> {
  const { firstEdge, edgeTo, edgeType, edgeTypes, nodeType, nodeTypes, nodeCount } = graph;
  const [array, object, number] = [
    nodeTypes.indexOf('array'),
    nodeTypes.indexOf('object'),
    nodeTypes.indexOf('number'),
  ];
  const element = edgeTypes.indexOf('element');
  for (let node = 0; node < nodeCount; node += 1) {
    const isTable = nodeType[node] === array;
    if (!isTable && nodeType[node] !== object) continue;
    const entries: number[] = [];
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge += 1) {
      const to = edgeTo[edge]!;
      // Numbers have nodes of their own where a snapshot is asked for them, and are no entries that anything holds.
      if ((isTable || edgeType[edge] === element) && nodeType[to] !== number) entries.push(to);
    }
    if (entries.length > 0) yield [node, entries];
  }
}
