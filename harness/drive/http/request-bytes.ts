import type { CompiledRequest } from './compile-request.js';
import { missingHeaders } from './sent-request.js';
import type { CycleValues } from './template-text.js';

type Headers = Readonly<Record<string, string>>;

/** The head of a request in HTTP/1.1, with the empty line at its end. */
export function requestHead(
  { method, path }: { readonly method: string; readonly path: string },
  ...parts: readonly Headers[]
): string {
  let head = `${method} ${path} HTTP/1.1\r\n`;
  for (const headers of parts) for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
  return `${head}\r\n`;
}

const contentLength = 'content-length';
/** Of these, a server may wait for a body unless a length of 0 is sent. */
const methodsWithBody = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Writes the requests of an operation in HTTP/1.1, each whole; one that is the same in every cycle is written once.
 * @param defaults headers of every request that does not name them itself
 */
export function requestWriter(request: CompiledRequest, defaults: Headers): (values: CycleValues) => string | Buffer {
  // Which headers a request names is the same in every cycle.
  let added: Headers | undefined;
  let statesLength = false;
  const write = (values: CycleValues): string | Buffer => {
    const rendered = request.render(values);
    const { method, headers, body = '' } = rendered;
    if (added === undefined) {
      added = missingHeaders(defaults, headers);
      statesLength = !(contentLength in missingHeaders({ [contentLength]: '' }, headers));
    }
    const bytes = Buffer.byteLength(body);
    const needsLength = !statesLength && (bytes > 0 || methodsWithBody.has(method));
    const length: Headers = needsLength ? { [contentLength]: `${bytes}` } : {};
    const head = requestHead(rendered, added, headers, length);
    return typeof body === 'string' ? head + body : Buffer.concat([Buffer.from(head), body]);
  };
  if (!request.isStatic) return write;
  let same: Buffer | undefined;
  return (values) => {
    same ??= Buffer.from(write(values) as Buffer);
    return same;
  };
}
