import type { HeapView } from './heap-view.js';

/** Listeners that come with a node: all those of an emitter, or the one that an event target keeps as an object. */
export function listenersAt(view: HeapView, node: number): number {
  if (view.typeOf(node) !== 'object') return 0;
  if (isTargetListener(view, node)) return 1;
  const events = view.property(node, '_events');
  return events < 0 ? 0 : linkedFunctions(view, events, 'property');
}

/** Node links the listeners of an event target to one another. */
export function isTargetListener(view: HeapView, node: number): boolean {
  return view.typeOf(node) === 'object' && view.nameOf(node) === 'Listener' && view.property(node, 'previous') >= 0;
}

/** An event has its only listener itself, or an Array of them. */
function linkedFunctions(view: HeapView, node: number, edgeType: 'property' | 'element'): number {
  const { firstEdge, edgeTo } = view.graph;
  let count = 0;
  for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge += 1) {
    if (view.edgeTypeOf(edge) !== edgeType) continue;
    const to = edgeTo[edge]!;
    if (view.typeOf(to) === 'closure') count += 1;
    else if (edgeType === 'property' && view.nameOf(to) === 'Array') count += linkedFunctions(view, to, 'element');
  }
  return count;
}
