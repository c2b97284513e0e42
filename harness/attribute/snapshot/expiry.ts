import type { SnapshotClocks } from '../../model/attribution-protocol.js';
import { wordsOf } from '../../model/limit-words.js';
import type { HeapView } from './heap-view.js';
import { isStorage } from './holder-growth.js';
import { fieldsOf, type Heap, numbersBeside, wordsForHolder } from './numbers-beside.js';

/** What says that the entries of a holder are kept for a time. */
export interface Expiry {
  /** As the code calls it: `expiresAt`, `cookie.expires`, `options.ttl`. */
  readonly name: string;
  /** How long they are still kept when the snapshot is taken, or from when they came, ms; absent where that is not clear. */
  readonly inMs?: number;
}

/** Times that are further away are limits, and no times at which something goes. */
const keptMsMax = 90 * 86_400_000;
const millisecondsASecond = 1_000;
/** Entries of a holder that are looked at, and what of them must name a time: half of a Map are its keys. */
const entriesMax = 400;
const shareMin = 0.2;
/** How deep the time of an entry lies below it: `entry.cookie.expires`. */
const depthMax = 2;

interface Grown {
  readonly owner: number;
  readonly label: string | undefined;
}

/**
 * What has grown, each with what names a time after which its entries may go: a time to come in the entries, or how long
 * they live in a number beside the holder.
 */
export function withExpiries<Holder extends Grown>(
  holders: readonly Holder[],
  heap: Heap,
  clocks: SnapshotClocks,
): (Holder & { readonly expiry?: Expiry | undefined })[] {
  return holders.map((holder) => {
    if (heap.view.nameOf(holder.owner) === timerList) return { ...holder, expiry: timeOut(heap.view, holder.owner) };
    const entries = entriesOf(heap.view, holder).map((entry) => timesOf(heap.view, entry, clocks));
    return { ...holder, expiry: expiryOf(entries) ?? lifeBeside(heap, holder, entries) };
  });
}

/** In which Node keeps the timers of one duration. */
const timerList = 'TimersList';
/** How many are looked at. */
const timersMax = 100;

/**
 * A timer goes when it fires, at most as long after the snapshot as its duration; when the list says that it is due is
 * the time of its first. A timer that repeats does not go.
 */
function timeOut(view: HeapView, list: number): Expiry | undefined {
  const inMs = view.numberOf(propertyOf(view, list, 'msecs'));
  let timer = propertyOf(view, list, '_idleNext');
  for (let seen = 0; seen < timersMax && timer >= 0 && timer !== list; seen += 1) {
    const repeat = propertyOf(view, timer, '_repeat');
    if (repeat >= 0 && view.typeOf(repeat) === 'number') return undefined;
    timer = propertyOf(view, timer, '_idleNext');
  }
  return inMs === undefined || inMs > keptMsMax ? undefined : { name: 'setTimeout', inMs };
}

/** What an entry says of time. */
interface EntryTimes {
  readonly expiry?: Expiry;
  /** It holds a time that has just been. */
  readonly isDated: boolean;
}

/** The latest of what many entries say. */
function expiryOf(entries: readonly EntryTimes[]): Expiry | undefined {
  const found = entries.flatMap(({ expiry }) => expiry ?? []);
  if (found.length === 0 || found.length < shareMin * entries.length) return undefined;
  return found.sort((one, other) => (other.inMs ?? 0) - (one.inMs ?? 0))[0];
}

/** What a holder keeps itself: values of a Map, elements, properties; with their keys where those are objects of the heap. */
function entriesOf(view: HeapView, { owner, label }: Grown): number[] {
  const held = label === undefined ? owner : propertyOf(view, owner, label);
  const entries: number[] = [];
  const visit = (node: number, isTable: boolean) => {
    const { firstEdge, edgeTo } = view.graph;
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge += 1) {
      const to = edgeTo[edge]!;
      const type = view.edgeTypeOf(edge);
      if (!isTable && type === 'internal' && isStorage(view, to) && view.typeOf(to) === 'array') visit(to, true);
      else if ((isTable || type !== 'internal') && isEntry(view, to)) entries.push(to);
    }
  };
  if (held >= 0) visit(held, false);
  // Evenly over all of them: those that came first are the first to go.
  const apart = Math.max(1, entries.length / entriesMax);
  return entries.filter((_, index) => index === entries.length - 1 || index % apart < 1);
}

function isEntry(view: HeapView, node: number): boolean {
  const type = view.typeOf(node);
  return type === 'object' || type.endsWith('string');
}

function propertyOf(view: HeapView, node: number, wanted: string): number {
  for (const { name, to } of fieldsOf(view, node)) if (name === wanted) return to;
  return -1;
}

function timesOf(view: HeapView, entry: number, clocks: SnapshotClocks): EntryTimes {
  if (view.typeOf(entry).endsWith('string')) return timesOfText(view.textOf(entry), clocks);
  let expiry: Expiry | undefined;
  let isDated = false;
  const visit = (node: number, prefix: string, depth: number) => {
    for (const { name, to } of fieldsOf(view, node)) {
      if (name === '__proto__' || name === 'constructor') continue;
      const shown = `${prefix}${name}`;
      const value = timeOrTextOf(view, to);
      if (value === undefined) {
        if (depth < depthMax && view.typeOf(to) === 'object') visit(to, `${shown}.`, depth + 1);
        continue;
      }
      const found = expiryNamed(name, value, clocks);
      isDated ||= isJustBeen(value, clocks.dateMs);
      if (found !== undefined && (expiry === undefined || (found.inMs ?? 0) > (expiry.inMs ?? 0)))
        expiry = { ...found, name: shown };
    }
  };
  visit(entry, '', 1);
  return { isDated, ...(expiry !== undefined && { expiry }) };
}

/** A number, the time of a date, or a text; `undefined` of all else. */
function timeOrTextOf(view: HeapView, node: number): number | string | undefined {
  const type = view.typeOf(node);
  if (type === 'number') return view.numberOf(node);
  if (type.endsWith('string')) return view.textOf(node);
  if (type !== 'object' || view.nameOf(node) !== 'Date') return undefined;
  const { firstEdge, edgeTo } = view.graph;
  for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge += 1)
    if (view.typeOf(edgeTo[edge]!) === 'number') return view.numberOf(edgeTo[edge]!);
  // Newer versions of V8 show no number of a date.
  return Number.NaN;
}

/** Serialised entries: `{"cookie":{"originalMaxAge":1800000,"expires":"2026-11-29T07:00:00.000Z"}}`. */
function timesOfText(text: string, clocks: SnapshotClocks): EntryTimes {
  if (!text.startsWith('{')) return { isDated: false };
  for (const [, name, quoted, number] of text.matchAll(/"([\w$]+)":(?:"([^"]*)"|(\d+(?:\.\d+)?))/g)) {
    const expiry = expiryNamed(name!, quoted ?? Number(number), clocks);
    if (expiry !== undefined) return { expiry, isDated: false };
  }
  return { isDated: false };
}

const untilWords: ReadonlySet<string> = new Set(['expires', 'expire', 'expiry', 'expiration', 'exp', 'until']);

/** A time to come, whatever its name is; what is called an end, on the clock of the process too; or how long it lives. */
function expiryNamed(name: string, value: number | string, clocks: SnapshotClocks): Expiry | undefined {
  const { dateMs: nowMs, processMs } = clocks;
  const isEnd = wordsOf(name).some((word) => untilWords.has(word));
  if (typeof value === 'string') return isEnd ? futureOf(name, Date.parse(value), nowMs) : undefined;
  const inMs = futureOf(name, value, nowMs) ?? (isEnd ? futureOf(name, value * millisecondsASecond, nowMs) : undefined);
  if (inMs !== undefined) return inMs;
  if (isEnd && Number.isNaN(value)) return { name };
  return isEnd ? futureOf(name, value, processMs) : lifeNamed(name, value);
}

function futureOf(name: string, timeMs: number, nowMs: number): Expiry | undefined {
  return timeMs > nowMs && timeMs < nowMs + keptMsMax ? { name, inMs: timeMs - nowMs } : undefined;
}

/** A date of the last day: since when an entry is there. */
function isJustBeen(value: number | string, nowMs: number): boolean {
  return typeof value === 'number' && value <= nowMs && value > nowMs - 86_400_000;
}

const lifeWords: ReadonlySet<string> = new Set(['ttl', 'lifetime', 'retention', 'expiration', 'expiry']);
const ageWord = 'age';
const qualifiers: ReadonlySet<string> = new Set(['max', 'default', 'std', 'original', 'time', 'to', 'live', 'in']);
const entryWords: ReadonlySet<string> = new Set(['entry', 'entries', 'item', 'items', 'key', 'cache', 'lru']);
/** By the unit that a name ends with, ms. */
const unitsMs: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['millis', 1],
  ['s', millisecondsASecond],
  ['sec', millisecondsASecond],
  ['secs', millisecondsASecond],
  ['seconds', millisecondsASecond],
  ['minutes', 60_000],
  ['hours', 3_600_000],
]);

/** `ttl`, `maxAge`, `SESSION_TTL_MS`; what else the name says must be what the holder is called. */
function lifeNamed(name: string, value: number, called: ReadonlySet<string> = new Set()): Expiry | undefined {
  const words = wordsOf(name);
  const isLife = words.some((word) => lifeWords.has(word)) || (words.includes(ageWord) && words.includes('max'));
  const isKnown = (word: string) =>
    lifeWords.has(word) ||
    word === ageWord ||
    qualifiers.has(word) ||
    entryWords.has(word) ||
    unitsMs.has(word) ||
    called.has(word) ||
    called.has(`${word}s`);
  if (!isLife || !words.every(isKnown) || !(value > 0)) return undefined;
  const unitMs = unitsMs.get(words.at(-1)!);
  const keptMs = value * (unitMs ?? 1);
  if (keptMs > keptMsMax) return undefined;
  // Without a unit, small numbers may be seconds.
  return unitMs === undefined && value < millisecondsASecond ? { name } : { name, inMs: keptMs };
}

/**
 * How long entries live, in a number beside their holder. What all of a module sees is about a holder whose entries say
 * since when they are there.
 */
function lifeBeside(heap: Heap, { owner, label }: Grown, entries: readonly EntryTimes[]): Expiry | undefined {
  const called = wordsForHolder(heap, owner, label);
  const areDated = entries.filter(({ isDated }) => isDated).length >= Math.max(1, shareMin * entries.length);
  for (const { name, shown, value, isNear } of numbersBeside(heap, owner)) {
    const life = isNear || areDated ? lifeNamed(name, value, called) : undefined;
    if (life !== undefined) return { ...life, name: shown };
  }
  return undefined;
}
