/** Ids: hexadecimal ones of eight digits and more, UUIDs, shorter ones that are a word of their own and have a digit, and numbers. */
const plainId = /[\da-f]{8,}(?:-[\da-f]+)*|(?<![\da-z])[\da-f]*\d[\da-f]*(?![\da-z])|\d+/gi;
/** Where names of keys, tables and channels are joined from parts. */
const joints = /([:/.|{}#@\s]+)/;
const idLengthMin = 8;
/** Changes between letters and digits; `oauth2tokens` has two, a random id of eight characters mostly more. */
const idChangesMin = 3;
/** A part that differs so often among names that begin alike names one of many: users, words that were searched for. */
const idValuesMin = 50;

/** What names have in common that differ in ids alone: `session:9f8a7c6b:cart` -> `session:*:cart`. */
export function namePattern(name: string): string {
  return partsOf(name).join('');
}

/** The same of many names, where what differs from name to name is an id too: `cart:ada:items` -> `cart:*:items`. */
export function namePatterns(names: Iterable<string>): Map<string, string> {
  const split = Array.from(names, (name) => ({ name, parts: partsOf(name), pattern: '' }));
  const partsMax = split.reduce((most, { parts }) => Math.max(most, parts.length), 0);
  for (let at = 0; at < partsMax; at += 1) {
    const longer = split.filter(({ parts }) => at < parts.length);
    const valuesAfter = new Map<string, Set<string>>();
    for (const { pattern, parts } of longer) {
      const values = valuesAfter.get(pattern) ?? new Set();
      valuesAfter.set(pattern, values.add(parts[at]!));
    }
    for (const one of longer) {
      // The first part says what a thing is.
      const isId = at > 0 && valuesAfter.get(one.pattern)!.size >= idValuesMin;
      one.pattern += isId ? '*' : one.parts[at];
    }
  }
  return new Map(split.map(({ name, pattern }) => [name, pattern]));
}

/** Parts and what joins them, in turns. */
function partsOf(name: string): string[] {
  return name.split(joints).map((part) => (isRandomId(part) ? '*' : part.replace(plainId, '*')));
}

function isRandomId(part: string): boolean {
  if (part.length < idLengthMin || !/^[\w-]+$/.test(part)) return false;
  return (part.match(/\d(?=[a-z])|[a-z](?=\d)/gi)?.length ?? 0) >= idChangesMin;
}
