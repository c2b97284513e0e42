import { wordsOf } from '../../model/limit-words.js';
import type { HolderNumber } from '../../model/runtime.js';
import { accessorNames } from './accessor-names.js';
import type { HeapView } from './heap-view.js';
import type { RetainingTree } from './retaining-tree.js';

export interface Heap {
  readonly view: HeapView;
  readonly tree: RetainingTree;
}

/** A field or variable with a number. */
export interface NumberBeside extends HolderNumber {
  /** Object or context that has it. */
  readonly node: number;
  /** As the code calls it: `#max`, `options.maxSize`. */
  readonly shown: string;
}

const optionsName = /^[#_]*(options|opts|config|settings|params)$/i;

/**
 * Numbers around a holder: fields of the holder itself, of the object that owns it and of its options, and variables that
 * their code sees.
 */
export function* numbersBeside({ view, tree }: Heap, holder: number): Generator<NumberBeside> {
  const owner = ownerOf(view, tree.parentNode, holder);
  for (const node of owner < 0 ? [holder] : [holder, owner]) {
    if (!view.isContext(node)) yield* numbersOf(view, node, true);
    for (const context of view.contextsFrom(view.isContext(node) ? node : contextOfClass(view, node)))
      yield* numbersOf(view, context, view.isWithinFunction(context));
  }
}

/** What code calls a holder: the variable or property that the growth hangs on, and the one that has it. */
export function wordsForHolder({ view, tree }: Heap, holder: number, label: string | undefined): ReadonlySet<string> {
  const hasOwner = ownerOf(view, tree.parentNode, holder) >= 0;
  return new Set([...wordsOf(label ?? ''), ...(hasOwner ? wordsOf(view.edgeLabel(tree.parentEdge[holder]!)) : [])]);
}

function* numbersOf(view: HeapView, node: number, isNear: boolean): Generator<NumberBeside> {
  const accessors = view.isContext(node) ? undefined : accessorNames(view, node);
  for (const { name: field, to } of fieldsOf(view, node)) {
    const name = accessors?.get(field) ?? field;
    yield* numberAt(view, { node, name, shown: name, isNear }, to);
    if (!isNear || !optionsName.test(name) || view.typeOf(to) !== 'object') continue;
    for (const option of fieldsOf(view, to))
      yield* numberAt(view, { node: to, name: option.name, shown: `${name}.${option.name}`, isNear }, option.to);
  }
}

function* numberAt(view: HeapView, named: Omit<NumberBeside, 'value'>, to: number): Generator<NumberBeside> {
  const value = view.typeOf(to) === 'number' ? view.numberOf(to) : undefined;
  if (value !== undefined) yield { ...named, value };
}

/** Variables that the methods of an object's class see; -1 where it has none. */
function contextOfClass(view: HeapView, node: number): number {
  const prototype = view.property(node, '__proto__');
  if (prototype < 0) return -1;
  for (const { to } of fieldsOf(view, prototype))
    if (view.typeOf(to) === 'closure' && view.scriptOf(to) !== '') return view.internal(to, 'context');
  return -1;
}

/** What has the holder as a field or a variable, past what V8 stores fields in. */
function ownerOf(view: HeapView, parentNode: Int32Array, holder: number): number {
  let node = parentNode[holder]!;
  while (node >= 0 && !view.isContext(node) && view.typeOf(node) !== 'object') {
    if (view.typeOf(node) !== 'array') return -1;
    node = parentNode[node]!;
  }
  return node;
}

/** Properties and variables; those that are called by a symbol, by its description. */
export function* fieldsOf(view: HeapView, node: number): Generator<{ readonly name: string; readonly to: number }> {
  const { firstEdge, edgeTo } = view.graph;
  for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge += 1) {
    const type = view.edgeTypeOf(edge);
    if (type !== 'property' && type !== 'context') continue;
    const label = view.edgeLabel(edge);
    yield { name: label.startsWith('<symbol ') ? label.slice('<symbol '.length, -1) : label, to: edgeTo[edge]! };
  }
}
