import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import type { RetainingPath } from '../../../../harness/attribute/snapshot/retaining-path.js';
import { inLocalWords, inWordsOfAddition } from '../../../../harness/attribute/source/local-name.js';
import { SourceLocator } from '../../../../harness/attribute/source/source-locator.js';
import { findDeclaration } from '../../../../harness/attribute/source/source-search.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

function renamed(exported: string, source: string): RetainingPath {
  const directory = temporaryDirectory();
  const file = path.join(directory, 'bus.mjs');
  writeFileSync(file, source);
  const held: RetainingPath = {
    expression: `${exported}.rooms`,
    steps: [`${exported}: Bus`, '.rooms: Map'],
    origin: 'variable',
    names: ['rooms', exported],
    script: pathToFileURL(file).href,
    className: 'Map',
    chain: [],
  };
  return inLocalWords(held, new SourceLocator({}, directory));
}

describe('what a module exports under another name', () => {
  it.each([
    ['default', 'const bus = new Bus();\nexport default bus;\n', 'bus'],
    ['default', 'class Bus { static rooms = new Map() }\nexport default Bus\n', 'Bus'],
    ['default', 'export default class Bus extends Base {}', 'Bus'],
    ['default', 'export default async function open(id) {}', 'open'],
    ['default', 'const a = 1, bus = new Bus();\nexport { a, bus as default };', 'bus'],
    ['events', 'const bus = new Bus();\nexport {\n  bus as events,\n};', 'bus'],
  ])('%s of %j is %s', (exported, source, local) => {
    expect(renamed(exported, source)).toMatchObject({
      expression: `${local}.rooms`,
      steps: [`${local}: Bus`, '.rooms: Map'],
      names: ['rooms', local],
    });
  });

  it.each([
    ['default', 'export default new Bus();'],
    ['default', 'export default { rooms: new Map() };'],
    ['default', 'export default class { static rooms = new Map() }'],
    ['default', 'export default bus.rooms;'],
    ['bus', 'export const bus = new Bus();'],
    ['bus', "export { other as bus } from './other.mjs';"],
  ])('%s of %j keeps its name', (exported, source) => {
    expect(renamed(exported, source).names).toEqual(['rooms', exported]);
  });

  it('without a name of its own is declared where it is exported', () => {
    const lines = ["import { default as a } from 'a';", 'export default new Map();'];
    expect(findDeclaration(lines, 'default', 'variable')).toEqual({ line: 2, column: 8 });
  });

  it('is not declared where a file of that name is imported', () => {
    const lines = ["import { other } from './sessions.js';", "import { sessions } from './store.js';"];
    expect(findDeclaration(lines, 'sessions', 'variable')).toEqual({ line: 2, column: 10 });
  });
});

describe('a variable that a minifier renamed', () => {
  /** Two files in one script; a variable of the other file has the name that the minifier chose. */
  async function named(addition: string, names: readonly string[]): Promise<RetainingPath> {
    const directory = temporaryDirectory();
    const [main, other, script] = ['main.js', 'cookie.js', 'bundle.mjs'].map((name) => path.join(directory, name));
    const declared = 'const carts = new Map();\nconst store = { items: [] };\n';
    writeFileSync(main!, `import './cookie.js';\n${declared}export const add = (id) => {\n  ${addition}\n};\n`);
    writeFileSync(other!, 'const r = new Map();\nr.set(1, r);\n');
    const options = { bundle: true, minify: true, sourcemap: true, format: 'esm' } as const;
    await build({ entryPoints: [main!], outfile: script!, ...options });
    const url = pathToFileURL(script!).href;
    const held: RetainingPath = {
      expression: names.toReversed().join('.'),
      steps: names.toReversed().map((name) => `${name}: Map`),
      origin: 'variable',
      names,
      script: url,
      className: 'Map',
      chain: [],
    };
    const location = { file: main!, line: 5, column: 3 + addition.search(/(set|push)\(/) };
    return inWordsOfAddition(held, location, new SourceLocator({ [url]: 'bundle.mjs.map' }, directory));
  }

  it('has the name that it has where something is added to it', async () => {
    expect(await named('carts.set(id, { id });', ['r'])).toMatchObject({ expression: 'carts', steps: ['carts: Map'] });
    expect(await named('store.items.push(id);', ['items', 'n'])).toMatchObject({ names: ['items', 'store'] });
  });

  it('keeps its name where the line adds to something else, or to what is declared elsewhere', async () => {
    expect(await named('carts.set(id, { id });', ['items', 'r'])).toMatchObject({ expression: 'r.items' });
    expect(await named('id.set(1);', ['r'])).toMatchObject({ expression: 'r' });
    expect(await named('store.items.push(id);', ['items', 'carts'])).toMatchObject({ expression: 'carts.items' });
  });
});
