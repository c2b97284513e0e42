import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { invalidOption } from '../../model/errors.js';
import type { HttpSettings } from '../../model/http.js';
import type { FormFile } from '../../model/request.js';
import { gotInsteadOfFile } from '../../platform/user-files.js';
import { choiceOption, concurrencyMax, countOption, durationOption, repeated } from '../options/options.js';
import type { RequestDefaults } from './read-requests.js';

/** Flags that say what a request is like. */
export interface RequestFlags {
  readonly method?: string;
  readonly header?: readonly Named[];
  readonly cookie?: readonly string[];
  readonly body?: string;
  readonly form?: readonly Named[];
  readonly expectStatus?: readonly number[];
  readonly timeout?: number;
  readonly connections?: number;
  readonly pipelining?: number;
  readonly csv?: string;
  readonly ca?: string;
  readonly insecure?: true;
  readonly http2?: true;
}

interface Named {
  readonly name: string;
  readonly value: string;
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

export function addRequestFlags(command: Command): Command {
  return command
    .option('--method <method>', 'of requests that name none (default: GET, with a body POST)', (text: string) =>
      choiceOption('--method', methods)(text.toUpperCase()),
    )
    .option('--header <name: value>', 'sent with every request; repeatable', repeated(namedOption('--header', ':')))
    .option('--cookie <name=value>', 'sent with every request; repeatable', repeated(cookieOption))
    .option('--body <text|@file>', 'sent with POST, PUT and PATCH; a file after @')
    .option(
      '--form <name=value>',
      'a field of a form, a file after @; repeatable',
      repeated(namedOption('--form', '=')),
    )
    .option('--ca <file>', 'certificates in PEM to trust, of a target over TLS')
    .option('--insecure', 'take any certificate')
    .option('--http2', 'speak HTTP/2')
    .option('--csv <file>', 'rows for {csv:COLUMN}: a file with a header line')
    .option(
      '--expect-status <list>',
      'statuses that are no failure, e.g. 200,404 or 2xx (default: 2xx,3xx)',
      statusOption,
    )
    .option('--timeout <time>', 'longest time for an answer (default: 10s)', durationOption('--timeout'))
    .option(
      '--connections <n>',
      'connections at once (default: 5)',
      countOption('--connections', 5, { most: concurrencyMax }),
    )
    .option('--pipelining <n>', 'requests under way on a connection (default: 1)', countOption('--pipelining', 4));
}

export interface ReadFlags {
  readonly defaults: RequestDefaults;
  /** Bytes that were read from files, and which, absolute. */
  readonly files: ReadonlyMap<unknown, string>;
}

/** @throws {PlateauError} `PLATEAU_INVALID_OPTION`, e.g. for a file that cannot be read */
export function requestDefaults(flags: RequestFlags, directory: string): ReadFlags {
  const files = new Map<unknown, string>();
  const read = (option: '--body' | '--form', text: string): string | Uint8Array => {
    if (!text.startsWith('@')) return text;
    const path = resolve(directory, text.slice(1));
    const bytes = bytesOf(option, path);
    files.set(bytes, path);
    return bytes;
  };
  const { method, header = [], cookie = [], expectStatus, timeout } = flags;
  if (flags.body !== undefined && flags.form !== undefined)
    throw invalidOption('--form: expected no --body beside it, got both.', 'give one of them');
  const body = flags.body === undefined ? undefined : read('--body', flags.body);
  const form = flags.form?.map(({ name, value }) => [name, field(read('--form', value), value)] as const);
  const named = Object.fromEntries(header.map(({ name, value }) => [name.toLowerCase(), value]));
  const headers = {
    ...(body !== undefined && looksLikeJson(body) && { 'content-type': 'application/json' }),
    ...named,
    ...(cookie.length > 0 && { cookie: cookie.join('; ') }),
  };
  const defaults: RequestDefaults = {
    ...(method !== undefined && { method }),
    headers,
    ...(body !== undefined && { body }),
    ...(form !== undefined && { form: Object.fromEntries(form) }),
    ...(expectStatus !== undefined && { expectStatus }),
    ...(timeout !== undefined && { timeoutMs: timeout }),
  };
  return { defaults, files };
}

/** How the requests reach the target; absent where nothing of it was given. @throws {PlateauError} `PLATEAU_INVALID_OPTION` */
export function httpSettings({ ca, insecure, http2 }: RequestFlags, directory: string): { http?: HttpSettings } {
  if (ca === undefined && insecure === undefined && http2 === undefined) return {};
  const settings: HttpSettings = {
    ...(ca !== undefined && { ca: Buffer.from(bytesOf('--ca', resolve(directory, ca), 'in PEM')).toString() }),
    ...(insecure && { rejectUnauthorized: false }),
    ...(http2 && { http2 }),
  };
  return { http: settings };
}

function field(content: string | Uint8Array, given: string): string | FormFile {
  return typeof content === 'string' ? content : { name: basename(given), content };
}

function looksLikeJson(body: string | Uint8Array): boolean {
  return /^\s*[[{]/.test(Buffer.from(body.slice(0, 100) as Uint8Array).toString('latin1'));
}

const fileHints = {
  '--body': '--body @body.json, or the text itself',
  '--form': '--form name=@photo.jpg, or --form name=text',
  '--ca': '--ca certificate.pem',
} as const;

function bytesOf(option: keyof typeof fileHints, path: string, place = 'after @'): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw invalidOption(
      `${option}: expected a file ${place}, got ${gotInsteadOfFile(cause)} at ${path}.`,
      fileHints[option],
    );
  }
}

function namedOption(option: string, separator: ':' | '='): (text: string) => Named {
  return (text) => {
    const at = text.indexOf(separator);
    const name = text.slice(0, Math.max(0, at)).trim();
    const value = text.slice(at + 1);
    if (name !== '' && !/[\r\n]/.test(text)) return { name, value: separator === ':' ? value.trim() : value };
    const example = separator === ':' ? `${option} 'x-tenant: 7'` : `${option} name=value`;
    throw invalidOption(`${option}: expected <name>${separator}<value>, got "${text}".`, example);
  };
}

export interface GivenUpstream {
  readonly variable: string;
  readonly url: string;
}

/** `DATABASE_URL=postgres://127.0.0.1/shop`. */
export function upstreamOption(option: string): (text: string) => GivenUpstream {
  return (text) => {
    const [, variable, url] = /^([A-Za-z_]\w*)=(.+)$/.exec(text) ?? [];
    if (variable !== undefined && url !== undefined && URL.canParse(url) && new URL(url).hostname !== '')
      return { variable, url };
    throw invalidOption(
      `${option}: expected <VARIABLE>=<url>, got "${text}".`,
      `${option} DATABASE_URL=postgres://127.0.0.1:5432/shop`,
    );
  };
}

/** Kept as it was given: a value may hold further signs of equality. */
function cookieOption(text: string): string {
  namedOption('--cookie', '=')(text);
  return text;
}

function statusOption(text: string): readonly number[] {
  return text.split(',').flatMap((part) => {
    const [, family, status] = /^\s*(?:([1-5])xx|([1-5]\d\d))\s*$/i.exec(part) ?? [];
    if (family !== undefined) return Array.from({ length: 100 }, (_, index) => Number(family) * 100 + index);
    if (status !== undefined) return [Number(status)];
    throw invalidOption(
      `--expect-status: expected statuses with commas between them, got "${text}".`,
      '--expect-status 200,404 or --expect-status 2xx',
    );
  });
}
