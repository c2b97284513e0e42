import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, type TestContext, test } from 'vitest';
import type { RunRecord } from '../../harness/model/run-record.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

type OnTestFinished = TestContext['onTestFinished'];

/** A directory with a scenario whose target and operation are given as text. */
function scenario(
  onTestFinished: OnTestFinished,
  target: string,
  operation = httpGet('/'),
  files: Record<string, string> = {},
): string {
  const directory = temporaryDirectory(onTestFinished);
  const text = `import { defineScenario, operation } from 'plateau';
export default defineScenario({ name: 'failing', target: ${target}, operations: { call: operation(${operation}) } });
`;
  for (const [name, content] of Object.entries({ ...files, 'failing.scenario.mjs': text }))
    writeFileSync(join(directory, name), content);
  return directory;
}

function httpGet(path: string): string {
  return `{ create: ({ target }) => target.http.get('${path}'), destroy() {} }`;
}

const server = `import { createServer } from 'node:http';
createServer((request, response) => { response.statusCode = request.url === '/' ? 200 : 404; response.end(); }).listen(process.env.PORT);
`;
const run = ['run', './failing.scenario.mjs', '--quiet', '--duration', '30s'];

const taken = createServer().listen(0);
await once(taken, 'listening');
const { port: takenPort } = taken.address() as AddressInfo;
afterAll(() => void taken.close());

const dying: readonly (readonly [string, string, Record<string, string>, RegExp])[] = [
  [
    'a failing import',
    "{ script: './server.mjs' }",
    { 'server.mjs': "import './absent.js';\n" },
    /exit code 1\): Error \[ERR_MODULE_NOT_FOUND\]: Cannot find module .*absent\.js/,
  ],
  [
    'a port in use',
    "{ script: './server.mjs' }",
    { 'server.mjs': server.replace('process.env.PORT', String(takenPort)) },
    /EADDRINUSE/,
  ],
  [
    'a command that fails',
    "{ command: ['sh', '-c', 'echo starting; echo no database >&2; exit 7'], ready: { line: 'ready' } }",
    {},
    /exit code 7\): no database/,
  ],
];

test.concurrent.for(dying)(
  'a target that ends at start with %s is shown with its last lines and its log',
  async ([, target, files, reason], { onTestFinished }) => {
    const directory = scenario(onTestFinished, target, undefined, files);
    const reporters = ['json', 'junit', 'markdown', 'html'].flatMap((name) => ['--reporter', `${name}=report.${name}`]);
    const { stdout, exitCode } = await plateau([...run, ...reporters], { directory });
    expect(exitCode).toBe(4);
    expect(stdout).toContain('target.log');
    const record = JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8')) as RunRecord;
    expect(record.reason).toMatch(reason);
    expect(record.targetOutput?.log).toBe('target.log');
    const lines = record.targetOutput!.lastLines;
    const lastLine = lines.at(-1)!.trim().slice(0, 20);
    const texts = [
      stdout,
      ...['junit', 'markdown', 'html'].map((name) => readFileSync(join(directory, `report.${name}`), 'utf8')),
    ];
    for (const text of texts) expect(text).toContain(lastLine);
  },
);

const hopeless: readonly (readonly [string, string, number, RegExp])[] = [
  [
    'creates that all fail',
    httpGet('/missing'),
    3,
    /none of the first 36 cycles succeeded: 36 times, create of call failed with HTTP 404/,
  ],
  [
    'a destroy that always throws',
    "{ create: ({ target }) => target.http.get('/'), destroy() { throw new Error('no session'); } }",
    3,
    /36 times, destroy of call failed with no session/,
  ],
];

test.concurrent.for(hopeless)(
  '%s end the run after a few dozen with the error',
  async ([, operation, wanted, problem], { onTestFinished }) => {
    const directory = scenario(onTestFinished, "{ script: './server.mjs' }", operation, { 'server.mjs': server });
    const { exitCode, stderr, stdout } = await plateau(run, { directory });
    expect(stderr + stdout).toMatch(problem);
    expect(exitCode).toBe(wanted);
  },
);

test.concurrent('the same error of the configuration ends the run once, with what to do', async ({
  onTestFinished,
}) => {
  const directory = scenario(
    onTestFinished,
    "{ command: ['sh', '-c', 'echo ready; exec sleep 60'], ready: { line: 'ready' } }",
  );
  const { exitCode, stderr } = await plateau(run, { directory });
  expect(stderr).toMatch(/has no address.*ready: \{port\}/);
  expect(exitCode).toBe(3);
});

test.concurrent('a service that is late to answer is waited for', async ({ onTestFinished }) => {
  const late = server.replace("request.url === '/'", 'performance.now() > 1_200');
  const directory = scenario(onTestFinished, "{ script: './server.mjs' }", undefined, { 'server.mjs': late });
  const { exitCode, stdout } = await plateau([...run, '--rounds', '3', '--json'], { directory });
  expect([0, 2]).toContain(exitCode);
  expect((JSON.parse(stdout) as RunRecord).counts.destroyed).toBeGreaterThan(0);
});

const urls: readonly (readonly [string, number, RegExp])[] = [
  ['http://127.0.0.1:9', 4, /nothing accepts connections at http:\/\/127\.0\.0\.1:9/],
  ['postgres://127.0.0.1:PORT/shop', 3, /`target\.http` expected .* http:\/\/ or https:\/\/, got postgres:\/\//],
  ['grpc://127.0.0.1:PORT', 3, /got grpc:\/\//],
  ['https://127.0.0.1:PORT', 3, /begin its address with http:\/\//],
];

test.concurrent.for(urls)(
  'a target at %s gets a message that names the cause',
  async ([url, wanted, problem], { onTestFinished }) => {
    const listening = createServer((_request, response) => void response.end()).listen(0, '127.0.0.1');
    onTestFinished(() => void listening.close());
    await new Promise((resolve) => listening.once('listening', resolve));
    const { port } = listening.address() as AddressInfo;
    const directory = scenario(onTestFinished, `{ url: '${url.replace('PORT', String(port))}' }`);
    const { exitCode, stderr, stdout } = await plateau(run, { directory, environment: { COLUMNS: '200' } });
    expect(stderr + stdout).toMatch(problem);
    expect(exitCode).toBe(wanted);
  },
);

test.concurrent('a port that something else listens on is not taken for the target', async ({ onTestFinished }) => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const directory = scenario(onTestFinished, `{ command: ['sleep', '60'], ready: { port: ${port} } }`);
  const { exitCode, stdout } = await plateau(run, { directory });
  expect(stdout).toContain(`port ${port} is in use`);
  expect(exitCode).toBe(4);
});

const certificate =
  'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1'.split(' ');

test.concurrent('a server with TLS is driven over TLS once its certificate is trusted; before, the message says how', async ({
  onTestFinished,
}) => {
  const secure = `import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
createServer({ key: readFileSync('key.pem'), cert: readFileSync('cert.pem') }, (request, response) => response.end()).listen(process.env.PORT);
`;
  const directory = scenario(onTestFinished, "{ script: './server.mjs' }", undefined, { 'server.mjs': secure });
  execFileSync('openssl', [...certificate, '-keyout', 'key.pem', '-out', 'cert.pem'], {
    cwd: directory,
    stdio: 'ignore',
  });
  const refused = await plateau(run, { directory });
  expect(refused.stderr).toMatch(/SELF_SIGNED_CERT[\s\S]*`http: \{ ca \}`[\s\S]*--ca <file>/);
  const environment = { NODE_EXTRA_CA_CERTS: join(directory, 'cert.pem') };
  const { stdout } = await plateau([...run, '--rounds', '3', '--json'], { directory, environment });
  expect((JSON.parse(stdout) as RunRecord).counts.failed).toBe(0);
});

test.concurrent('a server that speaks HTTP/2 in the clear is named as one that does not speak HTTP/1.1', async ({
  onTestFinished,
}) => {
  const http2 =
    "import { createServer } from 'node:http2';\ncreateServer((request, response) => response.end()).listen(process.env.PORT);\n";
  const directory = scenario(onTestFinished, "{ script: './server.mjs' }", undefined, { 'server.mjs': http2 });
  const { exitCode, stderr } = await plateau(run, { directory, environment: { COLUMNS: '200' } });
  expect(stderr).toMatch(/HTTP\/2/);
  expect(exitCode).toBe(3);
});

test.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'a disk that is full when the report is written is a fault, whatever the run has shown',
  async ({ onTestFinished }) => {
    const directory = temporaryDirectory(onTestFinished);
    const small = join(directory, 'small');
    mkdirSync(small);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small]);
    if (mounted.status !== 0) return;
    onTestFinished(() => void spawnSync('umount', [small]));
    writeFileSync(join(directory, 'sound.mjs'), 'export function iterate() {}\n');
    const given = ['run', './sound.mjs', '--quiet', '--rounds', '12', '--duration', '3s', '--out', 'small/out'];
    const { exitCode, stderr } = await plateau(given, { directory });
    expect(stderr).toMatch(/ENOSPC|disk I\/O error|full/);
    expect(exitCode).toBe(4);
  },
);
