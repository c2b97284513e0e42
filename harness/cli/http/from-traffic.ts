import { readFileSync } from 'node:fs';
import { PlateauError } from '../../model/errors.js';
import type { RequestOperation, RequestTemplate } from '../../model/request.js';
import { decodeText, gotInsteadOfFile } from '../../platform/user-files.js';
import type { FoundRequests } from './from-openapi.js';

/** The most frequent requests stand for the traffic; growth of one in hundreds could not be distinguished. */
const operationsMax = 20;

interface Seen {
  readonly request: RequestTemplate;
  count: number;
}

/**
 * Requests of a HAR file to the origin that is asked most, weighted by how often they come.
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION`
 */
export function requestsOfHar(file: string): FoundRequests {
  const entries = harEntries(file);
  const origins = countedBy(entries, ({ url }) => new URL(url).origin);
  const [origin] = [...origins].toSorted(([, left], [, right]) => right - left)[0] ?? [];
  if (origin === undefined) throw invalidTraffic('--har', file, 'a HAR file with requests', 'none');
  const own = entries.filter(({ url }) => new URL(url).origin === origin);
  return { operations: weighted(own.map(templateOf)), origin, notes: [] };
}

/**
 * GET and HEAD requests of an access log in the common or the combined form, weighted by how often they come; bodies are
 * in no log.
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION`
 */
export function requestsOfAccessLog(file: string): FoundRequests {
  const lines = textOf('--access-log', file)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const requests = lines.flatMap((line) => {
    const [, method, path, status] = /"([A-Z]+) (\/\S*) HTTP\/[\d.]+" (\d{3})/.exec(line) ?? [];
    return method === undefined || path === undefined ? [] : [{ method, path, status: Number(status) }];
  });
  const readable = requests.filter(({ method, status }) => (method === 'GET' || method === 'HEAD') && status < 400);
  if (readable.length === 0)
    throw invalidTraffic(
      '--access-log',
      file,
      'lines of the common log format with GET requests',
      `${lines.length} lines of which none is one`,
    );
  const left = requests.length - readable.length;
  return {
    operations: weighted(readable.map(({ method, path }) => ({ ...(method !== 'GET' && { method }), path }))),
    notes:
      left === 0
        ? []
        : [`${left} of ${requests.length} requests were left out: they failed, or sent a body that no log has`],
  };
}

function weighted(requests: readonly RequestTemplate[]): Record<string, RequestOperation> {
  const seen = new Map<string, Seen>();
  for (const request of requests) {
    const key = JSON.stringify(request);
    const known = seen.get(key);
    if (known === undefined) seen.set(key, { request, count: 1 });
    else known.count += 1;
  }
  const frequent = [...seen.values()].toSorted((left, right) => right.count - left.count).slice(0, operationsMax);
  const operations: Record<string, RequestOperation> = {};
  for (const { request, count } of frequent) {
    const name = `${request.method ?? 'GET'} ${request.path}`;
    operations[name in operations ? `${name} #${Object.keys(operations).length}` : name] = {
      weight: count,
      create: request,
    };
  }
  return operations;
}

interface HarRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
  readonly postData?: { readonly mimeType?: string; readonly text?: string };
}

function harEntries(file: string): HarRequest[] {
  const text = textOf('--har', file);
  try {
    const { log } = JSON.parse(text) as { log: { entries: readonly { request: HarRequest }[] } };
    // Pages also load what no server sends: data, blobs, extensions.
    return log.entries.map(({ request }) => request).filter(({ url }) => /^https?:/i.test(url) && URL.canParse(url));
  } catch (cause) {
    throw invalidTraffic(
      '--har',
      file,
      'a HAR file',
      cause instanceof SyntaxError ? `no JSON (${cause.message})` : 'JSON without log.entries',
    );
  }
}

/** Of the headers those that a service decides by; secrets of the recorded session are none of them. */
function templateOf({ method, url, headers = [], postData }: HarRequest): RequestTemplate {
  const { pathname, search } = new URL(url);
  const kept = headers
    .map(({ name, value }) => [name.toLowerCase(), value] as const)
    .filter(([name]) => name === 'accept' || name === 'content-type');
  return {
    ...(method !== 'GET' && { method }),
    path: pathname + search,
    ...(kept.length > 0 && { headers: Object.fromEntries(kept) }),
    ...(postData?.text !== undefined && { body: postData.text }),
  };
}

function countedBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

function textOf(option: string, file: string): string {
  try {
    return decodeText(readFileSync(file));
  } catch (cause) {
    throw invalidTraffic(option, file, 'a file', gotInsteadOfFile(cause));
  }
}

function invalidTraffic(option: string, file: string, expected: string, got: string): PlateauError {
  return new PlateauError('PLATEAU_INVALID_OPTION', `${option} ${file}: expected ${expected}, got ${got}.`, {
    hint: 'export it again, or give the requests on the command line',
  });
}
