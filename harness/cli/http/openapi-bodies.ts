import type { FormFile, RequestTemplate } from '../../model/request.js';
import type { ApiOperation, ApiSchema } from './read-openapi.js';

/** Name that a client gives; new in each cycle, and known when the cycle is over. */
export const ownName = 'plateau-{cycle}';

export type Body = Readonly<Record<string, unknown>>;
export type Sample = (schema: ApiSchema) => unknown;

/** An object that a schema allows. */
export function bodyOf({ body }: ApiOperation, sample: Sample): Body | undefined {
  const made = body === undefined ? undefined : sample(body);
  return typeof made === 'object' && made !== null && !Array.isArray(made) ? (made as Body) : undefined;
}

/** A body with a name or a number of plateau's own at a field that it has, `metadata.name` say. */
export function withOwn(body: Body | undefined, field: string, schema: ApiSchema | undefined): Body | undefined {
  const [outer = '', ...inner] = field.split('.');
  if (body === undefined || !(outer in body)) return body;
  const ofOuter = schema?.properties?.[outer];
  const value = inner.length === 0 ? idOf(ofOuter) : withOwn(body[outer] as Body | undefined, inner.join('.'), ofOuter);
  return { ...body, [outer]: value };
}

function idOf(schema: ApiSchema | undefined): string {
  return schema?.type === 'integer' || schema?.type === 'number' ? '{number:cycle}' : ownName;
}

/** The request of an operation, with its body in the form that the document asks for. */
export function requestOf(operation: ApiOperation, path: string, body: Body | undefined): RequestTemplate {
  const { method, bodyForm } = operation;
  if (body === undefined) return { method, path };
  if (bodyForm === 'multipart') return { method, path, form: formOf(body, operation.body) };
  if (bodyForm === 'urlencoded') {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const fields = Object.entries(body).map(([name, value]): [string, string] => [name, textOf(value)]);
    const text = new URLSearchParams(fields).toString();
    return { method, path, headers, body: text.replaceAll(/%7B(?:number%3A)?cycle%7D/g, '{cycle}') };
  }
  // A number stands without quotes.
  const text = JSON.stringify(body).replaceAll('"{number:cycle}"', '{cycle}');
  return text.includes(':{cycle}')
    ? { method, path, headers: { 'content-type': 'application/json' }, body: text }
    : { method, path, body };
}

function formOf(body: Body, schema: ApiSchema | undefined): Record<string, string | FormFile> {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      const isFile = schema?.properties?.[name]?.format === 'binary';
      return [name, isFile ? { name: 'plateau.txt', content: 'plateau', type: 'text/plain' } : textOf(value)];
    }),
  );
}

function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
