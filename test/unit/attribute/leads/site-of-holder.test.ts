import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { growingSites } from '../../../../harness/attribute/evidence/allocation-sites.js';
import type { EvidenceRound } from '../../../../harness/attribute/evidence/attribution-session.js';
import { nothingHeld } from '../../../../harness/attribute/leads/holder-words.js';
import { siteOfHolder } from '../../../../harness/attribute/leads/site-of-holder.js';
import { SourceLocator } from '../../../../harness/attribute/source/source-locator.js';
import type { RawFrame } from '../../../../harness/model/attribution-protocol.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const source = `import { performance } from 'node:perf_hooks';
export function iterate(cycle) {
  const name = String(cycle);
  performance.mark(name);
}
`;

/** Four rounds of a hundred cycles, in which each site allocates as much. */
function roundsOf(frames: RawFrame[], sites: { stack: number[]; bytesPerRound: number }[]): EvidenceRound[] {
  return [1, 2, 3, 4].map((round) => ({
    cycles: round * 100,
    values: {},
    sites: {
      frames,
      sites: sites.map(({ stack, bytesPerRound }) => ({
        stack,
        bytes: round * bytesPerRound,
        largeBytes: 0,
      })),
    },
  }));
}

it('is the call by which Node makes what it keeps for itself, not the first line of the function', () => {
  const directory = temporaryDirectory();
  const file = path.join(directory, 'driver.mjs');
  writeFileSync(file, source);
  const frames: RawFrame[] = [
    ['node:internal/perf/usertiming', 100, 1, 'PerformanceMark'],
    ['node:internal/perf/performance', 50, 1, 'mark'],
    [pathToFileURL(file).href, 2, 24, 'iterate'],
  ];
  const rounds = roundsOf(frames, [{ stack: [0, 1, 2], bytesPerRound: 10_000 }]);
  const heldBy = {
    expression: 'markTimings',
    steps: ['markTimings: Map'],
    origin: 'variable' as const,
    names: ['markTimings'],
    script: 'node:internal/perf/usertiming',
    className: 'Map',
    chain: [],
  };
  const [place] = siteOfHolder(
    { ...nothingHeld, tableBytes: 0, path: heldBy },
    { sites: growingSites(rounds), groups: [], locator: new SourceLocator({}, directory) },
  );
  expect(place).toMatchObject({ file, line: 4, function: 'iterate', source: 'performance.mark(name);' });
});

const tree = `export class Node {
  constructor(key) { this.key = key; this.right = null; }
  addRight(key) {
    const child = new Node(key);
    this.right = child;
  }
  plant(key) {
    this.index = new Node(key);
  }
  delete(values) {
    const left = values.slice(1);
    if (left.length === 0) this.right = this.right.right;
    return left;
  }
}
`;

it('is where the entries are constructed, not where something else grows beside a line of that name', () => {
  const directory = temporaryDirectory();
  const file = path.join(directory, 'tree.mjs');
  writeFileSync(file, tree);
  const { href } = pathToFileURL(file);
  const frames: RawFrame[] = [
    [href, 2, 14, 'Node'],
    [href, 3, 11, 'addRight'],
    [href, 10, 9, 'delete'],
    [href, 7, 8, 'plant'],
  ];
  const rounds = roundsOf(frames, [
    { stack: [2], bytesPerRound: 30_000 },
    { stack: [0, 1], bytesPerRound: 10_000 },
    { stack: [0, 3], bytesPerRound: 11_000 },
  ]);
  const heldBy = {
    expression: 'index.right',
    steps: ['index: Node', '.right'],
    origin: 'variable' as const,
    names: ['right', 'index'],
    script: href,
    className: 'Node',
    chain: [],
  };
  const kinds = [{ type: 'object', name: 'Node', count: 300, bytes: 12_000, entries: 300 }];
  const [place] = siteOfHolder(
    { ...nothingHeld, tableBytes: 0, kinds, path: heldBy },
    { sites: growingSites(rounds), groups: [], locator: new SourceLocator({}, directory) },
  );
  expect(place).toMatchObject({ file, line: 5, function: 'addRight' });
});

it('is where the functions were written that are kept, not a line that only speaks of the name of their holder', () => {
  const directory = temporaryDirectory();
  const [database, driver] = ['database.mjs', 'driver.mjs'].map((name) => path.join(directory, name));
  writeFileSync(database!, 'export function prepare(query) {\n  return query.trim();\n}\n');
  writeFileSync(driver!, '\nconst note = (asked) => count(asked);\n');
  const rounds = roundsOf([[pathToFileURL(database!).href, 1, 24, 'prepare']], [{ stack: [0], bytesPerRound: 30_000 }]);
  const heldBy = {
    expression: 'knex._events.query',
    steps: ['knex: function', '._events: Object', '.query: Array'],
    origin: 'root' as const,
    names: ['query', '_events', 'knex'],
    className: 'Array',
    chain: [],
  };
  const place = { url: pathToFileURL(driver!).href, line: 2, column: 14 };
  const placeOf = (kinds: Parameters<typeof siteOfHolder>[0]['kinds']) =>
    siteOfHolder(
      { ...nothingHeld, tableBytes: 0, kinds, path: heldBy },
      { sites: growingSites(rounds), groups: [], locator: new SourceLocator({}, directory) },
    )[0];
  const notes = { type: 'closure', name: 'note', count: 300, bytes: 19_200, place };
  expect(placeOf([{ ...notes, entries: 300 }])).toMatchObject({ file: driver, line: 2 });
  expect(placeOf([])).toMatchObject({ file: database });
});

it('is the line of the class that has the holder as a field, where no stack passes through it', () => {
  const directory = temporaryDirectory();
  const [cache, parser] = ['cache.cjs', 'parser.cjs'].map((name) => path.join(directory, name));
  const method = 'Cache.prototype.put = function (key, value) {\n  this.__entries[key] = value;\n};\n';
  writeFileSync(cache!, `function Cache() {\n  this.__entries = {};\n}\n${method}`);
  writeFileSync(parser!, 'module.exports = function parse(text) {\n  return { text };\n};\n');
  const rounds = roundsOf([[pathToFileURL(parser!).href, 1, 32, 'parse']], [{ stack: [0], bytesPerRound: 30_000 }]);
  const heldBy = {
    expression: 'exports.parsed.__entries',
    steps: [`module ${parser}`, '.exports: function', '.parsed: Cache', '.__entries: Object'],
    origin: 'module' as const,
    names: ['__entries', 'parsed', 'exports'],
    script: parser!,
    className: 'Object',
    chain: [],
  };
  const placeOf = (more: { fieldScript?: string }) =>
    siteOfHolder(
      { ...nothingHeld, tableBytes: 0, path: { ...heldBy, ...more } },
      { sites: growingSites(rounds), groups: [], locator: new SourceLocator({}, directory) },
    );
  expect(placeOf({ fieldScript: cache! })).toMatchObject([{ file: cache, line: 5 }, { file: parser }]);
  expect(placeOf({})[0]).toMatchObject({ file: parser });
});
