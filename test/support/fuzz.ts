import fc from 'fast-check';
import { expect } from 'vitest';
import { describeError } from '../../harness/cli/reporting/describe-error.js';
import { PlateauError } from '../../harness/model/errors.js';

/** Inputs of each fuzzer: `npm run test:fuzz` sets 10,000; the tests of every day take few. */
export const inputs = Number(process.env.FUZZ_INPUTS ?? 60);

export const fuzzing = { seed: 41, numRuns: inputs, endOnFailure: false } as const;

export const markupMark = '<img src=x onerror=';

/** Markup, controls, paths and names that texts of strangers may be. */
export const hostileText = fc.oneof(
  fc.constantFrom(
    `</script>${markupMark}"globalThis.pwned=1">`,
    `"'>${markupMark}1>`,
    ']]><!--',
    '\u001b[2J\u001b]0;owned\u0007\u009b31m',
    '\u202Eevil\u2066\u0000\r\n',
    '../../../../etc/passwd',
    'javascript:alert(1)',
    '__proto__',
    'constructor',
    '',
    '|`*_[x](y)#\n# heading',
    '\ud800',
    'é'.repeat(10_000),
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

const hostileNumber = fc.constantFrom(
  -1,
  0,
  0.5,
  1e308,
  -1e308,
  5e-324,
  2 ** 53,
  4_294_967_296,
  Number.MAX_SAFE_INTEGER,
);

const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  hostileNumber,
  fc.constantFrom(null, true, [], {}),
  fc.jsonValue({ maxDepth: 2 }),
  fc.array(hostileText, { maxLength: 50 }),
);

interface Change {
  readonly place: number;
  readonly kind: 'replace' | 'remove' | 'repeat' | 'rename';
  readonly value: unknown;
  readonly name: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  place: fc.nat(100_000),
  kind: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'repeat', 'rename'),
  value: hostileValue,
  name: hostileText,
});

/** A plain value, changed at up to four places. */
export function changed<Value>(value: Value): fc.Arbitrary<unknown> {
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const root: { value: unknown } = { value: structuredClone(value) };
    for (const one of changes) apply(root, one);
    return root.value;
  });
}

/** Texts of a closed set, and those that must be moments in time. */
const closed = new Set(['verdict', 'shape', 'kind', 'driver', 'phase', 'startedAt', 'endedAt']);

function isFreeText([holder, name]: Place): boolean {
  return typeof (holder as Record<string, unknown>)[name] === 'string' && !closed.has(name);
}

/** A value in which free texts alone were changed, so that its shape holds. */
export function retold<Value>(value: Value): fc.Arbitrary<Value> {
  const texts = placesOf({ value }).filter(isFreeText).length;
  return fc
    .array(fc.tuple(fc.nat(Math.max(0, texts - 1)), hostileText), { minLength: 1, maxLength: 8 })
    .map((changes) => {
      const root = { value: structuredClone(value) };
      for (const [index, text] of changes) {
        const places = placesOf(root).filter(isFreeText);
        const [holder, name] = places[index % Math.max(1, places.length)] ?? [];
        if (holder !== undefined && name !== undefined) (holder as Record<string, unknown>)[name] = text;
      }
      return root.value;
    });
}

type Place = readonly [holder: object, name: string];

function placesOf(holder: object): Place[] {
  return Object.entries(holder).flatMap(([name, value]): Place[] => [
    [holder, name],
    ...(typeof value === 'object' && value !== null ? placesOf(value as object) : []),
  ]);
}

function apply(root: object, { place, kind, value, name }: Change): void {
  const places = placesOf(root);
  const [holder, at] = places[place % places.length]! as [Record<string, unknown>, string];
  if (kind === 'replace') holder[at] = value;
  else if (kind === 'remove' && Array.isArray(holder)) holder.splice(Number(at), 1);
  else if (kind === 'remove' && holder !== root) delete holder[at];
  else if (kind === 'repeat' && Array.isArray(holder)) holder.push(...Array.from({ length: 20 }, () => holder[at]));
  else if (kind === 'rename' && !Array.isArray(holder) && holder !== root) {
    Object.defineProperty(holder, name, { value: holder[at], enumerable: true, configurable: true, writable: true });
  }
}

/** A text with bytes replaced, cut out, repeated, or cut short. */
export function damaged(bytes: Uint8Array): fc.Arbitrary<Buffer> {
  const damage = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    kind: fc.constantFrom('set', 'set', 'insert', 'remove', 'cut', 'repeat'),
    with: fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 8 }),
      fc
        .constantFrom('9'.repeat(20), '-1', '[', ']', '"', '\\', '\n', ',', '1e999', '\0')
        .map((text) => Buffer.from(text)),
      hostileText.map((text) => Buffer.from(text)),
    ),
    length: fc.nat(200),
  });
  return fc.array(damage, { minLength: 1, maxLength: 4 }).map((damages) => {
    let text = Buffer.from(bytes);
    for (const { at, kind, with: put, length } of damages) {
      const from = Math.floor(at * text.length);
      if (kind === 'cut') text = text.subarray(0, from);
      else if (kind === 'remove') text = Buffer.concat([text.subarray(0, from), text.subarray(from + length)]);
      else if (kind === 'insert') text = Buffer.concat([text.subarray(0, from), put, text.subarray(from)]);
      else if (kind === 'repeat')
        text = Buffer.concat([
          text.subarray(0, from + length),
          text.subarray(from, from + length),
          text.subarray(from),
        ]);
      else text = Buffer.concat([text.subarray(0, from), put, text.subarray(from + put.length)]);
    }
    return text;
  });
}

/** What an input may lead to: a result, or an error that was raised on purpose and says what to do. */
export function orRaised<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    expectRaised(error);
    return undefined;
  }
}

export async function orRaisedLater<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    expectRaised(error);
    return undefined;
  }
}

function expectRaised(error: unknown): void {
  if (!(error instanceof PlateauError) || error.code === 'PLATEAU_INTERNAL') throw error;
  const { text } = describeError(error, { verbose: false });
  expect(text.length).toBeGreaterThan(error.code.length + 2);
  expect(text.length).toBeLessThan(20_000);
  expectInert('terminal', text);
}

/** Control characters that act on a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const acting = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u;

/** What Markdown shows as it is: characters behind a backslash, fenced blocks, and spans between as many backticks. */
const code = /\\[^\n]|^(`{3,})[^`\n]*\n[\s\S]*?^\1`*$|(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\2(?!`)/gm;

export function expectInert(kind: 'markup' | 'markdown' | 'terminal', text: string): void {
  if (kind === 'markup') expect(text.includes(markupMark)).toBe(false);
  else if (kind === 'markdown') expect(text.replace(code, '').includes(markupMark)).toBe(false);
  else expect(acting.exec(text)?.[0]).toBeUndefined();
}
