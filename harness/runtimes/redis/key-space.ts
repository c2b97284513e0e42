import type { LiveHolder, LiveSite, RuntimeReading } from '../../model/runtime.js';
import { namePatterns } from '../name-pattern.js';
import { entriesCommand, entriesName } from './collections.js';
import type { RespClient } from './resp-client.js';
import { numberIn, textOf } from './resp-parser.js';
import { type ScannedDatabase, scanKeys } from './scan-keys.js';
import type { Database } from './server-info.js';
import { noGroups, type StreamGroups, type StreamPart, streamGroups, streamParts } from './stream-groups.js';
import type { KeyLimit, TrimmedKeys } from './trimmed-keys.js';

/** Read at a floor of the cause pass: about 30 us each. */
const keysMax = 20_000;
const patternsMax = 1_000;
/** Of each collection; five, as by default, are off by a quarter. */
const entriesSampled = '100';

/** Keys whose names differ in ids alone. */
interface KeyGroup {
  readonly database: number;
  readonly pattern: string;
  readonly type: string;
  keys: number;
  expiring: number;
  entries: number;
  bytes: number;
  /** The command that cuts them down, and to how many entries; of those that differ the most. */
  limit: KeyLimit | undefined;
  /** Of the stream that was read last. */
  groups: StreamGroups;
}

/**
 * What a Redis server keeps, by the patterns of its keys.
 * @param entryBytes what an entry of each large collection takes, kept from reading to reading
 * @param trimmed which keys commands cut down, where those are heard
 */
export async function readKeySpace(
  client: RespClient,
  databases: readonly Database[],
  entryBytes: Map<string, number>,
  trimmed?: Pick<TrimmedKeys, 'limitOf'>,
): Promise<RuntimeReading> {
  const groups = new Map<string, KeyGroup>();
  const warnings: string[] = [];
  await scanKeys(client, databases, keysMax, async (scanned) => {
    if (scanned.weight > 1)
      warnings.push(
        `of ${scanned.database.keys} keys ${scanned.keys.length} were read: what is said of keys is an estimate`,
      );
    await addKeys(client, scanned, groups, { entryBytes, trimmed });
  });
  return {
    sites: [...groups.values()].flatMap(sitesOf),
    holders: [...groups.values()].flatMap(holdersOf),
    warnings,
  };
}

interface KnownOfKeys {
  readonly entryBytes: Map<string, number>;
  readonly trimmed: Pick<TrimmedKeys, 'limitOf'> | undefined;
}

async function addKeys(
  client: RespClient,
  scanned: ScannedDatabase,
  groups: Map<string, KeyGroup>,
  { entryBytes, trimmed }: KnownOfKeys,
): Promise<void> {
  const { database, keys, weight } = scanned;
  const types = await client.pipeline(keys.map((key) => ['TYPE', key]));
  const read = await client.pipeline(
    keys.flatMap((key, index) => [
      ['MEMORY', 'USAGE', key, 'SAMPLES', entriesSampled],
      ['PTTL', key],
      [entriesCommand(String(types[index])), key],
    ]),
  );
  const streams = keys.filter((_, index) => types[index] === 'stream');
  const streamReplies = await client.pipeline(streams.map((key) => ['XINFO', 'GROUPS', key]));
  const groupsOf = new Map(streams.map((key, index) => [key, streamGroups(streamReplies[index])]));
  const patterns = namePatterns(keys.map(textOf));
  for (const [index, key] of keys.entries()) {
    const [bytes, leftMs, entries] = [0, 1, 2].map((offset) => numberIn(read[3 * index + offset]));
    const group = groupOf(groups, database.index, patternOf(key, patterns, groups), String(types[index]));
    group.keys += weight;
    group.bytes += evenBytes(`${database.index} ${key}`, bytes!, entries!, entryBytes) * weight;
    group.entries += entries! * weight;
    group.limit = larger(group.limit, trimmed?.limitOf(database.index, key, entries!));
    group.groups = groupsOf.get(key) ?? noGroups;
    if (leftMs! >= 0) group.expiring += weight;
  }
}

function larger(one: KeyLimit | undefined, other: KeyLimit | undefined): KeyLimit | undefined {
  return (other?.entriesMax ?? 0) > (one?.entriesMax ?? 0) ? other : one;
}

/** Smaller ones are kept in a list. */
const tableMin = 512;

/**
 * What a large collection takes, as if its table grew with every entry: it doubles at times, is there twice while it
 * does, and what grows evenly would not seem to. The least that an entry was ever seen to take is without such.
 */
function evenBytes(name: string, bytes: number, entries: number, entryBytes: Map<string, number>): number {
  if (entries < tableMin) return bytes;
  const least = Math.min(entryBytes.get(name) ?? Number.POSITIVE_INFINITY, bytes / entries);
  entryBytes.set(name, least);
  return least * entries;
}

function patternOf(key: string, patterns: ReadonlyMap<string, string>, groups: ReadonlyMap<string, KeyGroup>): string {
  const pattern = patterns.get(textOf(key))!;
  return groups.size < patternsMax ? pattern : pattern.replace(/(?<=[:/.|]).*$/s, '*');
}

function groupOf(groups: Map<string, KeyGroup>, database: number, pattern: string, type: string): KeyGroup {
  const key = keyOf({ database, pattern, type });
  const present = groups.get(key);
  if (present !== undefined) return present;
  const group = {
    database,
    pattern,
    type,
    keys: 0,
    expiring: 0,
    entries: 0,
    bytes: 0,
    limit: undefined,
    groups: noGroups,
  };
  groups.set(key, group);
  return group;
}

function isOneKey({ keys, pattern }: KeyGroup): boolean {
  return keys === 1 && !pattern.includes('*');
}

/** One key grows by its entries, many by their number. */
function sitesOf(group: KeyGroup): LiveSite[] {
  return isOneKey(group) ? partsOf(group).map((part) => partSite(group, part)) : [keysSite(group)];
}

function keysSite(group: KeyGroup): LiveSite {
  const { type, keys, expiring, bytes, entries } = group;
  const kept = keys - expiring;
  return {
    key: keyOf(group),
    // One that is renewed again and again does not expire.
    live: { heapUsed: Math.round(bytes * (kept / keys)), keys: Math.round(kept) },
    count: Math.round(kept),
    entries: entries * (kept / keys),
    kind: 'retainer',
    what: `keys like ${nameOf(group)} (${type})`,
    ...(isLimited(group) && { heldBy: keyOf(group) }),
    stack: [],
  };
}

function partsOf({ type, bytes, entries, groups }: KeyGroup): StreamPart[] {
  if (type === 'stream') return streamParts(bytes, entries, groups);
  return [{ what: entriesName(type), count: entries, bytes }];
}

function partSite(group: KeyGroup, { what, count, bytes }: StreamPart): LiveSite {
  const key = partKey(group, what);
  return {
    key,
    live: { heapUsed: Math.round(bytes) },
    count: Math.round(count),
    // A string has room for twice its bytes: it grows in steps, the bytes in it do not.
    entries: count,
    kind: 'retainer',
    what: `${what} of a ${group.type}`,
    heldBy: key,
    stack: [],
  };
}

/** Many keys hold something together where each is cut down when it is full. */
function holdersOf(group: KeyGroup): LiveHolder[] {
  if (isOneKey(group))
    return partsOf(group).map(({ what, count }) => holderOf(group, partKey(group, what), count, what));
  return isLimited(group) ? [holderOf(group, keyOf(group), group.entries, entriesName(group.type))] : [];
}

function holderOf(group: KeyGroup, key: string, entries: number, what: string): LiveHolder {
  const { database, pattern, type, keys, limit } = group;
  const isCut = isLimited(group) && what === entriesName(type);
  return {
    key,
    description: pattern,
    path: [`db${database}`, pattern],
    entries: Math.round(entries),
    type: `${type} ${nameOf(group)}`,
    ...(isCut && {
      parts: Math.round(keys),
      numbers: [{ name: limit!.command!, value: limit!.entriesMax, isNear: true, isCompared: true }],
    }),
  };
}

function isLimited({ limit }: KeyGroup): boolean {
  return limit?.command !== undefined;
}

function partKey(group: KeyGroup, what: string): string {
  return `${keyOf(group)} ${what}`;
}

function keyOf({ database, pattern, type }: Pick<KeyGroup, 'database' | 'pattern' | 'type'>): string {
  return `${database} ${pattern} ${type}`;
}

function nameOf({ database, pattern }: KeyGroup): string {
  return `\`${pattern}\`${database === 0 ? '' : ` of database ${database}`}`;
}
