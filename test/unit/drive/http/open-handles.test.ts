import { getEventListeners, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { createHttpClient } from '../../../../harness/drive/http/http-client.js';
import { type HttpService, httpService } from '../../../support/http-service.js';

function clientOf({ url }: HttpService) {
  const client = createHttpClient(url, { connections: 1 });
  onTestFinished(() => client.close());
  return client;
}

test('a body goes piece by piece, and so does an answer', async () => {
  const service = await httpService((request, response) => void request.pipe(response));
  const client = clientOf(service);
  const pieces = async function* () {
    yield 'one ';
    yield Buffer.from('two');
  };
  expect((await client.post('/echo', pieces())).text()).toBe('one two');
  const answer = await client.stream('POST', '/echo', { body: Readable.from(['three ', 'four']) });
  expect(client.openHandles).toBe(1);
  let text = '';
  for await (const piece of answer) text += Buffer.from(piece).toString();
  await answer.closed;
  expect({ text, open: client.openHandles }).toEqual({ text: 'three four', open: 0 });
});

test('events come one by one; closing breaks the connection off, and a server that ends is heard', async () => {
  const answers: ServerResponse[] = [];
  const service = await httpService((_request, response) => {
    answers.push(response);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('event: greeting\nid: 7\ndata: hel');
  });
  const client = clientOf(service);
  const [first, second] = await Promise.all([client.events('/events'), client.events('/events')]);
  expect(client.openHandles).toBe(2);
  for (const answer of answers) answer.write('lo\n\ndata: again\n\n');
  expect(await first.next()).toEqual({ event: 'greeting', id: '7', data: 'hello' });
  expect(await first.next()).toEqual({ event: 'message', id: undefined, data: 'again' });
  await expect(first.next({ timeoutMs: 20 })).rejects.toThrow('did not come within 20 ms');
  const gone = Promise.race(answers.map((answer) => once(answer, 'close')));
  await first.close();
  await gone;
  expect(client.openHandles).toBe(1);
  for (const answer of answers) answer.end();
  await second.next();
  await second.next();
  await expect(second.next()).rejects.toThrow('have ended');
  await second.closed;
  expect(client.openHandles).toBe(0);
});

test('what is no success is an error, with what was answered, and leaves nothing open', async () => {
  const client = clientOf(await httpService((_request, response) => void response.writeHead(503).end('not now')));
  await expect(client.events('/events')).rejects.toThrow('GET /events answered 503: not now');
  await expect.poll(() => client.openHandles).toBe(0);
});

test('a signal breaks a stream off', async () => {
  const service = await httpService((_request, response) => void response.write('a piece'));
  const client = clientOf(service);
  const leaving = new AbortController();
  const answer = await client.stream('GET', '/', { signal: leaving.signal });
  leaving.abort();
  await answer.closed;
  expect(client.openHandles).toBe(0);
});

async function webSockets(onConnection: (socket: WebSocket) => void): Promise<HttpService> {
  const service = await httpService((_request, response) => void response.writeHead(404).end());
  const server = new WebSocketServer({ server: service.server, path: '/chat' });
  server.on('connection', onConnection);
  onTestFinished(() => void server.close());
  return service;
}

test('messages come one by one, and a WebSocket is left with a goodbye or without one', async () => {
  const codes: number[] = [];
  const service = await webSockets((socket) => {
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    socket.on('close', (code) => codes.push(code));
  });
  const client = clientOf(service);
  const [polite, lost] = await Promise.all([client.webSocket('/chat'), client.webSocket('/chat')]);
  polite.send('hello');
  polite.send(new Uint8Array([1, 2]));
  expect(await polite.next()).toBe('hello');
  expect(await polite.next()).toEqual(new Uint8Array([1, 2]));
  expect(client.openHandles).toBe(2);
  await polite.close();
  await lost.drop();
  await expect(lost.next()).rejects.toThrow('is closed');
  expect(client.openHandles).toBe(0);
  await expect.poll(() => codes.toSorted()).toEqual([1005, 1006]);
  await expect(client.webSocket('/nowhere')).rejects.toThrow('/nowhere could not be opened');
});

test('a WebSocket that is closed leaves nothing on the signal of the run', async () => {
  const client = clientOf(await webSockets(() => undefined));
  const run = new AbortController();
  const open = await client.webSocket('/chat', { signal: run.signal });
  const dropped = await client.webSocket('/chat', { signal: run.signal });
  expect(getEventListeners(run.signal, 'abort')).toHaveLength(2);
  await open.close();
  await dropped.drop();
  expect(getEventListeners(run.signal, 'abort')).toEqual([]);
});

test('what is open is closed with the client', async () => {
  const sockets: WebSocket[] = [];
  const service = await webSockets((socket) => void sockets.push(socket));
  const client = createHttpClient(service.url, { connections: 1 });
  const handle = await client.webSocket('/chat');
  await client.close();
  await handle.closed;
  await expect.poll(() => sockets.map(({ readyState }) => readyState)).toEqual([3]);
});

test('a session keeps the cookies of one user, by their path', async () => {
  const service = await httpService((request, response) => {
    if (request.url === '/login') response.setHeader('set-cookie', ['id=7; Path=/; HttpOnly', 'admin=1; Path=/admin']);
    response.end(request.headers.cookie ?? 'nobody');
  });
  const client = clientOf(service);
  const [one, other] = [client.session(), client.session()];
  await one.post('/login');
  expect((await one.get('/me')).text()).toBe('id=7');
  expect((await one.get('/admin/users')).text()).toBe('admin=1; id=7');
  expect((await other.get('/me')).text()).toBe('nobody');
  expect((await client.get('/me')).text()).toBe('nobody');
});
