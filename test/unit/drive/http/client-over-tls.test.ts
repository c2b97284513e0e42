import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import type net from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createHttpClient } from '../../../../harness/drive/http/http-client.js';
import { checkProtocol, otherProtocolOf } from '../../../../harness/drive/http/spoken-protocol.js';
import type { PlateauError } from '../../../../harness/index.js';
import type { HttpSettings } from '../../../../harness/model/http.js';

const pem = (name: string) => readFileSync(new URL(`../../../fixtures/http/tls/${name}.pem`, import.meta.url), 'utf8');
const identity = { key: pem('key'), cert: pem('cert') };
const trusting: HttpSettings = { ca: pem('ca') };

const answer = (
  request: http.IncomingMessage | http2.Http2ServerRequest,
  response: http.ServerResponse | http2.Http2ServerResponse,
) => {
  (response as http.ServerResponse).end(
    `${request.httpVersion} ${request.method} ${request.headers['x-tenant'] ?? ''}`,
  );
};

const servers = {
  http: () => http.createServer(answer),
  https: () => https.createServer(identity, answer),
  h2c: () => http2.createServer(answer),
  h2: () => http2.createSecureServer(identity, answer),
};

async function addressOf(kind: keyof typeof servers, scheme = kind === 'http' || kind === 'h2c' ? 'http' : 'https') {
  const server: net.Server = servers[kind]();
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `${scheme}://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
}

test.each([
  ['http', {}, '1.1'],
  ['https', trusting, '1.1'],
  ['https', { rejectUnauthorized: false }, '1.1'],
  ['h2c', { http2: true }, '2.0'],
  ['h2', { ...trusting, http2: true }, '2.0'],
] as const)('a target over %s with %o answers, many requests at once', async (kind, settings, version) => {
  const url = await addressOf(kind);
  await checkProtocol(url, settings);
  const client = createHttpClient(url, { connections: 8 }, { ...settings, headers: { 'X-Tenant': 'seven' } });
  onTestFinished(() => client.close());
  const answers = await Promise.all(Array.from({ length: 40 }, () => client.post('/', { a: 1 })));
  expect(new Set(answers.map((one) => one.text()))).toEqual(new Set([`${version} POST seven`]));
  const own = await client.get('/', { headers: { 'x-tenant': 'own' } });
  expect(own.text()).toBe(`${version} GET own`);
});

test.each([
  ['https', 'https', {}, /expected a certificate that is trusted, got unable to verify/, /http: \{ ca \}/],
  ['https', 'https', { ca: 'no PEM' }, /expected certificates in PEM, as `ca` says, got a text without one/, /BEGIN/],
  ['h2', 'https', trusting, /expected HTTP\/1.1 over TLS, got a target that speaks HTTP\/2 alone/, /http2: true/],
  ['https', 'https', { ...trusting, http2: true }, /expected HTTP\/2.*does not agree/, /leave `http2` out/],
  ['http', 'https', {}, /expected TLS, got a target that does not speak it/, /http:\/\//],
  ['http', 'http', { http2: true }, /expected HTTP\/2 in the clear/, /leave `http2` out/],
  ['https', 'http', { http2: true }, /expected HTTP in the clear, got a target that speaks TLS/, /https:\/\/127/],
] as const)(
  'a target over %s at %s:// with %o is refused before it is asked',
  async (kind, scheme, settings, message, hint) => {
    const refused = await checkProtocol(await addressOf(kind, scheme), settings).catch((error: PlateauError) => error);
    expect(refused).toMatchObject({ code: 'PLATEAU_INVALID_SCENARIO', exitCode: 3 });
    expect((refused as PlateauError).message).toMatch(message);
    expect((refused as PlateauError).hint).toMatch(hint);
  },
);

test('what a target speaks in place of HTTP/1.1 is named once its answers make no sense', async () => {
  expect((await otherProtocolOf(await addressOf('h2c')))?.message).toContain('got a target that speaks HTTP/2');
  expect((await otherProtocolOf(await addressOf('https', 'http')))?.message).toContain('got a target that speaks TLS');
  expect(await otherProtocolOf(await addressOf('http'))).toBeUndefined();
});
