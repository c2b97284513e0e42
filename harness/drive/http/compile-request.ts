import type { FormFile, RequestTemplate } from '../../model/request.js';
import {
  type CycleValues,
  compileText,
  type Encoding,
  fillText,
  type TemplateText,
  type ValueSources,
} from './template-text.js';

/** A request with all values filled in. */
export interface RenderedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
}

export interface CompiledRequest {
  readonly method: string;
  readonly timeoutMs: number;
  /** The same in every cycle. */
  readonly isStatic: boolean;
  expects(status: number): boolean;
  /** What was asked for lies elsewhere, which is not asked there. */
  isRedirect(status: number): boolean;
  render(values: CycleValues): RenderedRequest;
}

/** Notified of each answer that is a redirect. */
export type OnRedirect = (operation: string, status: number) => void;

const redirects = new Set([301, 302, 303, 307, 308]);
const defaultTimeoutMs = 10_000;
const formBoundary = '----plateau-form-boundary-5f0c1c3e';

/** Finds the values of a request once, so that a cycle only fills them in. @throws {PlateauError} `PLATEAU_INVALID_SCENARIO` */
export function compileRequest(template: RequestTemplate, sources: ValueSources): CompiledRequest {
  const { method = 'GET', expectStatus, timeoutMs = defaultTimeoutMs } = template;
  const { text: bodyText, encoding, type } = bodyOf(template);
  const path = compileText(template.path, 'path', sources);
  const headers = Object.entries(headersOf(template, type)).map(
    ([name, value]) => [name, compileText(value, 'header', sources)] as const,
  );
  const body = bodyText === undefined ? undefined : compileText(bodyText, encoding, sources);
  const isOpen = (text: TemplateText | undefined) => typeof text === 'function';
  const fillHeaders = (values: CycleValues) =>
    Object.fromEntries(headers.map(([name, value]) => [name, fillText(value, values)]));
  const noValues: CycleValues = { cycle: 0, input: 0 };
  const fixedHeaders = headers.some(([, value]) => isOpen(value)) ? undefined : fillHeaders(noValues);
  const isStatic = !isOpen(path) && !isOpen(body) && fixedHeaders !== undefined;
  const fill = (values: CycleValues): RenderedRequest => ({
    method,
    path: fillText(path, values),
    headers: fixedHeaders ?? fillHeaders(values),
    body: filledBody(body, encoding, values),
  });
  const fixed = isStatic ? fill(noValues) : undefined;
  return {
    method,
    timeoutMs,
    isStatic,
    expects: (status) => expectStatus?.includes(status) ?? (status >= 200 && status < 400),
    // After a POST, a redirect says that it is done.
    isRedirect: (status) => expectStatus === undefined && method === 'GET' && redirects.has(status),
    render: fixed === undefined ? fill : () => fixed,
  };
}

function filledBody(body: TemplateText | undefined, encoding: Encoding, values: CycleValues) {
  if (body === undefined) return undefined;
  const text = fillText(body, values);
  return encoding === 'bytes' ? Buffer.from(text, 'latin1') : text;
}

function headersOf({ headers = {} }: RequestTemplate, type: string | undefined): Record<string, string> {
  const named = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return type === undefined || named ? { ...headers } : { ...headers, 'content-type': type };
}

/** Bytes are kept as Latin-1 text, one character a byte, so that values can stand in them. */
function bodyOf({ body, form }: RequestTemplate): { text?: string; encoding: Encoding; type?: string } {
  if (form !== undefined)
    return { text: formText(form), encoding: 'bytes', type: `multipart/form-data; boundary=${formBoundary}` };
  if (body === undefined || typeof body === 'string')
    return { ...(body !== undefined && { text: body }), encoding: 'text' };
  if (body instanceof Uint8Array) return { text: latin1(body), encoding: 'bytes' };
  return { text: JSON.stringify(body), encoding: 'json', type: 'application/json' };
}

function formText(form: Readonly<Record<string, string | FormFile>>): string {
  const parts = Object.entries(form).map(([name, field]) => {
    const isText = typeof field === 'string';
    const file = isText ? '' : `; filename="${quoted(field.name)}"`;
    const type = isText ? '' : `content-type: ${field.type ?? 'application/octet-stream'}\r\n`;
    const content = latin1(isText ? field : field.content);
    return `--${formBoundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"${file}\r\n${type}\r\n${content}\r\n`;
  });
  return `${parts.join('')}--${formBoundary}--\r\n`;
}

function quoted(name: string): string {
  return latin1(name).replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function latin1(content: string | Uint8Array): string {
  return Buffer.from(content as Uint8Array).toString('latin1');
}
