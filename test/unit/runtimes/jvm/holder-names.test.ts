import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { HolderGroup } from '../../../../harness/runtimes/jvm/heap-dump/holder-group.js';
import { holderOf } from '../../../../harness/runtimes/jvm/holder-names.js';
import { SourceFiles } from '../../../../harness/runtimes/jvm/source-files.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const directory = temporaryDirectory(afterAll);
writeFileSync(join(directory, 'Desk.java'), 'class Desk {\n  static final Log LOG = new Log();\n}\n');
const sources = new SourceFiles(directory);
const noSources = new SourceFiles(undefined);

function groupFrom(className: string, contents: ReadonlyMap<string, number> = new Map()): HolderGroup {
  const field = (declaredIn: string, name: string) => ({ declaredIn, name });
  return {
    path: [`${className}.LOG`, 'context', 'known', 'table', '[]'],
    namedSteps: 3,
    outerSteps: 0,
    root: { kind: 'static', className, field: 'LOG' },
    fields: [field(className, 'LOG'), field('log.Logger', 'context'), field('log.Context', 'known')],
    isRoundabout: false,
    entries: 400,
    type: 'log.Logger',
    contents,
  };
}

const nothing = { largestNumbers: () => new Map<string, number>() };

test.each([
  ['a field of the user leads to', 'Desk', sources, 'Desk.LOG.context.known'],
  ['any library may lead to, by the field that keeps it', 'org.server.Paths', sources, 'log.Context.known'],
  ['a class of the platform leads to', 'java.io.Hook', sources, 'java.io.Hook.LOG.context.known'],
  [
    'anybody leads to, where no source says who is who',
    'org.server.Paths',
    noSources,
    'org.server.Paths.LOG.context.known',
  ],
])('names what %s', (_, className, files, description) => {
  expect(holderOf(groupFrom(className), nothing, files)).toMatchObject({ description });
});

test('gives the largest of each number in what hangs on the entries', () => {
  const numbers: Readonly<Record<string, ReadonlyMap<string, number>>> = {
    'log.Logger': new Map([['level', 3]]),
    'log.Mark': new Map([
      ['level', 1],
      ['expiresAt', -1],
    ]),
  };
  const contents = new Map(Object.keys(numbers).map((name) => [name, 400]));
  const { entryNumbers } = holderOf(
    groupFrom('Desk', contents),
    { largestNumbers: (name) => numbers[name] ?? new Map() },
    sources,
  );
  expect(entryNumbers).toEqual(
    new Map([
      ['level', 3],
      ['expiresAt', -1],
    ]),
  );
});
