import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeGrowth, describeHolder, nothingHeld } from '../../../../harness/attribute/leads/holder-words.js';
import { SourceLocator } from '../../../../harness/attribute/source/source-locator.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

/** A bundle of two sources, which its map carries. */
function bundle(sources: Readonly<Record<string, string>>) {
  const directory = temporaryDirectory();
  const script = path.join(directory, 'bundle.js');
  writeFileSync(script, Object.values(sources).join('\n'));
  const map = { version: 3, sources: Object.keys(sources), sourcesContent: Object.values(sources), mappings: '' };
  writeFileSync(`${script}.map`, JSON.stringify({ ...map, names: [] }));
  const locator = new SourceLocator({ [pathToFileURL(script).href]: 'bundle.js.map' }, directory);
  const described = (name: string, field?: string) =>
    describeHolder({
      holder: {
        ...nothingHeld,
        tableBytes: 0,
        path: {
          expression: name,
          steps: [`${name}: Map`],
          origin: 'variable',
          names: field === undefined ? [name] : [field, name],
          script: pathToFileURL(script).href,
          className: 'Map',
          chain: [],
        },
      },
      group: undefined,
      rate: 1,
      location: undefined,
      locator,
    });
  return { directory, described };
}

describe('a holder in a bundle', () => {
  const sources = { 'src/errors.js': 'export class Failure {}', 'src/locale.js': 'let formats = new Map();' };

  it('is in the source that declares it', () => {
    const { directory, described } = bundle(sources);
    expect(described('formats')).toEqual({
      description: '`formats` (Map in src/locale.js)',
      path: ['formats: Map (src/locale.js)'],
      location: {
        file: path.join(directory, 'src/locale.js'),
        line: 1,
        column: 5,
        source: 'let formats = new Map();',
      },
    });
  });

  it('does not take a field of that name in any of the sources for the one that is meant', () => {
    const { described } = bundle({ 'src/rules.js': 'const rules = { formats: 1 };', ...sources });
    expect(described('locale', 'formats')?.location).toBeUndefined();
  });

  it('is in the bundle when no source declares it', () => {
    expect(bundle(sources).described('unknown')).toMatchObject({
      description: '`unknown` (Map in bundle.js)',
      path: ['unknown: Map (bundle.js)'],
    });
  });
});

it('says that timers were started at a line only where that was seen', () => {
  const path = {
    expression: 'timers',
    steps: [],
    origin: 'root' as const,
    names: [],
    className: 'TimersList',
    chain: [],
  };
  const kinds = [{ type: 'object', name: 'Timeout', count: 90, bytes: 9_000, entries: 90 }];
  const location = { file: '/srv/app/server.js', line: 41 };
  const holder = { ...nothingHeld, tableBytes: 0, path, kinds };
  const words = { holder, group: undefined, rate: 1, location, locator: new SourceLocator({}, '/srv/app') };
  expect(describeGrowth({ ...words, isSeenMade: true })).toBe(
    'Timers started at server.js:41 are not cleared (1 a cycle)',
  );
  expect(describeGrowth({ ...words, isSeenMade: false })).toBe(
    '`Timeout` objects added at server.js:41 (1 a cycle) are kept by `timers`',
  );
});
