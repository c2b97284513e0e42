import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type RunRecord, runRecordSchema } from '../../harness/model/run-record.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const server = fileURLToPath(new URL('../fixtures/http/cart-server.mjs', import.meta.url));
const start = ['--start', `node ${server}`];
const quiet = ['--json', '--quiet'];

function recordOf(stdout: string): RunRecord {
  return runRecordSchema.parse(JSON.parse(stdout));
}

test('what --write-scenario writes does the same', async () => {
  const directory = temporaryDirectory();
  const requests = ['POST /carts -> DELETE /carts/{json:id}', '2*/search?q={cycle}', '--header', "x-name: it's"];
  const written = await plateau(['http', ...start, ...requests, '--write-scenario', 'carts.scenario.ts'], {
    directory,
  });
  expect(written).toMatchObject({ exitCode: 0, stderr: '' });
  expect(readdirSync(directory)).toEqual(['carts.scenario.ts']);
  const short = ['--rounds', '3', '--cycles', '30', '--attribution', 'off'];
  const { stdout } = await plateau(['run', './carts.scenario.ts', ...short, ...quiet], { directory });
  const { counts, scenario } = recordOf(stdout);
  expect({ failed: counts.failed, scenario }).toEqual({ failed: 0, scenario: 'cart-server.mjs-carts' });
  const again = await plateau(['http', ...start, ...requests, '--write-scenario', 'carts.scenario.ts'], { directory });
  expect(again.exitCode).toBe(3);
  expect(readFileSync(join(directory, 'carts.scenario.ts'), 'utf8')).toContain("'x-name': 'it\\'s'");
});

test('an OpenAPI document: its pairs are soaked without code, and written as a module that runs', async () => {
  const directory = temporaryDirectory();
  const cart = { type: 'object', properties: { id: { type: 'string', readOnly: true }, owner: { type: 'string' } } };
  const json = { 'application/json': { schema: cart } };
  const document = {
    openapi: '3.0.0',
    info: { title: 'Carts', version: '1' },
    paths: {
      '/carts': { post: { requestBody: { content: json }, responses: { 201: { description: '', content: json } } } },
      '/carts/{cartId}': { delete: { responses: { 204: { description: '' } } } },
    },
  };
  writeFileSync(join(directory, 'carts.json'), JSON.stringify(document));
  const short = ['--rounds', '3', '--cycles', '30', '--attribution', 'off', ...quiet];
  const soaked = await plateau(['http', '--openapi', 'carts.json', ...start, ...short], { directory });
  expect(soaked.stderr).toBe('');
  expect(recordOf(soaked.stdout).counts).toMatchObject({ failed: 0 });
  cpSync(server, join(directory, 'server.mjs'));
  const written = await plateau(['init', '--openapi', 'carts.json'], { directory });
  expect(written).toMatchObject({ exitCode: 0, stderr: '' });
  const [scenario = ''] = readdirSync(directory).filter((name) => name.endsWith('.scenario.ts'));
  const { stdout } = await plateau(['run', `./${scenario}`, ...short], { directory });
  const { counts, latency = {} } = recordOf(stdout);
  expect(counts.failed).toBe(0);
  expect(Object.keys(latency)).toEqual(['POST /carts.create', 'POST /carts.destroy']);
});

test('a URL that nobody answers, and requests that are all refused: one message, the code of the contract', async () => {
  const directory = temporaryDirectory();
  const dead = await plateau(['http', 'http://127.0.0.1:9/search', ...quiet], { directory });
  expect(dead.exitCode).toBe(4);
  expect(recordOf(dead.stdout).reason).toContain(
    'nothing accepts connections at http://127.0.0.1:9: expected a service that runs already, got ECONNREFUSED',
  );
  const refused = await plateau(['http', ...start, '/carts/none', ...quiet], { directory });
  expect(refused.exitCode).toBe(3);
  expect(refused.stderr).toContain('create of GET /carts/none failed with HTTP 404');
  expect(refused.stderr).toContain('--expect-status');
});

test.each([
  [['/a'], 'expected a URL where --start is not given'],
  [['http://127.0.0.1:9/a', '--body', '@none.json'], '--body: expected a file after @'],
  [['http://127.0.0.1:9/a', '--form', 'photo=@none.jpg'], '--form name=@photo.jpg, or --form name=text'],
  [['http://127.0.0.1:9/a', '--body', '@.'], '--body: expected a file after @, got a directory at /'],
  [['http://127.0.0.1:9/a', '--cookie', ''], '--cookie: expected <name>=<value>, got ""'],
  [['http://127.0.0.1:9/a', '--header', 'nothing'], '--header: expected <name>:<value>'],
  [['http://127.0.0.1:9/a', '--expect-status', 'fine'], '--expect-status: expected statuses'],
  [['http://127.0.0.1:9/a/{env:PLATEAU_TEST_UNSET}'], 'PLATEAU_TEST_UNSET, which is not set'],
])('a bad option: %j', async (given, message) => {
  const { exitCode, stdout, stderr } = await plateau(['http', ...given], { directory: temporaryDirectory() });
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
  expect(stderr).toContain(message);
});
