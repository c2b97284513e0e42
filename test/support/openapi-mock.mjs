/**
 * A service made from an OpenAPI document: `node openapi-mock.mjs <document>`. It answers with what the schemas allow, gives each
 * thing that it makes values of its own, and deletes only what it has made: what is not known by one of its values is 404.
 */
import { createServer } from 'node:http';
import parser from '@apidevtools/swagger-parser';
import sampler from 'openapi-sampler';

const document = await parser.dereference(process.argv[2]);
const methods = ['get', 'post', 'put', 'patch', 'delete'];
const made = new Set();
let count = 0;

/** An answer with values of its own in place of all texts and numbers. */
function own(value) {
  if (Array.isArray(value)) return value.map(own);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, own(inner)]));
  if (typeof value === 'boolean' || value === null || value === undefined) return value;
  count += 1;
  const given = typeof value === 'number' ? count : `made-${count}`;
  made.add(String(given));
  return given;
}

/** Notes every text and number of what a client sent: it may name things itself. */
function note(value) {
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) note(inner);
  else made.add(String(value));
}

const { url } = document.servers?.[0] ?? { url: document.basePath ?? '/' };
const { pathname: base } = new URL(url.includes('{') ? '/' : url, 'http://mock');
const literal = (text) => text.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&');
const routes = Object.entries(document.paths).flatMap(([path, item]) =>
  methods.flatMap((method) => {
    if (item[method] === undefined) return [];
    const [, success] =
      Object.entries(item[method].responses ?? {}).find(([status]) => /^2|default/.test(status)) ?? [];
    const schema =
      success?.schema ?? Object.entries(success?.content ?? {}).find(([type]) => /json/.test(type))?.[1]?.schema;
    const parts = path.split(/\{[^{}]+\}/);
    const pattern = new RegExp(`^${literal(base.replace(/\/$/, ''))}${parts.map(literal).join('([^/]+)')}$`);
    const headers = Object.keys(success?.headers ?? {}).map((name) => name.toLowerCase());
    const isMadeHere = ['post', 'put'].some((make) => item[make] !== undefined);
    return [
      { method: method.toUpperCase(), path, pattern, schema, isMadeHere, hasLocation: headers.includes('location') },
    ];
  }),
);
// What is written out goes before what a parameter stands for.
routes.sort((one, other) => one.path.split('{').length - other.path.split('{').length);

function answer(request, response, body) {
  const { pathname } = new URL(request.url, 'http://mock');
  const route = routes.find(({ method, pattern }) => method === request.method && pattern.test(pathname));
  if (route === undefined) return response.writeHead(404).end(`no ${request.method} ${pathname}`);
  const values = route.pattern.exec(pathname).slice(1).map(decodeURIComponent);
  if (request.method === 'DELETE') {
    // What is undone at its own path needs no value; else the last one must be known.
    const isKnown = values.length === 0 || made.has(values.at(-1)) || (route.isMadeHere && made.has(pathname));
    return response.writeHead(isKnown ? 204 : 404).end();
  }
  made.add(pathname);
  for (const value of values) if (value.startsWith('plateau-')) made.add(value);
  if (body !== undefined) note(body);
  const sampled = route.schema === undefined ? {} : sampler.sample(route.schema, { quiet: true }, document);
  const text = JSON.stringify(own(sampled)) ?? '';
  const location = route.hasLocation ? { location: `${pathname}/${own('')}` } : {};
  response.writeHead(200, { 'content-type': 'application/json', ...location }).end(text);
}

function parsed(text, type = '') {
  if (text === '' || type.startsWith('multipart/')) return undefined;
  return type.includes('urlencoded') ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text);
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    try {
      answer(request, response, parsed(Buffer.concat(chunks).toString(), request.headers['content-type']));
    } catch (error) {
      response.writeHead(400).end(String(error));
    }
  });
});
server.listen(process.env.PORT, '127.0.0.1');
