import { once } from 'node:events';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { FaultyClient } from '../../../harness/drive/http/faulty-client.js';
import { createHttpClient } from '../../../harness/drive/http/http-client.js';
import { UpstreamProxy } from '../../../harness/drive/upstream-proxy.js';
import type { ClientFault } from '../../../harness/model/fault.js';
import type { Scenario } from '../../../harness/model/scenario.js';
import { withFaults } from '../../../harness/scenario/with-faults.js';
import { httpService } from '../../support/http-service.js';

const request = { method: 'POST', path: '/a', headers: {}, body: '0123456789', timeoutMs: 1_000 };

/** A server that takes in bytes, answers as it is asked, and notes how the connection ended. */
async function listener(answer: (socket: Socket) => void) {
  let received = '';
  let isReset = false;
  const server = createServer((socket) => {
    socket.on('error', () => {
      isReset = true;
    });
    socket.on('data', (bytes) => {
      received += bytes.toString();
      answer(socket);
    });
    socket.on('end', () => socket.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const closed = new Promise<void>((resolve) =>
    server.once('connection', (socket) => socket.once('close', () => resolve())),
  );
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    closed,
    seen: () => ({ received, isReset }),
  };
}

const headLength = 'POST /a HTTP/1.1\r\nhost: 127.0.0.1:00000\r\ncontent-length: 10\r\n\r\n'.length;

test.each<[ClientFault, (received: string) => void]>([
  ['abort', (received) => expect(received).toMatch(/content-length: 10\r\n\r\n0123456789$/)],
  ['timeout', (received) => expect(received).toMatch(/content-length: 10\r\n\r\n0123456789$/)],
  ['abort-body', (received) => expect(received).toMatch(/content-length: 10\r\n\r\n01234$/)],
  ['half-open', (received) => expect(received.length).toBeLessThan(headLength - 10)],
])('%s: what a service that never answers receives before the client leaves', async (fault, expected) => {
  const service = await listener(() => undefined);
  await new FaultyClient(service.url).send(fault, request, () => 0.5);
  await service.closed;
  expected(service.seen().received);
});

test('timeout: an answer that begins and does not end, such as a WebSocket, is left', async () => {
  const service = await listener((socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
  await new FaultyClient(service.url).send('timeout', request, () => 0.5);
  await service.closed;
  expect(service.seen().received).toMatch(/0123456789$/);
});

test('half a body that says it is whole is answered; what is malformed is no request', async () => {
  const bodies: string[] = [];
  const service = await httpService((incoming, response) => {
    incoming.on('data', (bytes: Buffer) => bodies.push(bytes.toString()));
    incoming.on('end', () => response.end());
  });
  const client = new FaultyClient(service.url);
  const isRefused = once(service.server, 'clientError');
  await client.send('bad-body', request, Math.random);
  await client.send('malformed', request, Math.random);
  expect(bodies).toEqual(['01234']);
  expect(((await isRefused) as [NodeJS.ErrnoException])[0].code).toMatch(/^HPE_/);
  expect(service.seen).toEqual(['POST /a']);
});

test('a client with little patience takes all of an answer that comes in time', async () => {
  let isFinished = false;
  const service = await httpService((_request, response) => {
    response.write('first');
    response.on('close', () => {
      isFinished = response.writableFinished;
    });
    setTimeout(() => response.end('last'), 20);
  });
  await new FaultyClient(service.url).send('timeout', { ...request, method: 'GET', body: undefined }, Math.random);
  expect(isFinished).toBe(true);
});

test.each<[ClientFault, number, string]>([
  ['abort', http2.constants.NGHTTP2_CANCEL, '0123456789'],
  ['abort-body', http2.constants.NGHTTP2_CANCEL, '01234'],
  ['timeout', http2.constants.NGHTTP2_CANCEL, '0123456789'],
  ['bad-body', http2.constants.NGHTTP2_NO_ERROR, '01234'],
])('%s over HTTP/2: the stream ends as it should, and has received what it should', async (fault, code, received) => {
  const server = http2.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const ended = new Promise<[number, string]>((resolve) =>
    server.once('stream', (stream) => {
      let body = '';
      stream.on('error', () => undefined);
      stream.on('data', (bytes) => {
        body += String(bytes);
      });
      if (fault === 'bad-body') stream.on('end', () => stream.respond({ ':status': 400 }, { endStream: true }));
      stream.on('close', () => resolve([stream.rstCode, body]));
    }),
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new FaultyClient(url, { http2: true }).send(fault, request, () => 0.99);
  expect(await ended).toEqual([code, received]);
});

test('a slow reader leaves most of a large answer unread', async () => {
  const order: string[] = [];
  const service = await listener((socket) => {
    socket.on('error', () => order.push('left'));
    socket.write(Buffer.alloc(64 * 1024 ** 2), () => order.push('no longer waiting'));
  });
  await new FaultyClient(service.url).send('slow-read', { ...request, body: undefined }, Math.random);
  await service.closed;
  expect(order).toEqual(['left', 'no longer waiting']);
});

test('a fault that cannot be carried out is a failure', async () => {
  await expect(new FaultyClient('http://127.0.0.1:9').send('abort', request, Math.random)).rejects.toThrow(
    'ECONNREFUSED',
  );
});

test('a target that begins no TLS is given up, and so is one whose connection fails in mid-request', async () => {
  const silent = await listener(() => undefined);
  const sending = new FaultyClient(silent.url.replace('http:', 'https:')).send('abort', request, Math.random);
  await expect(sending).rejects.toThrow('no connection within 5 s');
  await silent.closed;
});

test('what a target sends before it ends the connection reaches its upstream, however slowly that takes it', async () => {
  const sent = Buffer.alloc(16 * 1024 * 1024, 'x');
  let received = 0;
  const server = createServer((socket) => {
    socket.on('data', (bytes) => {
      received += bytes.length;
      socket.pause();
      setImmediate(() => socket.resume());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const proxy = await UpstreamProxy.open({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  onTestFinished(() => proxy.close());
  const target = connect(proxy.port, '127.0.0.1');
  const [[upstream]] = await Promise.all([once(server, 'connection') as Promise<[Socket]>, once(target, 'connect')]);
  target.end(sent);
  await once(upstream, 'end');
  expect(received).toBe(sent.length);
});

test('a proxy passes on what is not disturbed, and disturbs the rest as it is asked to', async () => {
  const upstream = await httpService((_request, response) => response.end('whole'));
  const { port } = upstream.server.address() as AddressInfo;
  const proxy = await UpstreamProxy.open({ host: '127.0.0.1', port });
  onTestFinished(() => proxy.close());
  const client = createHttpClient(`http://127.0.0.1:${proxy.port}`, { connections: 1 });
  onTestFinished(() => void client.close());
  const ask = () =>
    client.get('/', { timeoutMs: 5_000 }).then(
      (answer) => answer.text(),
      () => 'failed',
    );
  expect(await ask()).toBe('whole');
  for (const fault of ['upstream-refuse', 'upstream-reset', 'upstream-cut', 'upstream-stall'] as const) {
    const end = proxy.disturb(fault);
    expect([fault, await ask()]).toEqual([fault, 'failed']);
    end();
    expect([fault, await ask()]).toEqual([fault, 'whole']);
  }
  const end = proxy.disturb('upstream-delay');
  const startedMs = performance.now();
  expect(await ask()).toBe('whole');
  expect(performance.now() - startedMs).toBeGreaterThan(190);
  end();
});

test('each operation is driven once more for each fault that it can meet', () => {
  const scenario: Scenario = {
    name: 'it',
    target: { url: 'http://127.0.0.1:1' },
    operations: {
      list: { weight: 2, create: { path: '/list' } },
      upload: { create: { method: 'POST', path: '/upload', body: 'x' } },
    },
  };
  const { operations } = withFaults(scenario, { abort: 0.25, 'abort-body': 0.5 });
  expect(Object.entries(operations).map(([name, { weight, fault }]) => [name, weight, fault])).toEqual([
    ['list', 1.5, undefined],
    ['list (aborted)', 0.5, 'abort'],
    ['upload', 0.25, undefined],
    ['upload (aborted)', 0.25, 'abort'],
    ['upload (aborted in mid-body)', 0.5, 'abort-body'],
  ]);
  expect(Object.keys(withFaults(scenario, { abort: 1 }).operations)).toEqual(['list (aborted)', 'upload (aborted)']);
  expect(() => withFaults(scenario, { abort: 0.6, timeout: 0.6 })).toThrow('faults must take at most all cycles');
  expect(() => withFaults(scenario, ['upstream-cut'])).toThrow('no operation can be disturbed by upstream-cut');
});
