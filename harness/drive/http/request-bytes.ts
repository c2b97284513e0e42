import type { CompiledRequest, RenderedRequest } from './compile-request.js';
import { missingHeaders } from './sent-request.js';
import type { CycleValues } from './template-text.js';

type Headers = Readonly<Record<string, string>>;

/** The head of a request in HTTP/1.1, with the empty line at its end. */
export function requestHead({ method, path }: Pick<RenderedRequest, 'method' | 'path'>, headers: Headers): string {
  return headOf(method, path, linesOf(headers));
}

function headOf(method: string, path: string, lines: string): string {
  return `${method} ${path} HTTP/1.1\r\n${lines}\r\n`;
}

function linesOf(headers: Headers): string {
  let lines = '';
  for (const name in headers) lines += `${name}: ${headers[name]}\r\n`;
  return lines;
}

const contentLength = 'content-length';
/** Of these, a server may wait for a body unless a length of 0 is sent. */
const methodsWithBody = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Writes the requests of an operation in HTTP/1.1, each whole; one that is the same in every cycle is written once.
 * @param defaults headers of every request that does not name them itself
 */
export function requestWriter(request: CompiledRequest, defaults: Headers): (values: CycleValues) => string | Buffer {
  // Which headers a request names is the same in every cycle, and mostly what they are.
  let added: string | undefined;
  let statesLength = false;
  let named: Headers | undefined;
  let lines = '';
  const write = (values: CycleValues): string | Buffer => {
    const { method, path, headers, body = '' } = request.render(values);
    if (added === undefined) {
      added = linesOf(missingHeaders(defaults, headers));
      statesLength = !(contentLength in missingHeaders({ [contentLength]: '' }, headers));
    }
    if (headers !== named) lines = added + linesOf(headers);
    named = headers;
    const bytes = Buffer.byteLength(body);
    const needsLength = !statesLength && (bytes > 0 || methodsWithBody.has(method));
    const length = needsLength ? `${contentLength}: ${bytes}\r\n` : '';
    const head = headOf(method, path, lines + length);
    return typeof body === 'string' ? head + body : Buffer.concat([Buffer.from(head), body]);
  };
  if (!request.isStatic) return write;
  let same: Buffer | undefined;
  return (values) => {
    same ??= Buffer.from(write(values) as Buffer);
    return same;
  };
}
