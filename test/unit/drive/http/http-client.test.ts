import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createHttpClient } from '../../../../harness/drive/http/http-client.js';
import { httpService } from '../../../support/http-service.js';

test('closing does not wait for what a target never answers', async () => {
  const server = createServer(() => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  const client = createHttpClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { connections: 2 });
  const asked = once(server, 'request');
  const answer = client.get('/', { timeoutMs: 60_000 }).catch((error: Error) => error.name);
  await asked;
  await client.close();
  expect(await answer).toBe('ClientDestroyedError');
});

test('a signal breaks off what is under way and what waits for a connection, and leaves the client usable', async () => {
  const service = await httpService((request, response) => {
    if (request.url === '/quick') response.end('ok');
  });
  const client = createHttpClient(service.url, { connections: 1 });
  onTestFinished(() => void client.close());
  const leaving = new AbortController();
  const asked = once(service.server, 'request') as Promise<[IncomingMessage]>;
  const calls = [1, 2].map(() =>
    client.get('/hangs', { signal: leaving.signal }).catch((error: Error) => error.message),
  );
  const [request] = await asked;
  const isGone = once(request.socket, 'close');
  leaving.abort(new Error('left'));
  expect(await Promise.all(calls)).toEqual(['left', 'left']);
  await isGone;
  expect((await client.get('/quick')).text()).toBe('ok');
  expect(service.seen.filter((path) => path === 'GET /hangs')).toHaveLength(1);
  await expect(client.get('/quick', { signal: leaving.signal })).rejects.toThrow('left');
});

test('whether a connection is open is known from its events', async () => {
  const service = await httpService((_request, response) => response.end('ok'));
  const client = createHttpClient(service.url, { connections: 2 });
  onTestFinished(() => client.close());
  expect(client.isConnected).toBe(false);
  await client.get('/');
  expect(client.isConnected).toBe(true);
  service.server.closeAllConnections();
  await expect.poll(() => client.isConnected).toBe(false);
});

test('an answer without an end is given up in time, however often a piece of it comes', async () => {
  const service = await httpService((_request, response) => {
    response.setHeader('content-type', 'text/event-stream');
    const events = setInterval(() => response.write('data: tick\n\n'), 5);
    response.on('close', () => clearInterval(events));
  });
  const client = createHttpClient(service.url, { connections: 1 });
  onTestFinished(() => void client.close());
  await expect(client.get('/events', { timeoutMs: 60 })).rejects.toMatchObject({
    code: 'TIMEOUT',
    message: 'the event stream had no end within 60 ms',
  });
});
