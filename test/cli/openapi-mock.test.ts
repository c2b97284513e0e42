import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { runRecordSchema } from '../../harness/model/run-record.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const mock = fileURLToPath(new URL('../support/openapi-mock.mjs', import.meta.url));
const shapes = parse(readFileSync(new URL('../fixtures/openapi/documents.yaml', import.meta.url), 'utf8'));

test('each pair of a document is undone by the service that is made from it', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'boards.json');
  writeFileSync(file, JSON.stringify(shapes.boards.document));
  const start = ['--start', `${process.execPath} ${mock} ${file}`];
  const short = ['--rounds', '2', '--cycles', '60', '--attribution', 'off', '--json', '--quiet'];
  const { stdout } = await plateau(['http', '--openapi', file, ...start, ...short], { directory });
  const { counts, failures } = runRecordSchema.parse(JSON.parse(stdout));
  expect(failures ?? []).toEqual([]);
  expect(counts.destroyed).toBeGreaterThan(60);
});
