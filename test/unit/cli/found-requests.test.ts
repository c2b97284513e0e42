import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { requestsOfAccessLog } from '../../../harness/cli/http/from-access-log.js';
import { requestsOfHar } from '../../../harness/cli/http/from-har.js';
import { requestsOfOpenapi } from '../../../harness/cli/http/from-openapi.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const shop = fileURLToPath(new URL('../../fixtures/http/shop.openapi.yaml', import.meta.url));

function written(name: string, text: string | Uint8Array): string {
  const file = join(temporaryDirectory(), name);
  writeFileSync(file, text);
  return file;
}

test('an OpenAPI document: what makes a thing and what undoes it, by its id, its location, or the name that it was given', async () => {
  const { operations, notes, origin } = await requestsOfOpenapi(shop);
  const headers = { authorization: 'Bearer {env:API_TOKEN}' };
  expect(origin).toBe('http://127.0.0.1:9');
  expect(notes).toEqual(['API_TOKEN must hold what the security scheme token wants']);
  expect(operations).toEqual({
    'POST /carts': {
      create: { method: 'POST', path: '/api/v1/carts', headers, body: { owner: 'ann' } },
      destroy: { method: 'DELETE', path: '/api/v1/carts/{json:id}', headers },
    },
    'POST /shops/bern/files': {
      create: { method: 'POST', path: '/api/v1/shops/bern/files', headers },
      destroy: { method: 'DELETE', path: '{header:location}', headers },
    },
    'POST /coupons': {
      create: { method: 'POST', path: '/api/v1/coupons', headers, body: { code: 'plateau-{cycle}', percent: 1 } },
      destroy: { method: 'DELETE', path: '/api/v1/coupons/plateau-{cycle}', headers },
    },
    'PUT /flags/plateau-{cycle}': {
      create: { method: 'PUT', path: '/api/v1/flags/plateau-{cycle}', headers },
      destroy: { method: 'DELETE', path: '/api/v1/flags/plateau-{cycle}', headers },
    },
  });
});

test('an id that the client may give is new in each cycle', async () => {
  const pet = { type: 'object', properties: { id: { type: 'integer' }, name: { type: 'string', example: 'rex' } } };
  const json = { 'application/json': { schema: pet } };
  const document = {
    openapi: '3.0.0',
    info: { title: 'Pets', version: '1' },
    paths: {
      '/pet': { post: { requestBody: { content: json }, responses: { 200: { description: '', content: json } } } },
      '/pet/{petId}': { delete: { responses: { 200: { description: '' } } } },
    },
  };
  const { operations } = await requestsOfOpenapi(written('pets.json', JSON.stringify(document)));
  expect(operations['POST /pet']).toEqual({
    create: {
      method: 'POST',
      path: '/pet',
      headers: { 'content-type': 'application/json' },
      body: '{"id":{cycle},"name":"rex"}',
    },
    destroy: { method: 'DELETE', path: '/pet/{json:id}' },
  });
});

test('a HAR file: the origin that is asked most, without the secrets of the session, in its mix', () => {
  const request = (method: string, url: string, postData?: object) => ({
    request: {
      method,
      url,
      headers: [
        { name: 'Accept', value: 'text/html' },
        { name: 'Cookie', value: 'secret' },
      ],
      postData,
    },
  });
  const entries = [
    request('GET', 'https://shop.test/a?b=1'),
    request('GET', 'https://shop.test/a?b=1'),
    request('POST', 'https://shop.test/orders', { text: '{"n":1}' }),
    request('GET', 'https://tracker.test/pixel'),
  ];
  const found = requestsOfHar(written('session.har', JSON.stringify({ log: { entries } })));
  expect(found).toEqual({
    origin: 'https://shop.test',
    notes: [],
    operations: {
      'GET /a?b=1': { weight: 2, create: { path: '/a?b=1', headers: { accept: 'text/html' } } },
      'POST /orders': {
        weight: 1,
        create: { method: 'POST', path: '/orders', headers: { accept: 'text/html' }, body: '{"n":1}' },
      },
    },
  });
});

test('a HAR file with a byte order mark, and with what no server sent', () => {
  const entries = [
    ...Array.from({ length: 5 }, () => ({ request: { method: 'GET', url: 'data:image/png;base64,AA==' } })),
    { request: { method: 'GET', url: 'http://127.0.0.1:3000/a' } },
  ];
  const found = requestsOfHar(written('marked.har', `\uFEFF${JSON.stringify({ log: { entries } })}`));
  expect(found).toMatchObject({ origin: 'http://127.0.0.1:3000', operations: { 'GET /a': { weight: 1 } } });
});

test('what failed or cannot be sent again is left out of a HAR file, and forms are sent as they were filled in', () => {
  const entry = (method: string, path: string, status: number, postData?: object) => ({
    request: { method, url: `https://shop.test${path}`, headers: [{ name: null, value: 1 }], postData },
    response: { status },
  });
  const form = [
    { name: 'a', value: '1' },
    { name: 'b', value: 'x y' },
  ];
  const entries = [
    entry('GET', '/p?at={cycle}', 200),
    entry('POST', '/form', 302, { mimeType: 'application/x-www-form-urlencoded', params: form }),
    entry('POST', '/upload', 201, {
      mimeType: 'multipart/form-data; boundary=x',
      params: [...form, { name: 'f', fileName: 'a.txt' }],
    }),
    entry('POST', '/secret', 200, { mimeType: 'text/plain', text: '{env:HOME}' }),
    entry('GET', '/missing.png', 404),
    entry('GET', '/blocked.js', 0),
    null,
    { request: { method: 'GET', url: 'http://' } },
  ];
  const { operations, notes } = requestsOfHar(written('session.har', JSON.stringify({ log: { entries } })));
  expect(Object.values(operations).map(({ create }) => create)).toEqual([
    { path: '/p?at=%7Bcycle%7D' },
    {
      method: 'POST',
      path: '/form',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'a=1&b=x+y',
    },
    { method: 'POST', path: '/upload', form: { a: '1', b: 'x y', f: { name: 'plateau.txt', content: 'plateau' } } },
  ]);
  expect(notes).toEqual(['5 of 8 requests were left out: they failed, or cannot be sent again']);
});

test.each([
  ['Caddy', { request: { method: 'GET', uri: '/a?b=1', proto: 'HTTP/2.0' }, status: 200, size: 10 }],
  ['nginx', { request_method: 'GET', request_uri: '/a?b=1', status: '200' }],
  ['nginx, the whole line', { request: 'GET /a?b=1 HTTP/1.1', status: 200 }],
  ['pino', { req: { method: 'GET', url: '/a?b=1' }, res: { statusCode: 200 }, msg: 'request completed' }],
])('an access log of JSON: %s', (_server, logged) => {
  const line = JSON.stringify(logged);
  const log = [line, line, '{"level":"info","msg":"started"}', '{"cut', line.replace('GET', 'POST')];
  expect(requestsOfAccessLog(written('access.json', log.join('\n')))).toEqual({
    operations: { 'GET /a?b=1': { weight: 2, create: { path: '/a?b=1' } } },
    notes: ['1 of 3 requests were left out: they failed, or sent a body that no log has'],
  });
});

test.each([
  ['Swagger 2', { swagger: '2.0', host: '127.0.0.1:3000', basePath: '/v1', schemes: ['https'] }],
  [
    'variables',
    {
      openapi: '3.0.0',
      servers: [
        {
          url: 'https://{host}:{port}/v1',
          variables: { host: { default: '127.0.0.1' }, port: { default: '3000' } },
        },
      ],
    },
  ],
])('the address of a document with %s', async (_what, head) => {
  const document = { ...head, info: {}, paths: { '/a': { get: { responses: {} } } } };
  expect(await requestsOfOpenapi(written('api.json', JSON.stringify(document)))).toMatchObject({
    origin: 'https://127.0.0.1:3000',
    operations: { 'GET /a': { create: { path: '/v1/a' } } },
  });
});

test.each([
  ['morgan', 'GET /a?b=1 200 3.2 ms - 12'],
  ['a logger of Go', '2026-11-28T21:00:00Z INFO http: GET /a?b=1 200 1ms'],
  ['uvicorn', 'INFO:     127.0.0.1:52134 - "GET /a?b=1 HTTP/1.1" 200 OK'],
])('an access log of %s', (_server, line) => {
  expect(requestsOfAccessLog(written('access.log', line)).operations).toEqual({
    'GET /a?b=1': { weight: 1, create: { path: '/a?b=1' } },
  });
});

test('an access log: what was read, in its mix, and what was left out', () => {
  const line = (request: string, status = 200) =>
    `10.0.0.1 - - [28/Nov/2026:21:00:00 +0000] "${request}" ${status} 12 "-" "curl/8"`;
  const log = [
    line('GET /a HTTP/1.1'),
    line('GET /a HTTP/1.1'),
    line('GET /b HTTP/1.1'),
    line('POST /c HTTP/1.1'),
    line('GET /d HTTP/1.1', 404),
  ];
  expect(requestsOfAccessLog(written('access.log', log.join('\n')))).toEqual({
    operations: { 'GET /a': { weight: 2, create: { path: '/a' } }, 'GET /b': { weight: 1, create: { path: '/b' } } },
    notes: ['2 of 5 requests were left out: they failed, or sent a body that no log has'],
  });
});

test.each<[string, string | Uint8Array, () => (file: string) => unknown, string]>([
  ['broken.har', '{"log": ', () => requestsOfHar, 'expected a HAR file, got no JSON'],
  ['empty.har', '{}', () => requestsOfHar, 'expected a HAR file, got JSON without log.entries'],
  [
    'access.log',
    'hello\n',
    () => requestsOfAccessLog,
    'expected lines of the common log format, or of JSON, with GET requests',
  ],
  ['posts.log', '"POST /a HTTP/1.1" 201', () => requestsOfAccessLog, 'got only requests that failed'],
  ['packed.log', new Uint8Array([0x1f, 0x8b, 8]), () => requestsOfAccessLog, 'got a file that gzip has packed'],
  ['none.yaml', 'a: 1\n', () => requestsOfOpenapi, 'expected an OpenAPI document'],
  [
    'dangling.json',
    '{"openapi":"3.0.0","paths":{"/a":{"$ref":"#/nowhere"}}}',
    () => requestsOfOpenapi,
    'expected an OpenAPI document',
  ],
  ['no-path.json', '{"openapi":"3.0.0","paths":{"/a":[]}}', () => requestsOfOpenapi, 'got /a: []'],
  ['no-operation.json', '{"openapi":"3.0.0","paths":{"/a":{"get":7}}}', () => requestsOfOpenapi, 'got get of /a: 7'],
  [
    'no-parameters.json',
    '{"openapi":"3.0.0","paths":{"/a":{"get":{"parameters":{}}}}}',
    () => requestsOfOpenapi,
    'got parameters of get of /a that are no list',
  ],
  ['no-request.har', '{"log":{"entries":[{"request":{"url":"data:,a"}}]}}', () => requestsOfHar, 'got none'],
])('a broken file is one message: %s', async (name, text, reader, message) => {
  const file = written(name, text);
  await expect((async () => reader()(file))()).rejects.toThrow(message);
});
