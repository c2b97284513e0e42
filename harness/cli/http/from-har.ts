import { hasValues } from '../../drive/http/template-text.js';
import type { FormFile, RequestTemplate } from '../../model/request.js';
import { countOfEach } from '../../platform/count-of-each.js';
import type { FoundRequests } from './from-openapi.js';
import { invalidTraffic, isObject, type JsonObject, literalPath, textOf, weighted } from './from-traffic.js';

interface HarRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Pick<RequestTemplate, 'body' | 'form'>;
  readonly bodyType: string | undefined;
}

/**
 * Requests of a HAR file to the origin that is asked most, weighted by how often they come.
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION`
 */
export function requestsOfHar(file: string): FoundRequests {
  const entries = harEntries(file).filter(isOfServer);
  const requests = entries.flatMap((entry) => requestOf(entry) ?? []);
  const origin = mostFrequent(requests.map(({ url }) => url.origin));
  const left = entries.length - requests.length;
  if (origin === undefined)
    throw invalidTraffic(
      '--har',
      file,
      'a HAR file with requests',
      left === 0 ? 'none' : 'only requests that failed, or cannot be sent again',
    );
  const own = requests.filter(({ url }) => url.origin === origin);
  return {
    operations: weighted(own.map(templateOf)),
    origin,
    notes:
      left === 0 ? [] : [`${left} of ${entries.length} requests were left out: they failed, or cannot be sent again`],
  };
}

function harEntries(file: string): readonly unknown[] {
  const text = textOf('--har', file);
  let har: unknown;
  try {
    har = JSON.parse(text);
  } catch (cause) {
    throw invalidTraffic('--har', file, 'a HAR file', `no JSON (${(cause as Error).message})`);
  }
  const entries = isObject(har) && isObject(har.log) ? har.log.entries : undefined;
  if (!Array.isArray(entries)) throw invalidTraffic('--har', file, 'a HAR file', 'JSON without log.entries');
  return entries;
}

/** Pages also load what no server sends: data, blobs, extensions; and sockets, which are no requests. */
function isOfServer(entry: unknown): boolean {
  const url = isObject(entry) && isObject(entry.request) ? entry.request.url : undefined;
  return typeof url !== 'string' || /^https?:/i.test(url);
}

/** @returns undefined for what failed when it was recorded, and for what is no request */
function requestOf(entry: unknown): HarRequest | undefined {
  if (!isObject(entry) || !isObject(entry.request) || hasFailed(entry.response)) return undefined;
  const { method, url, headers, postData } = entry.request;
  if (typeof method !== 'string' || typeof url !== 'string' || !URL.canParse(url)) return undefined;
  const data = isObject(postData) ? postData : {};
  const body = bodyOf(data);
  // It would be filled with values that nobody recorded.
  if (typeof body.body === 'string' && hasValues(body.body)) return undefined;
  const bodyType = body.body !== undefined && typeof data.mimeType === 'string' ? data.mimeType : undefined;
  return { method, url: new URL(url), headers: fieldsOf(headers), body, bodyType };
}

/** What browsers blocked or gave up has the status 0. */
function hasFailed(response: unknown): boolean {
  const status = isObject(response) ? response.status : undefined;
  return typeof status === 'number' && (status < 200 || status >= 400);
}

/** Browsers record a form as text, or as its fields alone. */
function bodyOf({ text, params, mimeType }: JsonObject): HarRequest['body'] {
  if (typeof text === 'string' && text !== '') return { body: text };
  const fields = fieldsOf(params);
  if (fields.length === 0) return {};
  if (!String(mimeType).startsWith('multipart/'))
    return { body: String(new URLSearchParams(fields.map(([...pair]) => pair))) };
  const files = new Set(
    (params as JsonObject[]).flatMap(({ name, fileName }) => (fileName === undefined ? [] : [name])),
  );
  return {
    form: Object.fromEntries(
      fields.map(([name, value]): [string, string | FormFile] => [
        name,
        files.has(name) ? { name: 'plateau.txt', content: value || 'plateau' } : value,
      ]),
    ),
  };
}

/** Pairs of names and values, of headers or of a form. */
function fieldsOf(list: unknown): [string, string][] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((field: unknown) => {
    if (!isObject(field) || typeof field.name !== 'string') return [];
    return [[field.name, typeof field.value === 'string' ? field.value : '']];
  });
}

/** Of the headers those that a service decides by; secrets of the recorded session are none of them. */
function templateOf({ method, url, headers, body, bodyType }: HarRequest): RequestTemplate {
  const kept = headers
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => name === 'accept' || (name === 'content-type' && body.form === undefined))
    .filter(([, value]) => !hasValues(value));
  const named = new Map(kept);
  if (bodyType !== undefined && !named.has('content-type')) named.set('content-type', bodyType);
  return {
    ...(method !== 'GET' && { method }),
    path: literalPath(url.pathname + url.search),
    ...(named.size > 0 && { headers: Object.fromEntries(named) }),
    ...body,
  };
}

function mostFrequent(values: readonly string[]): string | undefined {
  const [first] = [...countOfEach(values)].toSorted(([, left], [, right]) => right - left);
  return first?.[0];
}
