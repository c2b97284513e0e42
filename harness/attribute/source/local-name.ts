import type { RetainingPath } from '../snapshot/retaining-path.js';
import type { SourceLocator } from './source-locator.js';

const identifier = '[\\p{ID_Start}$_][\\p{ID_Continue}$]*';
const wholeName = new RegExp(`^${identifier}$`, 'u');
const named = new RegExp(
  `\\bexport\\s+default\\s+(?:(?:async\\s+)?function\\s*\\*?\\s*|class\\s+)?(${identifier})`,
  'gu',
);
/** Follows what stands by itself. */
const end = /^\s*(?:[;({<]|\n|$|extends\b)/;
const exportList = /\bexport\s*\{([^}]*)\}(?!\s*from\b)/g;

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
    const text = locator.linesOf(file).join('\n');
    const name = listedName(text, exported) ?? (exported === 'default' ? defaultName(text) : undefined);
    if (name !== undefined && name !== exported) return name;
  }
  return undefined;
}

/** `export { instance as default }`. */
function listedName(text: string, exported: string): string | undefined {
  for (const [, list = ''] of text.matchAll(exportList)) {
    for (const entry of list.split(',')) {
      const [name = '', as, shown] = entry.trim().split(/\s+/);
      if (as === 'as' && shown === exported && wholeName.test(name)) return name;
    }
  }
  return undefined;
}

/** `export default bus`, `export default class Bus`; nothing of `export default new Bus()`. */
function defaultName(text: string): string | undefined {
  for (const match of text.matchAll(named)) {
    const rest = text.slice(match.index + match[0].length);
    const isAnonymous = match[1] === 'function' || match[1] === 'class' || match[1] === 'async';
    if (!isAnonymous && end.test(rest)) return match[1];
  }
  return undefined;
}
