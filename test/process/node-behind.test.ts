import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type RunRecord, runRecordSchema } from '../../harness/model/run-record.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const service = fileURLToPath(new URL('../fixtures/attached/service.mjs', import.meta.url));

/** A script of a package that a shell must run: what it starts is no child of plateau's. */
async function soakPackage(assignment: string): Promise<RunRecord> {
  const directory = temporaryDirectory();
  const start = `true && ${assignment} node ${service} && true`;
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'search', scripts: { start } }));
  const given = ['http', '--start', 'npm start', '/search?q={input}', '--json', '--quiet', '--seed', '41'];
  const { stdout } = await plateau(given, { directory });
  return runRecordSchema.parse(JSON.parse(stdout));
}

test('a leak in a Node service behind npm and a shell has its line and holder', async () => {
  const { verdict, suspects, warnings, reason } = await soakPackage('LEAK=1');
  expect({ verdict, warnings }, reason).toEqual({ verdict: 'leak', warnings: [] });
  expect(suspects[0]).toMatchObject({
    location: { file: service },
    holder: { description: expect.stringContaining('`searches`') },
  });
});

test('its sound twin passes by its heap, and npm and the shell are no children of it', async () => {
  const { verdict, findings, reason } = await soakPackage('LEAK=');
  expect(verdict, reason).toBe('plateau');
  expect(findings.find(({ metric }) => metric === 'heapUsed')).toMatchObject({ verdict: 'plateau' });
  expect(findings.find(({ metric }) => metric === 'children')).toMatchObject({ last: 0 });
});
