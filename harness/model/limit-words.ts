import type { HolderNumber } from './runtime.js';

/** One of these must be in the name, the others may be; what else it says must be what the holder is called. */
const limitWords: ReadonlySet<string> = new Set(['max', 'maximum', 'limit', 'capacity', 'cap', 'maxsize', 'maxlen']);
const measureWords: ReadonlySet<string> = new Set(['size', 'length', 'count', 'number', 'total', 'of']);
const entryWords: ReadonlySet<string> = new Set(['entries', 'items', 'keys', 'elements', 'records', 'cache', 'lru']);
/** Without a word for a limit, this is one all the same, if it stays as it is while the holder grows. */
const sizeWord = 'size';

/** Whether it limits how many entries a holder of that name has: what code says, or a name as `max`, `MAX_SESSIONS`, `#maxSize`. */
export function isLimit({ name, value, isNear, isCompared }: HolderNumber, called: ReadonlySet<string>): boolean {
  if (!Number.isSafeInteger(value) || value <= 0) return false;
  if (isCompared) return true;
  const words = wordsOf(name);
  const isOfEntries = words.some((word) => entryWords.has(word) || called.has(word));
  if (!isNear && !isOfEntries) return false;
  const known = (word: string) =>
    limitWords.has(word) || measureWords.has(word) || entryWords.has(word) || called.has(word);
  return words.every(known) && words.some((word) => limitWords.has(word) || word === sizeWord);
}

/** Whether it is called a limit of something: a maximum, a capacity. */
export function hasLimitWord(name: string): boolean {
  return wordsOf(name).some((word) => limitWords.has(word));
}

/** Whether a name is of what another one limits: `calculatedSize` of `maxSize`, `totalBytes` of `maxBytes`. */
export function isMeasureOf(name: string, limit: string): boolean {
  const measured = new Set(wordsOf(limit).filter((word) => !limitWords.has(word)));
  return wordsOf(name).some((word) => measured.has(word));
}

/** `MAX_SESSIONS`, `maxSessions` and `#max_sessions` are the words `max` and `sessions`. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '');
}
