import type { RetainingPath } from '../snapshot/retaining-path.js';
import type { SourceLocator } from './source-locator.js';
import { findLocalName } from './source-search.js';

/** A variable by the name that it has in its module, where another module would import it by another: `default`. */
export function inLocalWords(path: RetainingPath, locator: SourceLocator): RetainingPath {
  const { origin, script, names } = path;
  const exported = names.at(-1);
  if (origin !== 'variable' || script === undefined || exported === undefined) return path;
  const local = localName(locator.sourcesOf(script), exported, locator);
  if (local === undefined) return path;
  const renamed = (text: string) => (text.startsWith(exported) ? local + text.slice(exported.length) : text);
  return {
    ...path,
    expression: renamed(path.expression),
    steps: path.steps.map((step, index) => (index === 0 ? renamed(step) : step)),
    names: [...names.slice(0, -1), local],
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
