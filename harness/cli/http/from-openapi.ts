import { invalidOption } from '../../model/errors.js';
import type { RequestOperation, RequestTemplate } from '../../model/request.js';
import { pairsOf } from './openapi-pairs.js';
import { defaultHeaders } from './openapi-security.js';
import { type ApiOperation, readOpenapi } from './read-openapi.js';

export interface FoundRequests {
  readonly operations: Readonly<Record<string, RequestOperation>>;
  /** Of the first server that the document names with a whole address. */
  readonly origin?: string;
  /** For the user: what the requests need besides. */
  readonly notes: readonly string[];
}

/**
 * The create/destroy pairs of an OpenAPI document: a POST or PUT, and the DELETE that takes what it made. Where it has none,
 * every GET that needs nothing.
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION` for a document that cannot be read or has neither, `PLATEAU_MISSING_PACKAGE`
 */
export async function requestsOfOpenapi(file: string): Promise<FoundRequests> {
  const api = await readOpenapi(file);
  const { headers, notes } = defaultHeaders(api.document);
  const pairs = pairsOf(api.operations, api.sample);
  const found = pairs.length > 0 ? pairs : api.operations.filter(isFree).map(({ path }) => ({ create: { path } }));
  if (found.length === 0)
    throw invalidOption(
      `--openapi: expected a POST with the DELETE that undoes it, or a GET without parameters, got none in ${file}.`,
      'give the requests on the command line',
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
