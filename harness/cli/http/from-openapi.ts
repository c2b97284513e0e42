import { PlateauError } from '../../model/errors.js';
import type { RequestOperation, RequestTemplate } from '../../model/request.js';
import { defaultHeaders } from './openapi-security.js';
import { type ApiOperation, type ApiSchema, flattened, readOpenapi } from './read-openapi.js';

export interface FoundRequests {
  readonly operations: Readonly<Record<string, RequestOperation>>;
  /** Of the first server that the document names with a whole address. */
  readonly origin?: string;
  /** For the user: what the requests need besides. */
  readonly notes: readonly string[];
}

/** What is made, and how it is called when it is undone. */
interface Identified {
  readonly create: RequestTemplate;
  /** In place of the last segment of the path; absent where the whole path is in the answer. */
  readonly value: string;
}

/** Name that a client gives; new in each cycle, and known when the cycle is over. */
const ownName = 'plateau-{cycle}';

/**
 * The create/destroy pairs of an OpenAPI document: a POST or PUT, and the DELETE that takes what it made. Where it has none,
 * every GET that needs nothing.
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION` for a document that cannot be read or has neither, `PLATEAU_MISSING_PACKAGE`
 */
export async function requestsOfOpenapi(file: string): Promise<FoundRequests> {
  const api = await readOpenapi(file);
  const { headers, notes } = defaultHeaders(api.document);
  const pairs = api.operations
    .filter(({ method }) => method === 'DELETE')
    .flatMap((destroy) => {
      const pair = pairOf(destroy, api.operations, api.sample);
      return pair === undefined ? [] : [pair];
    });
  const found = pairs.length > 0 ? pairs : api.operations.filter(isFree).map(({ path }) => ({ create: { path } }));
  if (found.length === 0)
    throw new PlateauError(
      'PLATEAU_INVALID_OPTION',
      `--openapi: expected a POST with the DELETE that undoes it, or a GET without parameters, got none in ${file}.`,
      {
        hint: 'give the requests on the command line',
      },
    );
  const operations = Object.fromEntries(
    found.map((operation) => [nameOf(operation), prefixed(operation, api.basePath, headers)]),
  );
  return { operations, notes, ...(api.origin !== undefined && { origin: api.origin }) };
}

function nameOf({ create: { method = 'GET', path } }: RequestOperation): string {
  return `${method} ${path}`;
}

function isFree({ method, path, needsParameters }: ApiOperation): boolean {
  return method === 'GET' && !path.includes('{') && !needsParameters;
}

function prefixed(
  { create, destroy }: RequestOperation,
  basePath: string,
  headers: Readonly<Record<string, string>>,
): RequestOperation {
  const complete = (request: RequestTemplate): RequestTemplate => {
    const all = { ...headers, ...request.headers };
    const path = request.path.startsWith('{') ? request.path : basePath + request.path;
    return { ...request, path, ...(Object.keys(all).length > 0 && { headers: all }) };
  };
  return { create: complete(create), ...(destroy !== undefined && { destroy: complete(destroy) }) };
}

type Sample = (schema: ApiSchema) => unknown;

function pairOf(destroy: ApiOperation, all: readonly ApiOperation[], sample: Sample): RequestOperation | undefined {
  const [, collection, parameter, ending = ''] = /^(.*)\/\{([^{}/]+)\}(\.\w+)?\/?$/.exec(destroy.path) ?? [];
  if (collection === undefined || parameter === undefined) return undefined;
  const asPath = (path: string) => path.replace(/\/$/, '');
  const post = all.find(({ method, path }) => method === 'POST' && asPath(path) === asPath(collection) + ending);
  const put = all.find(({ method, path }) => method === 'PUT' && path === destroy.path);
  const made = (post && madeByPost(post, parameter, sample)) ?? (put && madeByPut(put, parameter, sample));
  if (made === undefined) return undefined;
  const path = made.value.startsWith('{header:') ? made.value : `${filled(collection, destroy)}/${made.value}${ending}`;
  return { create: made.create, destroy: { method: 'DELETE', path } };
}

function madeByPost(post: ApiOperation, parameter: string, sample: Sample): Identified | undefined {
  const body = bodyOf(post, sample);
  const path = filled(post.path, post);
  const field = idField(post.answer, parameter);
  if (field !== undefined) {
    // An id that the client may give must not be the same each time.
    const own = withOwn(body, field, post.body);
    return { create: request(post, path, own), value: `{json:${field}}` };
  }
  if (post.answersLocation) return { create: request(post, path, body), value: '{header:location}' };
  const named = body === undefined ? undefined : idField(post.body, parameter);
  if (named === undefined) return undefined;
  return { create: request(post, path, withOwn(body, named, post.body)), value: ownName };
}

type Body = Readonly<Record<string, unknown>>;

/** A body with a name or a number of plateau's own at a field that it has, `metadata.name` say. */
function withOwn(body: Body | undefined, field: string, schema: ApiSchema | undefined): Body | undefined {
  const [outer = '', ...inner] = field.split('.');
  if (body === undefined || !(outer in body)) return body;
  const ofOuter = schema?.properties?.[outer];
  const value = inner.length === 0 ? idOf(ofOuter) : withOwn(body[outer] as Body | undefined, inner.join('.'), ofOuter);
  return { ...body, [outer]: value };
}

function madeByPut(put: ApiOperation, parameter: string, sample: Sample): Identified {
  const path = `${filled(put.path.replace(`/{${parameter}}`, ''), put)}/${ownName}`;
  return { create: request(put, path, bodyOf(put, sample)), value: ownName };
}

function bodyOf({ body }: ApiOperation, sample: Sample): Record<string, unknown> | undefined {
  const made = body === undefined ? undefined : sample(body);
  return typeof made === 'object' && made !== null && !Array.isArray(made)
    ? (made as Record<string, unknown>)
    : undefined;
}

function request({ method, isForm }: ApiOperation, path: string, body: Body | undefined): RequestTemplate {
  if (body === undefined) return { method, path };
  if (isForm) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const fields = Object.entries(body).map(([name, value]): [string, string] => [name, String(value)]);
    const text = new URLSearchParams(fields).toString();
    return { method, path, headers, body: text.replaceAll(/%7B(?:number%3A)?cycle%7D/g, '{cycle}') };
  }
  // A number stands without quotes.
  const text = JSON.stringify(body).replaceAll('"{number:cycle}"', '{cycle}');
  return text.includes(':{cycle}')
    ? { method, path, headers: { 'content-type': 'application/json' }, body: text }
    : { method, path, body };
}

function idOf(schema: ApiSchema | undefined): string {
  return schema?.type === 'integer' || schema?.type === 'number' ? '{number:cycle}' : ownName;
}

/** The property by which the path parameter is known: of its name, an id, or what names things elsewhere. */
function idField(schema: ApiSchema | undefined, parameter: string): string | undefined {
  const names = Object.keys(schema?.properties ?? {});
  const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const firstOf = (wanted: readonly string[]) =>
    wanted.map((name) => names.find((known) => plain(known) === name)).find((name) => name !== undefined);
  const direct = firstOf([plain(parameter), 'id', 'uuid', 'guid']);
  if (direct !== undefined) return direct;
  const ending = names.find((name) => /id$/i.test(name) && plain(parameter).endsWith(plain(name)));
  if (ending !== undefined) return ending;
  const naming = firstOf(['key', 'slug', 'name', 'code', 'handle']);
  if (naming !== undefined) return naming;
  for (const outer of names) {
    const inner = schema?.properties?.[outer];
    const wraps = /^(data|result|item|attributes|metadata)$/i.test(outer) || plain(parameter).startsWith(plain(outer));
    const field = wraps && inner !== undefined ? idField(flattened({ ...inner }), parameter) : undefined;
    if (field !== undefined) return `${outer}.${field}`;
  }
  return undefined;
}

/** Parameters of outer things get the example that the document gives, or 1. */
function filled(path: string, { examples }: ApiOperation): string {
  return path.replaceAll(/\{([^{}]+)\}/g, (_all, name: string) => encodeURIComponent(String(examples[name] ?? 1)));
}
