import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { HeapView } from './heap-view.js';

/** `get maxSize() { return this.#c; }`, from where V8 says that the function begins: at its name or behind it. */
const givesField = /^[\w$]*\s*\(\)\s*\{\s*return this\.(#?[\w$]+);?\s*\}/;
const accessorMax = 400;

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

const files = new Map<string, readonly string[]>();

function sourceFrom(view: HeapView, closure: number): string {
  const place = view.placeOf(closure);
  if (place === undefined) return '';
  const lines = linesOf(place.url);
  const first = (lines[place.line - 1] ?? '').slice(place.column - 1, place.column - 1 + accessorMax);
  return [first, ...lines.slice(place.line, place.line + 3)].join('\n');
}

function linesOf(url: string): readonly string[] {
  let lines = files.get(url);
  if (lines === undefined) {
    lines = readLines(url);
    files.set(url, lines);
  }
  return lines;
}

function readLines(url: string): readonly string[] {
  try {
    return readFileSync(url.startsWith('file:') ? fileURLToPath(url) : url, 'utf8').split('\n');
  } catch {
    // Of Node itself, or made while the target ran.
    return [];
  }
}
