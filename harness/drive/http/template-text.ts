import { PlateauError } from '../../model/errors.js';
import type { SetupValues } from './setup-values.js';

/** An answer as later requests of the same cycle may quote it. */
export interface QuotedAnswer {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  text(): string;
}

/** What the values in braces stand for in one cycle. */
export interface CycleValues {
  readonly cycle: number;
  readonly input: number;
  /** Of `create`, in `destroy`. */
  readonly answer?: QuotedAnswer;
}

/** Where values come from besides the cycle, and which may be used. */
export interface ValueSources {
  /** What the error calls the request, e.g. `operation "GET /search"`. */
  readonly origin: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Of the scenario's `csv`; absent where it names none. */
  readonly rows?: readonly Readonly<Record<string, string>>[];
  /** What `setup` will have returned. */
  readonly setup: SetupValues;
  /** Whether there is an answer to quote. */
  readonly quotes: boolean;
}

/** How a value must be written where it stands. */
export type Encoding = 'path' | 'header' | 'json' | 'bytes' | 'text';

/** A text with its values left open; a plain string where it has none. */
export type TemplateText = string | ((values: CycleValues) => string);

type Value = (values: CycleValues) => string;

const valuePattern = /\{(input|cycle|(?:env|csv|setup|json|header):[^{}"\s]+)\}/g;

export function hasValues(text: string): boolean {
  return text.search(valuePattern) >= 0;
}

/** @throws {PlateauError} `PLATEAU_INVALID_SCENARIO` for a value that cannot be had */
export function compileText(text: string, encoding: Encoding, sources: ValueSources): TemplateText {
  const parts: (string | Value)[] = [];
  let end = 0;
  for (const match of text.matchAll(valuePattern)) {
    const isWhole = match[0] === text;
    const value = encoded(valueNamed(match[1]!, sources), encoding, isWhole);
    parts.push(text.slice(end, match.index), encoding === 'header' ? inOneLine(value, match[0], sources) : value);
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  if (parts.length === 1) return text;
  return (values) => {
    let filled = '';
    for (const part of parts) filled += typeof part === 'string' ? part : part(values);
    return filled;
  };
}

export function fillText(text: TemplateText, values: CycleValues): string {
  return typeof text === 'string' ? text : text(values);
}

function encoded(value: Value, encoding: Encoding, isWhole: boolean): Value {
  if (encoding === 'path')
    return isWhole ? (values) => pathOf(value(values)) : (values) => encodeURIComponent(value(values));
  if (encoding === 'json') return (values) => JSON.stringify(value(values)).slice(1, -1);
  if (encoding === 'bytes') return (values) => Buffer.from(value(values)).toString('latin1');
  return value;
}

/** A line break would end the header, and what follows would be another. */
function inOneLine(value: Value, name: string, sources: ValueSources): Value {
  return (values) => {
    const text = value(values);
    if (!/[\r\n\0]/.test(text)) return text;
    throw invalidValue(
      sources,
      `${name} stands in a header, and its value has a line break`,
      'take the line break out',
    );
  };
}

/** A location may be a whole URL; it is asked for at the target all the same. */
function pathOf(location: string): string {
  const { pathname, search } = new URL(location, 'http://target');
  return pathname + search;
}

function valueNamed(name: string, sources: ValueSources): Value {
  if (name === 'input') return ({ input }) => String(input);
  if (name === 'cycle') return ({ cycle }) => String(cycle);
  const colon = name.indexOf(':');
  const kind = name.slice(0, colon);
  const key = name.slice(colon + 1);
  if (kind === 'env') return environmentValue(key, sources);
  if (kind === 'csv') return csvValue(key, sources);
  if (kind === 'setup') return sources.setup.value(key, sources.origin);
  if (!sources.quotes)
    throw invalidValue(sources, `{${name}} quotes an answer, and only \`destroy\` has one`, 'use it in `destroy`');
  return kind === 'json' ? jsonValue(key) : headerValue(key);
}

function environmentValue(name: string, sources: ValueSources): Value {
  const value = sources.environment[name];
  if (value !== undefined) return () => value;
  throw invalidValue(sources, `{env:${name}} needs the environment variable ${name}, which is not set`, `set ${name}`);
}

function csvValue(column: string, sources: ValueSources): Value {
  const { rows = [] } = sources;
  if (rows.length === 0)
    throw invalidValue(sources, `{csv:${column}} needs rows, and there are none`, 'name a CSV file with a header line');
  if (rows[0]![column] === undefined)
    throw invalidValue(
      sources,
      `{csv:${column}} must name a column, expected one of ${Object.keys(rows[0]!).join(', ')}`,
      'take the name from the header line of the CSV file',
    );
  return ({ input }) => rows[input % rows.length]![column] ?? '';
}

function jsonValue(path: string): Value {
  const fields = path.split('.');
  return ({ answer }) => {
    const body: unknown = JSON.parse(answer?.text() ?? '');
    const value = fields.reduce<unknown>((inner, field) => (inner as Record<string, unknown> | null)?.[field], body);
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    throw new AnswerLacksValue(`the answer has no text or number at ${path}`);
  };
}

function headerValue(name: string): Value {
  return ({ answer }) => {
    const value = answer?.headers[name.toLowerCase()];
    if (value === undefined) throw new AnswerLacksValue(`the answer has no header ${name}`);
    return typeof value === 'string' ? value : value.join(', ');
  };
}

/** The service answered, but not with what the next request needs. */
class AnswerLacksValue extends Error {
  override readonly name = 'AnswerLacksValue';
}

function invalidValue({ origin }: ValueSources, problem: string, hint: string): PlateauError {
  return new PlateauError('PLATEAU_INVALID_SCENARIO', `${origin}: ${problem}`, { hint });
}
