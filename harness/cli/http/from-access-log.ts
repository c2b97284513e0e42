import type { FoundRequests } from './from-openapi.js';
import { invalidTraffic, isObject, type JsonObject, literalPath, textOf, weighted } from './from-traffic.js';

interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/**
 * GET and HEAD requests of an access log, whose lines hold a request with its status or are JSON objects, weighted by how
 * often they come; bodies are in no log.
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION`
 */
export function requestsOfAccessLog(file: string): FoundRequests {
  const lines = textOf('--access-log', file)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const requests = lines.flatMap((line) => (line.trimStart().startsWith('{') ? ofJson(line) : ofText(line)) ?? []);
  const readable = requests.filter(({ method, status }) => (method === 'GET' || method === 'HEAD') && status < 400);
  if (readable.length === 0)
    throw invalidTraffic(
      '--access-log',
      file,
      'lines of the common log format, or of JSON, with GET requests',
      requests.length > 0
        ? 'only requests that failed, or sent a body that no log has'
        : `${lines.length} lines of which none is one`,
    );
  const left = requests.length - readable.length;
  return {
    operations: weighted(
      readable.map(({ method, path }) => ({ ...(method !== 'GET' && { method }), path: literalPath(path) })),
    ),
    notes:
      left === 0
        ? []
        : [`${left} of ${requests.length} requests were left out: they failed, or sent a body that no log has`],
  };
}

/** In quotes and with the version, as servers write it; or without, as morgan and many loggers of Go do. */
const requestWithStatus = /(?:^|[\s"])([A-Z]+) (\/[^\s"]*)(?: HTTP\/[\d.]+)?"? (\d{3})(?:\s|$)/;

function ofText(line: string): LoggedRequest | undefined {
  const [, method, path, status] = requestWithStatus.exec(line) ?? [];
  return method === undefined || path === undefined ? undefined : { method, path, status: Number(status) };
}

/** As servers and loggers name them, at the top or in an object of the request and of its answer: Caddy, nginx, pino. */
const names = {
  method: ['method', 'request_method'],
  path: ['uri', 'url', 'path', 'request_uri'],
  status: ['status', 'statusCode', 'status_code'],
} as const;

function ofJson(line: string): LoggedRequest | undefined {
  let logged: unknown;
  try {
    logged = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isObject(logged)) return undefined;
  const places = [logged.request, logged.req, logged.response, logged.res, logged].filter(isObject);
  const status = Number(fieldOf(places, names.status));
  if (!Number.isInteger(status)) return undefined;
  if (typeof logged.request === 'string') return ofText(`"${logged.request}" ${status}`);
  const [method, path] = [fieldOf(places, names.method), fieldOf(places, names.path)];
  if (typeof method !== 'string' || typeof path !== 'string' || !path.startsWith('/')) return undefined;
  return { method, path, status };
}

function fieldOf(places: readonly JsonObject[], fields: readonly string[]): unknown {
  return places.flatMap((place) => fields.map((name) => place[name])).find((value) => value !== undefined);
}
