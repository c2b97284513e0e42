import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runRecordSchema } from '../../harness/model/run-record.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const fixtures = fileURLToPath(new URL('../fixtures/http/', import.meta.url));
const short = ['--rounds', '3', '--cycles', '20', '--attribution', 'off', '--json', '--quiet'];

async function soak(given: readonly string[] = [], environment = {}) {
  const directory = temporaryDirectory();
  const journal = join(directory, 'journal');
  writeFileSync(journal, '');
  const all = ['run', `${fixtures}helpers.scenario.mjs`, ...short, ...given];
  const result = await plateau(all, { directory, environment: { JOURNAL: journal, ...environment } });
  const record = runRecordSchema.parse(JSON.parse(result.stdout));
  return { ...result, record, journal: readFileSync(journal, 'utf8').trim().split('\n') };
}

test('services start before the target, each with the addresses of those before it, and end after it', async () => {
  const { record, journal } = await soak();
  expect(record.counts).toMatchObject({ failed: 0 });
  expect(journal).toEqual([
    'store listens',
    'mail listens',
    'target listens',
    'target ends',
    'mail ends',
    'store ends',
  ]);
});

test('the scenario of the README runs', async () => {
  const directory = temporaryDirectory();
  const readme = readFileSync(new URL('../../scenarios/README.md', import.meta.url), 'utf8');
  const block = readme
    .split('```')
    .find((text) => text.startsWith('ts\n') && text.includes('MAIL_URL:'))!
    .slice(3);
  const server =
    "import { createServer } from 'node:http';\nconst answer = (_, response) => response.end(JSON.stringify([process.env.STORE_URL, process.env.MAIL_URL]));\ncreateServer(answer).listen(process.argv[2] ?? process.env.PORT, '127.0.0.1');\n";
  for (const name of ['fake-store.mjs', 'fake-mail.mjs', 'server.mjs']) writeFileSync(join(directory, name), server);
  writeFileSync(
    join(directory, 'letters.scenario.ts'),
    block.replaceAll(/(fake-store|fake-mail|server)\.js/g, '$1.mjs'),
  );
  const { stdout } = await plateau(['run', './letters.scenario.ts', ...short], { directory });
  expect(runRecordSchema.parse(JSON.parse(stdout)).counts).toMatchObject({ failed: 0 });
});

test('a service that does not start ends the run with its words, and nothing is left running', async () => {
  const { exitCode, record, journal } = await soak([], { FAILS: 'mail' });
  expect(exitCode).toBe(4);
  expect(record.reason).toContain('the service MAIL_URL ended before it was ready');
  expect(JSON.stringify(record)).toContain('mail: no licence');
  expect(journal).toEqual(['store listens', 'store ends']);
});

test('a PostgreSQL server is a service, whoever runs plateau', async () => {
  const directory = temporaryDirectory();
  writeFileSync(
    join(directory, 'server.mjs'),
    "import { createServer } from 'node:http';\ncreateServer((_, answer) => answer.end(process.env.STORE_URL)).listen(process.env.PORT);\n",
  );
  writeFileSync(
    join(directory, 'store.scenario.ts'),
    `import { defineScenario } from 'plateau';
export default defineScenario({
  name: 'store',
  services: { STORE_URL: { postgres: {} } },
  target: { script: './server.mjs' },
  operations: { ask: { create: { path: '/' } } },
});
`,
  );
  const { stdout } = await plateau(['run', './store.scenario.ts', ...short], { directory });
  expect(runRecordSchema.parse(JSON.parse(stdout))).toMatchObject({ counts: { failed: 0, rounds: 3 } });
});

test('faults of upstreams stand between the target and its services', async () => {
  const { record } = await soak(['--fault', 'upstream-reset=0.3']);
  expect(record.counts.failed).toBe(0);
  expect(record.latency).toHaveProperty(['letter (upstream resets).create']);
});

test('flags of Node reach a module of functions, and no target that is none of Node', async () => {
  const directory = temporaryDirectory();
  const flag = '--conditions=under-test';
  writeFileSync(
    join(directory, 'flags.mjs'),
    `export function iterate() { if (!process.execArgv.includes('${flag}')) throw new Error('no flag'); }\n`,
  );
  const { stdout } = await plateau(['run', './flags.mjs', `--node-option=${flag}`, ...short], { directory });
  const record = runRecordSchema.parse(JSON.parse(stdout));
  expect(record.counts.failed).toBe(0);
  expect(record.rerun).toContain(`--node-option=${flag} `);
  const refused = await plateau(['http', '--start', 'sleep {port}', '/', `--node-option=${flag}`], { directory });
  expect(refused).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('expected a Node script') });
});

test('the scenario of the README asks a server of lines over TCP', async () => {
  const directory = temporaryDirectory();
  const readme = readFileSync(new URL('../../scenarios/README.md', import.meta.url), 'utf8');
  const block = readme.split('```').find((text) => text.startsWith('ts\n// chat.scenario.ts'))!;
  writeFileSync(join(directory, 'chat.scenario.ts'), block.slice(3));
  const server = `
require('node:net').createServer((socket) => {
  socket.on('error', () => undefined).on('data', (line) => {
    if (String(line).startsWith('NICK')) socket.write('OK\\n');
  });
}).listen(process.env.PORT);`;
  writeFileSync(join(directory, 'chat.js'), server);
  const { stdout } = await plateau(['run', './chat.scenario.ts', ...short], { directory });
  const { counts } = runRecordSchema.parse(JSON.parse(stdout));
  expect(counts.failed).toBe(0);
  expect(counts.destroyed).toBeGreaterThan(0);
});
