import type { CodeLocation } from '../../model/run-record.js';
import type { RetainingPath } from '../snapshot/retaining-path.js';
import { filePathOf, type SourceLocator } from './source-locator.js';
import { findDeclaration, findLocalName } from './source-search.js';

/** A variable by the name that it has in its module, where another module would import it by another: `default`. */
export function inLocalWords(path: RetainingPath, locator: SourceLocator): RetainingPath {
  const { origin, script, names } = path;
  const exported = names.at(-1);
  if (origin !== 'variable' || script === undefined || exported === undefined) return path;
  const local = localName(locator.sourcesOf(script), exported, locator);
  if (local === undefined) return path;
  return renamed(path, exported, local);
}

/**
 * A variable by the name that it has at the line which adds to it, where the script was made from sources by a minifier, which
 * calls it otherwise: `carts.set(…)` of `r`.
 */
export function inWordsOfAddition(
  path: RetainingPath,
  location: CodeLocation | undefined,
  locator: SourceLocator,
): RetainingPath {
  const { origin, script, names } = path;
  const given = names.at(-1);
  if (origin !== 'variable' || script === undefined || given === undefined || location === undefined) return path;
  const { file, line, column = 1 } = location;
  if (filePathOf(script) === file || !locator.sourcesOf(script).includes(file)) return path;
  const lines = locator.linesOf(file);
  const receiver = receiverBefore(lines[line - 1] ?? '', column);
  const local = receiver?.[0];
  if (local === undefined || receiver!.slice(1).join('.') !== names.slice(0, -1).toReversed().join('.')) return path;
  const isDeclared = (name: string) => findDeclaration(lines, name, 'variable') !== undefined;
  return isDeclared(local) && !isDeclared(given) ? renamed(path, given, local) : path;
}

/** `carts`, `store` and `items` of `carts.set` and `store.items.push`, where the method begins at a column. */
function receiverBefore(text: string, column: number): string[] | undefined {
  return /([\p{ID_Start}$_][\p{ID_Continue}$.]*)\.$/u.exec(text.slice(0, column - 1))?.[1]?.split('.');
}

function renamed(path: RetainingPath, before: string, after: string): RetainingPath {
  const rename = (text: string) => (text.startsWith(before) ? after + text.slice(before.length) : text);
  return {
    ...path,
    expression: rename(path.expression),
    steps: path.steps.map((step, index) => (index === 0 ? rename(step) : step)),
    names: [...path.names.slice(0, -1), after],
  };
}

/** In a bundle of many files each may have a default of its own. */
function localName(files: readonly string[], exported: string, locator: SourceLocator): string | undefined {
  if (exported === 'default' && files.length !== 1) return undefined;
  for (const file of files) {
    const name = findLocalName(locator.linesOf(file), exported);
    if (name !== undefined && name !== exported) return name;
  }
  return undefined;
}
