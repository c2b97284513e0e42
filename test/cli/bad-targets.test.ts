import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type TestContext, test } from 'vitest';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const server = fileURLToPath(new URL('../fixtures/http/cart-server.mjs', import.meta.url));

type OnTestFinished = TestContext['onTestFinished'];

async function portThat(treats: (socket: net.Socket) => void, onTestFinished: OnTestFinished): Promise<number> {
  const listening = net.createServer((socket) => {
    socket.on('error', () => undefined);
    treats(socket);
  });
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  onTestFinished(() => void listening.close());
  return (listening.address() as net.AddressInfo).port;
}

/** What it printed, on whichever stream. */
async function failing(given: readonly string[], directory: string) {
  const { exitCode, stdout, stderr } = await plateau(['http', ...given, '--quiet', '--no-color'], { directory });
  const text = `${stdout}${stderr}`;
  expect(text).not.toMatch(/\n {4}at |Log: |TypeError|UND_ERR_SOCKET|HTTPParserError/);
  return { exitCode, text };
}

test.concurrent.for<[string, (socket: net.Socket) => void, RegExp]>([
  ['accepts and never answers', () => undefined, /none of the first \d+ cycles succeeded|no cycle finished/],
  [
    'resets every connection',
    (socket: net.Socket) => socket.resetAndDestroy(),
    /none of the first \d+ cycles succeeded|nothing accepts connections/,
  ],
  ['closes every connection', (socket: net.Socket) => socket.end(), /none of the first \d+ cycles succeeded/],
  [
    'speaks no HTTP',
    (socket: net.Socket) => socket.end('SSH-2.0-server\r\n'),
    /none of the first \d+ cycles succeeded/,
  ],
])('a URL that %s: one message, and exit code 4', async ([, treats, message], { onTestFinished }) => {
  const port = await portThat(treats, onTestFinished);
  const given = [`http://127.0.0.1:${port}/`, '--timeout', '1s'];
  const { exitCode, text } = await failing(given, temporaryDirectory(onTestFinished));
  expect(text).toMatch(message);
  expect(exitCode).toBe(4);
});

test.concurrent.for([
  ['--har', 'broken.har', '{"log": '],
  ['--openapi', 'broken.yaml', 'openapi: 3.0.0\npaths: [1\n'],
  ['--openapi', 'dangling.json', '{"openapi":"3.0.0","paths":{"/a":{"$ref":"#/nowhere"}}}'],
  ['--openapi', 'null.json', 'null'],
  ['--har', 'binary.har', '\0\u0001'],
  ['--access-log', 'broken.log', 'hello\n'],
] as const)(
  'a broken file for %s: one message, exit code 3, and nothing is started',
  async ([option, name, content], { onTestFinished }) => {
    const directory = temporaryDirectory(onTestFinished);
    writeFileSync(join(directory, name), content);
    const { exitCode, text } = await failing(['--start', `node ${server}`, option, name], directory);
    expect(text).toContain(`${option} `);
    expect(text.trim().split('\n').length, text).toBeLessThanOrEqual(4);
    expect(exitCode).toBe(3);
    expect(readdirSync(directory)).toEqual([name]);
  },
);

test.concurrent('where every request is refused, what was started is ended', async ({ onTestFinished }) => {
  const mark = `refused-${process.pid}-${Date.now()}`;
  const { exitCode, text } = await failing(
    ['--start', `node ${server} ${mark}`, '/nowhere'],
    temporaryDirectory(onTestFinished),
  );
  expect(text).toContain('HTTP 404');
  expect(exitCode).toBe(3);
  expect(commandLines().filter((line) => line.includes(mark))).toEqual([]);
});

function commandLines(): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) && pid !== String(process.pid) ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8')] : [];
    } catch {
      return [];
    }
  });
}
