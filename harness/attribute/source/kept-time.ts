import type { EntryExpiry } from '../../model/run-log.js';
import type { CodeLocation } from '../../model/run-record.js';
import { msPerMinute } from '../../model/units.js';
import { wordsOf } from '../evidence/limit-words.js';
import { isOwn } from './own-caller.js';
import type { SourceLocator } from './source-locator.js';

/** Lines before and after a place: an entry that is written over several lines, or filled in after it was made. */
const linesNear = 3;
/** Places of one stack: the line that makes something, and the call that asks for it. */
const placesMax = 2;

const endWords: ReadonlySet<string> = new Set([
  'expire',
  'expires',
  'expired',
  'expiring',
  'expiry',
  'expiration',
  'ttl',
  // Of servlets: `session.setMaxInactiveInterval(1800)`.
  'inactive',
]);
/** Names of limits on age that caches have: moka, Caffeine, Guava and others set one where the cache is made. */
const cacheLife = /^(?:expire_?after|time_?to_?(?:live|idle)|(?:with|new)_?ttl|ttl_?(?:cache|map))/i;
/** A clock that is read and added to. */
const laterThanNow = /(\w+)\s*(?:\([^()]*\))?\s*(?:\+(?![+=])|\.(?:checked_add|add|plus\w*)\()/gi;
const clocks: ReadonlySet<string> = new Set(['currenttimemillis', 'nanotime', 'time']);

/** Asks how old something is, or whether its time is over. */
const age =
  /\b(Since|elapsed|between|difftime|After|Before|is_?after|is_?before|is_?expired)\s*\(|(now)(?:\([^()]*\))?\s*-|((?:currentTimeMillis|nanoTime|time))\([^()]*\)\s*-/i;
const removal = /(?:^|[^a-z])(?:delete|remove|erase|retain|evict|discard|unlink|pop|reject)/i;

/** Comments and texts, which say much and do nothing. */
const withoutEffect = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/\/.*$|\/\*.*?(?:\*\/|$)|^\s*\*.*$|#\s.*$/g;

/**
 * What says at one of the places that make entries, or where their holder is, that they are kept for a time.
 * @param stack innermost first
 */
export function keptTimeAt(stack: readonly CodeLocation[], locator: SourceLocator): EntryExpiry | undefined {
  for (const { file, line } of stack.filter(isOwn).slice(0, placesMax)) {
    const lines = codeOf(file, locator).slice(Math.max(0, line - 1 - linesNear), line + linesNear);
    const name = firstName(lines, (word) => isEnd(word) || cacheLife.test(word)) ?? firstLater(lines);
    if (name !== undefined) return { name };
  }
  return undefined;
}

/**
 * The same of a file: it has a cache with a life, or code that takes out what is old. That may be another collection than the one
 * that grows, so only a minute is waited for.
 */
export function keptTimeOf(stack: readonly CodeLocation[], locator: SourceLocator): EntryExpiry | undefined {
  const files = new Set(stack.filter(isOwn).map(({ file }) => file));
  for (const file of files) {
    const lines = codeOf(file, locator);
    const name = firstName(lines, (word) => cacheLife.test(word)) ?? removalByAge(lines);
    if (name !== undefined) return { name, inMs: msPerMinute };
  }
  return undefined;
}

/** What asks for an age on a line that takes something out, or that decides whether one of the next does. */
function removalByAge(lines: readonly string[]): string | undefined {
  for (const [index, text] of lines.entries()) {
    const asked = age
      .exec(text)
      ?.slice(1)
      .find((word) => word !== undefined);
    if (asked !== undefined && lines.slice(index, index + linesNear).some((line) => removal.test(line))) return asked;
  }
  return undefined;
}

function codeOf(file: string, locator: SourceLocator): string[] {
  return locator.linesOf(file).map((text) => text.replaceAll(withoutEffect, ''));
}

function isEnd(identifier: string): boolean {
  return wordsOf(identifier).some((word) => endWords.has(word));
}

function firstName(lines: readonly string[], isWanted: (identifier: string) => boolean): string | undefined {
  return lines.flatMap((text) => text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []).find(isWanted);
}

/** `now` of `time.Now().Add(life)`, of `Instant::now() + life`, of `time(NULL) + 60`. */
function firstLater(lines: readonly string[]): string | undefined {
  const read = lines.flatMap((text) => Array.from(text.matchAll(laterThanNow), ([, clock]) => clock!));
  return read.find((clock) => clocks.has(clock.toLowerCase()) || wordsOf(clock).includes('now'));
}
