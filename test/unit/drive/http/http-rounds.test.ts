import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { compileRequest } from '../../../../harness/drive/http/compile-request.js';
import { HttpRounds, type PlainOperation } from '../../../../harness/drive/http/http-rounds.js';
import { SetupValues } from '../../../../harness/drive/http/setup-values.js';
import type { RequestTemplate } from '../../../../harness/model/request.js';
import { httpService } from '../../../support/http-service.js';

const round = { round: 0, cycles: 103, concurrency: 4, seed: 7 };

function plain(template: RequestTemplate, weight = 1): PlainOperation {
  const name = `${template.method ?? 'GET'} ${template.path}`;
  const request = compileRequest(template, { origin: name, environment: {}, setup: new SetupValues(), quotes: false });
  return { name, weight, request, values: (cycle) => ({ cycle, input: cycle % 5 }) };
}

test.each([{ concurrency: 1 }, { concurrency: 10 }, { concurrency: 500 }])(
  'an exact number of requests, never the same cycle twice: $concurrency under way',
  async (load) => {
    const service = await httpService((_request, response) => response.end('ok'));
    const rounds = new HttpRounds([plain({ path: '/a/{cycle}' })], service.url);
    const first = await rounds.drive({ ...round, concurrency: load.concurrency });
    const second = await rounds.drive({ ...round, round: 1, concurrency: load.concurrency });
    for (const outcome of [first, second])
      expect(outcome).toMatchObject({ created: 103, destroyed: 103, failed: 0, failures: [] });
    expect(first.roundLatency['GET /a/{cycle}.create']).toMatchObject({ count: 103 });
    expect(second.latency['GET /a/{cycle}.create']).toMatchObject({ count: 206 });
    expect(new Set(service.seen)).toEqual(new Set(Array.from({ length: 206 }, (_, cycle) => `GET /a/${cycle}`)));
    expect(service.seen).toHaveLength(206);
    expect(rounds.progress).toEqual({ finished: 206, succeeded: 206, underWay: {} });
  },
);

test('the numbers of a pass before are gone on with', async () => {
  const service = await httpService((_request, response) => response.end('ok'));
  await new HttpRounds([plain({ path: '/a/{cycle}' })], service.url, { firstCycle: 500 }).drive({
    ...round,
    cycles: 3,
  });
  expect(service.seen.toSorted()).toEqual(['GET /a/500', 'GET /a/501', 'GET /a/502']);
});

test('several operations: the mix that was counted is the mix that came', async () => {
  const service = await httpService((_request, response) => response.end('ok'));
  const operations = [plain({ path: '/rare' }), plain({ method: 'POST', path: '/often', body: { n: '{input}' } }, 4)];
  const rounds = new HttpRounds(operations, service.url);
  const { cyclesByOperation } = await rounds.drive(round);
  const came = (of: string) => service.seen.filter((request) => request === of).length;
  expect(cyclesByOperation).toEqual({ 'GET /rare': came('GET /rare'), 'POST /often': came('POST /often') });
  expect(came('GET /rare') + came('POST /often')).toBe(103);
  expect(came('POST /often')).toBeGreaterThan(came('GET /rare'));
});

test('a length that a request states itself, as recorded ones do, is sent once', async () => {
  const service = await httpService((_request, response) => response.end('ok'));
  const operation = plain({ method: 'POST', path: '/', headers: { 'Content-Length': '3' }, body: 'a=1' });
  const outcome = await new HttpRounds([operation], service.url).drive(round);
  expect(outcome).toMatchObject({ created: 103, failed: 0, failures: [] });
});

test('requests come with their bodies, their headers, and those of the scenario that they do not name', async () => {
  const came: unknown[] = [];
  const service = await httpService((request, response) => {
    const { host, connection, 'x-tenant': tenant, accept, 'content-length': length } = request.headers;
    text(request).then((body) => {
      came.push({ host, connection, tenant, accept, length, body });
      response.end('ok');
    });
  });
  const headers = { accept: 'text/{input}' };
  const operation = plain({ method: 'POST', path: '/', headers, body: { name: 'é {input}' } });
  const empty = plain({ method: 'PUT', path: '/', headers: { 'X-Tenant': '8' } });
  const one = { ...round, cycles: 1 };
  await new HttpRounds([operation], service.url, { headers: { 'x-tenant': '7', Accept: '*/*' }, firstCycle: 3 }).drive(
    one,
  );
  await new HttpRounds([empty], service.url, { headers: { 'x-tenant': '7' } }).drive(one);
  const { host } = new URL(service.url);
  expect(came).toEqual([
    { host, connection: 'keep-alive', tenant: '7', accept: 'text/3', length: '15', body: '{"name":"é 3"}' },
    { host, connection: 'keep-alive', tenant: '8', accept: undefined, length: '0', body: '' },
  ]);
});

test('a request that cannot be made ends the round with what is wrong', async () => {
  const service = await httpService((_request, response) => response.end('ok'));
  const operation = plain({ path: '/{cycle}' });
  const values = (cycle: number) => {
    if (cycle === 50) throw new Error('there is no row 50');
    return { cycle, input: 0 };
  };
  await expect(new HttpRounds([{ ...operation, values }], service.url).drive(round)).rejects.toThrow(
    'there is no row 50',
  );
  expect(service.seen.length).toBeLessThan(103);
});

test('answers that were not expected are failures of their status, with what was said', async () => {
  const service = await httpService((request, response) => {
    response.statusCode = request.url === '/odd' && service.seen.length % 2 === 0 ? 503 : 404;
    response.end('sorry');
  });
  const odd = plain({ path: '/odd', expectStatus: [404] });
  const { created, failed, failures, cyclesByOperation } = await new HttpRounds([odd], service.url).drive({
    ...round,
    cycles: 100,
  });
  expect({ created, failed, cyclesByOperation }).toEqual({
    created: 50,
    failed: 50,
    cyclesByOperation: { 'GET /odd': 100 },
  });
  expect(failures).toEqual([
    { operation: 'GET /odd', phase: 'create', kind: 'HTTP 503', count: 50, message: 'GET /odd answered 503: sorry' },
  ]);
});

test('what gets no answer is counted by its kind, and the rest of the round is driven', async () => {
  const service = await httpService((request, response) => {
    const number = service.seen.length;
    if (number % 20 === 0) request.socket.resetAndDestroy();
    else if (number % 20 === 10) request.socket.end();
    else response.end('ok');
  });
  const { created, failed, failures } = await new HttpRounds([plain({ path: '/' })], service.url).drive({
    ...round,
    cycles: 100,
  });
  expect({ created, failed }).toEqual({ created: 90, failed: 10 });
  expect(failures.map(({ kind, count }) => [kind, count]).toSorted()).toEqual([
    ['CLOSED', 5],
    ['ECONNRESET', 5],
  ]);
});

test('a time-out is a kind of its own', async () => {
  const service = await httpService((_request, response) => {
    if (service.seen.length !== 3) response.end('ok');
  });
  const { created, failures } = await new HttpRounds([plain({ path: '/', timeoutMs: 1_000 })], service.url).drive({
    ...round,
    cycles: 10,
    concurrency: 1,
  });
  expect(created).toBe(9);
  expect(failures).toMatchObject([{ kind: 'TIMEOUT', count: 1 }]);
});

test('a round that is ended early counts what was answered', async () => {
  const service = await httpService((_request, response) => void setTimeout(() => response.end('ok'), 20));
  const rounds = new HttpRounds([plain({ path: '/' })], service.url);
  const { created, failed, cyclesByOperation } = await rounds.drive({
    ...round,
    cycles: 1_000,
    concurrency: 2,
    maxMs: 300,
  });
  expect(created).toBeGreaterThan(0);
  expect(created).toBeLessThan(200);
  expect({ failed, cyclesByOperation }).toEqual({ failed: 0, cyclesByOperation: { 'GET /': created } });
});

test.each([
  ['HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok', true],
  ['HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok', false],
  ['HTTP/1.0 200 OK\r\n\r\nok', false],
])('whether connections are kept is read from an answer: %j', async (answer, keeps) => {
  const server = createServer((socket) =>
    socket.once('data', () => (keeps ? socket.write(answer) : socket.end(answer))),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await new HttpRounds([plain({ path: '/' })], url).keepsConnections()).toBe(keeps);
});

test('a redirect is reported for what asks, not for what follows a change or is expected', async () => {
  const service = await httpService((_request, response) => response.writeHead(302, { location: '/login' }).end());
  const redirected: string[] = [];
  const templates = [{ path: '/' }, { method: 'POST', path: '/orders' }, { path: '/old', expectStatus: [302] }];
  const rounds = new HttpRounds(
    templates.map((template) => plain(template)),
    service.url,
    {
      onRedirect: (operation, status) => redirected.push(`${operation} ${status}`),
    },
  );
  expect(await rounds.drive(round)).toMatchObject({ failed: 0 });
  expect(new Set(redirected)).toEqual(new Set(['GET / 302']));
});

test('a round in which nothing is answered lasts until the last request is lost', async () => {
  const service = await httpService(() => undefined);
  const rounds = new HttpRounds([plain({ path: '/', timeoutMs: 1_000 })], service.url);
  const outcome = await rounds.drive({ ...round, cycles: 2 });
  expect(outcome).toMatchObject({ created: 0, failed: 2 });
  expect(outcome.durationMs).toBeGreaterThan(900);
});

test('a part of the operations is driven alone', async () => {
  const service = await httpService((_request, response) => response.end('ok'));
  const rounds = new HttpRounds([plain({ path: '/a' }), plain({ path: '/b' }), plain({ path: '/c' })], service.url);
  const { cyclesByOperation } = await rounds.drive({ ...round, part: { operations: ['GET /c'] } });
  expect(cyclesByOperation).toEqual({ 'GET /a': 0, 'GET /b': 0, 'GET /c': 103 });
});
