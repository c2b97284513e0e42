import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const server = fileURLToPath(new URL('../fixtures/http/cart-server.mjs', import.meta.url));

async function portThat(treats: (socket: net.Socket) => void): Promise<number> {
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
async function failing(given: readonly string[], directory = temporaryDirectory()) {
  const { exitCode, stdout, stderr } = await plateau(['http', ...given, '--quiet', '--no-color'], { directory });
  const text = `${stdout}${stderr}`;
  expect(text).not.toMatch(/\n {4}at |Log: |TypeError|UND_ERR_SOCKET|HTTPParserError/);
  return { exitCode, text };
}

test.each([
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
])('a URL that %s: one message, and exit code 4', async (_what, treats, message) => {
  const port = await portThat(treats);
  const { exitCode, text } = await failing([`http://127.0.0.1:${port}/`, '--timeout', '1s']);
  expect(text).toMatch(message);
  expect(exitCode).toBe(4);
});

test.each([
  ['--har', 'broken.har', '{"log": '],
  ['--openapi', 'broken.yaml', 'openapi: 3.0.0\npaths: [1\n'],
  ['--openapi', 'dangling.json', '{"openapi":"3.0.0","paths":{"/a":{"$ref":"#/nowhere"}}}'],
  ['--access-log', 'broken.log', 'hello\n'],
])('a broken file for %s: one message, exit code 3, and nothing is started', async (option, name, content) => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, name), content);
  const { exitCode, text } = await failing(['--start', `node ${server}`, option, name], directory);
  expect(text).toContain(`${option} `);
  expect(text.trim().split('\n').length).toBeLessThanOrEqual(4);
  expect(exitCode).toBe(3);
  expect(readdirSync(directory)).toEqual([name]);
});

test('where every request is refused, what was started is ended', async () => {
  const mark = `refused-${process.pid}-${Date.now()}`;
  const { exitCode, text } = await failing(['--start', `node ${server} ${mark}`, '/nowhere']);
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
