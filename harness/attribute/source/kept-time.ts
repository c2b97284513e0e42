import { wordsOf } from '../../model/limit-words.js';
import type { EntryExpiry } from '../../model/run-log.js';
import type { CodeLocation } from '../../model/run-record.js';
import { msPerMinute } from '../../model/units.js';
import { isOwn } from './own-caller.js';
import type { SourceLocator } from './source-locator.js';

/** Lines before and after a place: an entry that is written over several lines, or filled in after it was made. */
const linesNear = 3;
/** Places of one stack: the line that makes something, and the call that asks for it. */
const placesMax = 2;

/** Words in the names of times at which something ends, and of lives. */
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
  /\b(Since|elapsed|between|difftime|After|Before|is_?after|is_?before|is_?expired)\s*\(|(now)(?:\([^()]*\))?\s*-|(currentTimeMillis|nanoTime|time)\([^()]*\)\s*-/i;
/** Takes something out: a method of the collection, or a function whose first argument is the collection. */
const removal =
  /([\w.()>:[\]-]+)(?:\.|->)(?:remove|retain|erase|evict|discard|delete|reject|pop)\w*!?\s*\(|\w*(?:delete|remove|erase|evict|unlink)\w*\(\s*[&*]*([\w.>-]+)/i;

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

/** What hangs on the entries has numbers for a time at which it ends, or for a life, and in none of them is there one. */
export function isWithoutTime(entryNumbers: ReadonlyMap<string, number> | undefined): boolean {
  const times = [...(entryNumbers ?? [])].filter(([name]) => isEnd(name));
  return times.length > 0 && times.every(([, value]) => value <= 0 || value >= Number.MAX_SAFE_INTEGER);
}

/**
 * What says anywhere in the files of those places that entries are kept for a time: code that takes out what is old, or the life of
 * a cache, where it names a collection that the places name too. A name is a guess: a minute of rest decides, and not this alone.
 */
export function keptTimeInFile(stack: readonly CodeLocation[], locator: SourceLocator): EntryExpiry | undefined {
  const places = stack.filter(isOwn).slice(0, placesMax);
  const used = new Set(places.flatMap(({ file, line }) => variablesIn(codeOf(file, locator)[line - 1] ?? '')));
  for (const file of new Set(places.map((place) => place.file))) {
    const lines = codeOf(file, locator);
    for (const [index, text] of lines.entries()) {
      const name = firstName([text], (word) => cacheLife.test(word));
      const asked = age.exec(text)?.slice(1).find(Boolean);
      const declared = name === undefined ? [] : lines.slice(Math.max(0, index - linesNear), index + 1);
      const emptied = asked === undefined ? [] : lines.slice(index, index + linesNear).flatMap(removedFrom);
      if ([...declared, ...emptied].flatMap(variablesIn).some((variable) => used.has(variable)))
        return { name: (name ?? asked)!, inMs: msPerMinute };
    }
  }
  return undefined;
}

/** Texts that name the collection which a line takes something out of. */
function removedFrom(line: string): string[] {
  const [, receiver, argument] = removal.exec(line) ?? [];
  return [receiver, argument].filter((part) => part !== undefined);
}

/** Names of collections: neither calls nor types, and none that is too short to say anything. */
function variablesIn(text: string): string[] {
  const names = Array.from(
    text.matchAll(/([\p{L}_$][\p{L}\p{N}_$]{2,})(?!\s*\(|[\p{L}\p{N}_$])/gu),
    ([, name]) => name!,
  );
  return names.filter((name) => !/^\p{Lu}\p{Ll}/u.test(name) && name !== 'self' && name !== 'this');
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
