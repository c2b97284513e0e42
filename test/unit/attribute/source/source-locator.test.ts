import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { SourceLocator } from '../../../../harness/attribute/source/source-locator.js';
import { findAddition } from '../../../../harness/attribute/source/source-search.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const source = 'interface A { a: number }\n\nexport function keep(list: A[], a: A): void {\n  list.push(a);\n}\n';

function compile(inline: boolean) {
  return ts.transpileModule(source, {
    fileName: 'store.ts',
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      sourceMap: !inline,
      inlineSourceMap: inline,
      inlineSources: true,
    },
  });
}

describe('places in code', () => {
  it('are those of the script when it has no source map', () => {
    const directory = temporaryDirectory();
    const file = path.join(directory, 'server.js');
    writeFileSync(file, 'const rooms = new Map();\n  rooms.set(1, {});\n');
    const locator = new SourceLocator({}, directory);
    expect(locator.locate([pathToFileURL(file).href, 2, 9, 'open'])).toEqual({
      file,
      line: 2,
      column: 9,
      function: 'open',
      source: 'rooms.set(1, {});',
    });
    expect(locator.shortPlace({ file, line: 2 })).toBe('server.js:2');
  });

  it('are read in files with line ends of either kind', () => {
    const directory = temporaryDirectory();
    const file = path.join(directory, 'emitter.js');
    writeFileSync(
      file,
      'function on(name) {\r\n  (this.calls[name] = this.calls[name] || [])\r\n    .push(1);\r\n}\r\n',
    );
    const lines = new SourceLocator({}, directory).linesOf(file);
    expect(lines.some((line) => line.includes('\r'))).toBe(false);
    expect(findAddition(lines, { first: 1, last: 4 }, ['calls'])).toMatchObject({ line: 2, adds: true });
  });

  it.each([
    ['beside the script', () => 'my%20store.js.map'],
    ['by its path', (map: string) => map],
    ['by its url', (map: string) => pathToFileURL(map).href],
  ])('follow a map that is named %s, and read the source from it when it is not on disk', (_, urlOf) => {
    const directory = temporaryDirectory();
    const script = path.join(directory, 'my store.js');
    const { outputText, sourceMapText } = compile(false);
    writeFileSync(script, outputText);
    writeFileSync(`${script}.map`, sourceMapText ?? '');
    const locator = new SourceLocator({ [pathToFileURL(script).href]: urlOf(`${script}.map`) }, directory);
    // V8 names the script by its path in some stacks.
    expect(locator.locate([script, 2, 10, 'keep'])).toEqual({
      file: path.join(directory, 'store.ts'),
      line: 4,
      column: 8,
      function: 'keep',
      source: 'list.push(a);',
    });
    expect(locator.sourcesOf(script)).toEqual([path.join(directory, 'store.ts')]);
  });

  it('are those of the script when the map leads to sources that were not published', () => {
    const directory = temporaryDirectory();
    const script = path.join(directory, 'store.js');
    const { outputText, sourceMapText } = compile(false);
    writeFileSync(script, outputText);
    writeFileSync(`${script}.map`, JSON.stringify({ ...JSON.parse(sourceMapText ?? ''), sourcesContent: undefined }));
    const locator = new SourceLocator({ [pathToFileURL(script).href]: 'store.js.map' }, directory);
    expect(locator.locate([script, 2, 10, 'keep'])).toMatchObject({ file: script, line: 2 });
    expect(locator.sourcesOf(script)).toEqual([script]);
    expect(locator.shortScript(script)).toBe('store.js');
  });

  it('are those of the script when its map looks for sources beside the package', () => {
    const directory = path.join(temporaryDirectory(), 'node_modules');
    const script = path.join(directory, 'store', 'cjs', 'store.js');
    mkdirSync(path.dirname(script), { recursive: true });
    writeFileSync(path.join(directory, 'store', 'package.json'), '{"name": "store", "version": "1.0.0"}');
    const { outputText, sourceMapText } = compile(false);
    writeFileSync(script, outputText);
    const map = { ...JSON.parse(sourceMapText ?? ''), sources: ['../../src/store.ts'] };
    writeFileSync(`${script}.map`, JSON.stringify(map));
    const locator = new SourceLocator({ [pathToFileURL(script).href]: 'store.js.map' }, directory);
    expect(locator.locate([script, 2, 10, 'keep'])).toMatchObject({ file: script, line: 2, package: 'store@1.0.0' });
  });

  it('follow a map that the script carries in itself', () => {
    const directory = temporaryDirectory();
    const script = path.join(directory, 'store.ts');
    writeFileSync(script, source);
    const url = /sourceMappingURL=(data:.*)/.exec(compile(true).outputText)?.[1] ?? '';
    const locator = new SourceLocator({ [`${pathToFileURL(script).href}`]: url }, directory);
    expect(locator.locate([`${pathToFileURL(script).href}?version=1`, 2, 10, ''])).toMatchObject({
      file: script,
      line: 4,
    });
  });

  it('name the package that a file belongs to', () => {
    const directory = temporaryDirectory();
    const root = path.join(directory, 'node_modules', '@scope', 'cache');
    mkdirSync(path.join(root, 'lib'), { recursive: true });
    writeFileSync(path.join(root, 'package.json'), '{"name": "@scope/cache", "version": "2.0.1"}');
    writeFileSync(path.join(root, 'lib', 'index.js'), 'x\n');
    const locator = new SourceLocator({}, directory);
    const location = locator.locate([path.join(root, 'lib', 'index.js'), 1, 1, '']);
    expect(location?.package).toBe('@scope/cache@2.0.1');
    expect(locator.shortPlace(location!)).toBe('@scope/cache@2.0.1/lib/index.js:1');
  });

  it('are reported as they are when the map cannot be read, and not at all for builtins', () => {
    const directory = temporaryDirectory();
    const script = path.join(directory, 'gone.js');
    for (const map of ['gone.js.map', 'data:application/json,{', 'data:application/json,%', '100%.js.map']) {
      const locator = new SourceLocator({ [script]: map }, directory);
      expect(locator.locate([script, 5, 1, ''])).toEqual({ file: script, line: 5, column: 1 });
    }
    const locator = new SourceLocator({}, directory);
    expect(locator.locate(['', 0, 0, 'set'])).toBeUndefined();
    expect(locator.locate(['evalmachine.<anonymous>', 1, 1, ''])).toBeUndefined();
  });
});
