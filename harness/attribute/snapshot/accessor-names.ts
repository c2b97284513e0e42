import { filePathOf, readText } from '../source/source-locator.js';
import type { HeapView } from './heap-view.js';

/** `get maxSize() { return this.#c; }`, from where V8 says that the function begins: at its name or behind it. */
const givesField = /^[\w$]*\s*\(\)\s*\{\s*return this\.(#?[\w$]+);?\s*\}/;
/** Of the line that it begins in, which a minifier makes as long as the file: several times what an accessor takes. */
const accessorCharactersMax = 400;
/** Accessors that are written over several lines have one statement. */
const furtherLinesMax = 3;

/**
 * What the accessors of an object's class call its fields. Minifiers shorten `#maxSize` to `#c`, and leave `get maxSize()` as it
 * is, since others use it.
 * @returns names by field; empty where the class has no such accessors, or its source cannot be read
 */
export function accessorNames(view: HeapView, node: number): ReadonlyMap<string, string> {
  const { firstEdge, edgeTo, nodeType } = view.graph;
  const names = new Map<string, string>();
  const prototype = view.property(node, '__proto__');
  if (prototype < 0) return names;
  for (let edge = firstEdge[prototype]!; edge < firstEdge[prototype + 1]!; edge += 1) {
    const closure = edgeTo[edge]!;
    const label = view.edgeLabel(edge);
    if (nodeType[closure] !== view.closureType || !label.startsWith('get ')) continue;
    const field = givesField.exec(sourceFrom(view, closure))?.[1];
    if (field !== undefined) names.set(field, label.slice('get '.length));
  }
  return names;
}

/** Lines of the scripts that were read, by their urls: files may change between two runs, and not while a snapshot is read. */
const linesByView = new WeakMap<HeapView, Map<string, readonly string[]>>();

function sourceFrom(view: HeapView, closure: number): string {
  const place = view.placeOf(closure);
  if (place === undefined) return '';
  const lines = linesOf(view, place.url);
  const first = (lines[place.line - 1] ?? '').slice(place.column - 1, place.column - 1 + accessorCharactersMax);
  return [first, ...lines.slice(place.line, place.line + furtherLinesMax)].join('\n');
}

/** None of scripts of Node itself, or of what was made while the target ran. */
function linesOf(view: HeapView, url: string): readonly string[] {
  const known = linesByView.get(view) ?? new Map<string, readonly string[]>();
  linesByView.set(view, known);
  let lines = known.get(url);
  if (lines === undefined) {
    const file = filePathOf(url);
    lines = (file === undefined ? undefined : readText(file))?.split('\n') ?? [];
    known.set(url, lines);
  }
  return lines;
}
