import type { HeapView } from './heap-view.js';

/** A variable that an ES module exports: it lives in a cell of its own, which all who import it share. */
export interface ModuleVariable {
  /** As it is exported. */
  readonly name: string;
  readonly script: string;
}

/** Slots of a module: all names that it exports, each before its cell, and the cells of its own variables. */
const exportsSlot = '0';
const ownCellsSlot = '5';

/** By their cells, the variables that ES modules export. Goes through all nodes once. */
export function moduleVariables(view: HeapView): ReadonlyMap<number, ModuleVariable> {
  const variables = new Map<number, ModuleVariable>();
  for (let node = 0; node < view.graph.nodeCount; node += 1) {
    if (!view.isSourceTextModule(node)) continue;
    const script = scriptOf(view, node);
    if (script === '') continue;
    // What a module passes on from another is that one's variable.
    const own = new Set(slotsOf(view, slotOf(view, node, ownCellsSlot)).values());
    for (const [name, cell] of exportsOf(view, slotOf(view, node, exportsSlot))) {
      if (!own.has(cell)) continue;
      // A name says more than `default`, where both are exported.
      if (!variables.has(cell) || name !== 'default') variables.set(cell, { name, script });
    }
  }
  return variables;
}

/** The module's body is a generator, of a function that knows its script. */
function scriptOf(view: HeapView, module: number): string {
  for (const slot of slotsOf(view, module).values()) {
    const body = view.internal(slot, 'function');
    if (body >= 0) return view.scriptOf(body);
  }
  return '';
}

function* exportsOf(view: HeapView, table: number): Generator<[name: string, cell: number]> {
  const slots = slotsOf(view, table);
  for (const [index, cell] of slots) {
    const name = slots.get(String(Number(index) - 1));
    if (view.isCell(cell) && name !== undefined) yield [view.nameOf(name), cell];
  }
}

function slotOf(view: HeapView, node: number, slot: string): number {
  return slotsOf(view, node).get(slot) ?? -1;
}

/** What the numbered slots of a node lead to. */
function slotsOf(view: HeapView, node: number): Map<string, number> {
  const slots = new Map<string, number>();
  if (node < 0) return slots;
  const { firstEdge, edgeTo } = view.graph;
  for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge += 1) {
    slots.set(view.edgeLabel(edge), edgeTo[edge]!);
  }
  return slots;
}
