import { expect, test } from 'vitest';
import { compileRequest } from '../../../../harness/drive/http/compile-request.js';
import { SetupValues } from '../../../../harness/drive/http/setup-values.js';
import type { RequestTemplate } from '../../../../harness/model/request.js';

const rows = [
  { name: 'ann & co', city: 'Bern' },
  { name: 'bob "b"', city: 'Ulm' },
];
const answer = { headers: { location: 'http://elsewhere/carts/7?v=1' }, text: () => '{"cart":{"id":"a/b","n":3}}' };

function rendered(template: RequestTemplate, quotes = true) {
  const sources = {
    origin: 'operation "it"',
    environment: { TOKEN: 'se"cret' },
    rows,
    setup: new SetupValues(),
    quotes,
  };
  return compileRequest(template, sources).render({ cycle: 9, input: 3, answer });
}

test('values are written as the place where they stand wants them', () => {
  expect(rendered({ path: '/q?name={csv:name}&n={input}&c={cycle}' }).path).toBe('/q?name=bob%20%22b%22&n=3&c=9');
  expect(rendered({ path: '/', headers: { authorization: 'Bearer {env:TOKEN}' } }).headers).toEqual({
    authorization: 'Bearer se"cret',
  });
  expect(rendered({ path: '/', body: { token: '{env:TOKEN}', deep: ['{csv:city}'] } })).toMatchObject({
    headers: { 'content-type': 'application/json' },
    body: '{"token":"se\\"cret","deep":["Ulm"]}',
  });
  expect(rendered({ path: '/', body: '{"n": {input}, "other": {x}}' }).body).toBe('{"n": 3, "other": {x}}');
});

test('a value with a line break stands in no header, where it would begin another', () => {
  const broken = { location: 'x\r\nx-admin: yes' };
  const sources = { origin: 'operation "it"', environment: {}, rows, setup: new SetupValues(), quotes: true };
  const request = compileRequest({ path: '/', headers: { 'x-from': '{header:location}' } }, sources);
  expect(() => request.render({ cycle: 0, input: 0, answer: { headers: broken, text: () => '' } })).toThrow(
    'operation "it": {header:location} stands in a header, and its value has a line break',
  );
});

test('what undoes a request quotes its answer', () => {
  expect(rendered({ path: '/carts/{json:cart.id}' }).path).toBe('/carts/a%2Fb');
  expect(rendered({ path: '{header:location}' }).path).toBe('/carts/7?v=1');
  expect(() => rendered({ path: '/carts/{json:cart.none}' })).toThrow('the answer has no text or number at cart.none');
});

test('bytes stay bytes, with values in them', () => {
  const bytes = Buffer.concat([Buffer.from([0, 255, 10]), Buffer.from('{csv:city}{cycle}')]);
  expect(rendered({ path: '/', body: bytes }).body).toEqual(
    Buffer.concat([Buffer.from([0, 255, 10]), Buffer.from('Ulm9')]),
  );
});

test('a form is read back as it was meant', async () => {
  const { headers, body } = rendered({
    path: '/',
    form: { who: '{csv:name} ü', file: { name: 'a "b".bin', content: new Uint8Array([0, 200, 13, 10]) } },
  });
  const form = await new Response(new Uint8Array(body as Buffer), { headers }).formData();
  expect(form.get('who')).toBe('bob "b" ü');
  expect(new Uint8Array(await (form.get('file') as File).arrayBuffer())).toEqual(new Uint8Array([0, 200, 13, 10]));
});

test('a request without values is made once', () => {
  const request = compileRequest(
    { path: '/', body: { a: 1 } },
    { origin: 'it', environment: {}, setup: new SetupValues(), quotes: false },
  );
  expect(request.isStatic).toBe(true);
  expect(request.render({ cycle: 1, input: 1 })).toBe(request.render({ cycle: 2, input: 2 }));
});

test.each([
  ['/{env:NONE}', 'operation "it": {env:NONE} needs the environment variable NONE, which is not set'],
  ['/{csv:none}', 'operation "it": {csv:none} must name a column, expected one of name, city'],
  ['/{json:id}', 'operation "it": {json:id} quotes an answer, and only `destroy` has one'],
])('a value that cannot be had is refused before anything is driven: %s', (path, message) => {
  expect(() => rendered({ path }, false)).toThrow(message);
});

test('a field of what setup returned is filled in once that has run, and must be there', () => {
  const setup = new SetupValues();
  const sources = { origin: 'operation "me"', environment: {}, setup, quotes: false };
  const request = compileRequest({ path: '/me', headers: { authorization: 'Bearer {setup:token}' } }, sources);
  expect(() => setup.take({})).toThrow('operation "me": {setup:token} needs a `setup` that returns an object');
  setup.take({ token: 'secret' });
  expect(request.render({ cycle: 0, input: 0 }).headers).toEqual({ authorization: 'Bearer secret' });
});
