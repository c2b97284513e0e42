import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runRecordSchema } from '../../harness/model/run-record.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const fixtures = fileURLToPath(new URL('../fixtures/http/', import.meta.url));
const readme = readFileSync(new URL('../../scenarios/README.md', import.meta.url), 'utf8');
const short = ['--rounds', '3', '--cycles', '30', '--attribution', 'off', '--json', '--quiet'];

function recordOf(stdout: string) {
  return runRecordSchema.parse(JSON.parse(stdout));
}

test('the scenario of the README logs in, reads events and closes them', async () => {
  const directory = temporaryDirectory();
  cpSync(fixtures, directory, { recursive: true });
  renameSync(join(directory, 'visits-server.mjs'), join(directory, 'server.mjs'));
  const block = readme
    .split('```')
    .find((text) => text.startsWith('ts\n') && text.includes('events.next('))!
    .slice(3);
  const scenario = block.replace('./server.js', './server.mjs');
  writeFileSync(join(directory, 'visits.scenario.ts'), scenario);
  writeFileSync(join(directory, 'open.scenario.ts'), scenario.replace('(events) => events.close()', '() => undefined'));
  const closed = recordOf((await plateau(['run', './visits.scenario.ts', ...short], { directory })).stdout);
  expect(closed.counts).toMatchObject({ failed: 0, rounds: 3 });
  expect(closed.warnings.join()).not.toContain('open');
  const open = recordOf((await plateau(['run', './open.scenario.ts', ...short], { directory })).stdout);
  expect(open.warnings.join()).toMatch(/the scenario leaves \d+ streams or WebSockets open after a round/);
});

const health = ['http', '--start', `node ${fixtures}visits-server.mjs`, '/health', ...short];

test.each([
  ['tls', ['--ca', `${fixtures}tls/ca.pem`]],
  ['tls', ['--insecure']],
  ['http2', ['--http2']],
])('requests over %s with %s', async (protocol, given) => {
  const settings = { directory: temporaryDirectory(), environment: { PROTOCOL: protocol } };
  const { stdout, stderr } = await plateau([...health, ...given], settings);
  expect(stderr).toBe('');
  expect(recordOf(stdout).counts).toMatchObject({ failed: 0 });
});

test.each([
  ['tls', [], /expected a certificate that is trusted, got .*--ca <file>/s],
  ['http2', [], /expected HTTP\/1.1, got a target that speaks HTTP\/2.*--http2/s],
  ['tls', ['--http2'], /expected a certificate that is trusted|expected HTTP\/2, as `http2` says/],
])('a target over %s with %s is refused with what to do', async (protocol, given, expected) => {
  const settings = { directory: temporaryDirectory(), environment: { PROTOCOL: protocol } };
  const { exitCode, stdout, stderr } = await plateau([...health, ...given], settings);
  expect(`${stdout}${stderr}`).toMatch(expected);
  expect(`${stdout}${stderr}`).not.toMatch(/UND_ERR_SOCKET|HTTPParserError/);
  expect(exitCode).toBe(3);
});

test('a create and what undoes it, beside a request alone: the sound server passes', async () => {
  const requests = ['POST /carts -> DELETE /carts/{json:id}', '2*/search?q={cycle}'];
  const given = ['http', '--start', `node ${fixtures}cart-server.mjs`, ...requests, '--json', '--quiet'];
  const { exitCode, stdout, stderr } = await plateau(given, { directory: temporaryDirectory() });
  expect(stderr).toBe('');
  expect(recordOf(stdout).counts).toMatchObject({ failed: 0 });
  expect(exitCode).toBe(0);
});

test('a fault that reaches no request of an operation made of functions is refused, and one that does is driven', async () => {
  const directory = temporaryDirectory();
  writeFileSync(
    join(directory, 'server.mjs'),
    "import { createServer } from 'node:http';\ncreateServer((_, answer) => answer.end('ok')).listen(process.env.PORT);\n",
  );
  const soak = async (ask: string) => {
    writeFileSync(
      join(directory, 'visit.scenario.ts'),
      `import { defineScenario, operation } from 'plateau';
export default defineScenario({
  name: 'visit',
  target: { script: './server.mjs' },
  operations: { visit: operation({ create: ({ target }) => ${ask}, destroy() {} }) },
});
`,
    );
    return plateau(['run', './visit.scenario.ts', '--fault', 'abort=0.5', ...short], { directory });
  };
  expect(await soak('fetch(target.url).then((answer) => answer.text())')).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining(
      '"visit (aborted)": the fault abort disturbs requests through `target.http`, got none',
    ),
  });
  expect(recordOf((await soak("target.http.get('/')")).stdout).counts).toMatchObject({ failed: 0 });
});
