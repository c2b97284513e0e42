import type { LiveHolder, LiveSite, RuntimeReading } from '../../model/runtime.js';
import { namePattern } from '../name-pattern.js';
import type { RespClient } from './resp-client.js';
import type { Reply } from './resp-parser.js';
import { type ScannedDatabase, scanKeys } from './scan-keys.js';
import type { Database } from './server-info.js';

/** Read at a floor of the cause pass: about 30 us each. */
const keysMax = 20_000;
const patternsMax = 1_000;
const clientGroupsMax = 1_000;

/** How many entries a key of a type has, and what they are called. */
const collections: Readonly<Record<string, { readonly count: string; readonly entries: string }>> = {
  hash: { count: 'HLEN', entries: 'fields' },
  set: { count: 'SCARD', entries: 'members' },
  zset: { count: 'ZCARD', entries: 'members' },
  list: { count: 'LLEN', entries: 'elements' },
  stream: { count: 'XLEN', entries: 'entries' },
  string: { count: 'STRLEN', entries: 'bytes' },
};

/** Keys whose names differ in ids alone. */
interface KeyGroup {
  readonly database: number;
  readonly pattern: string;
  readonly type: string;
  keys: number;
  expiring: number;
  entries: number;
  bytes: number;
}

/** What a Redis server holds, by the pattern of its keys; and its clients, by what they did last. */
export async function readKeySpace(
  client: RespClient,
  databases: readonly Database[],
  ownId: number,
): Promise<RuntimeReading> {
  const groups = new Map<string, KeyGroup>();
  const warnings: string[] = [];
  await scanKeys(client, databases, keysMax, async (scanned) => {
    if (scanned.weight > 1)
      warnings.push(
        `of ${scanned.database.keys} keys ${scanned.keys.length} were read: what is said of keys is an estimate`,
      );
    await addKeys(client, scanned, groups);
  });
  const list = await client.pipeline([['CLIENT', 'LIST']]);
  return {
    sites: [...[...groups.values()].map(siteOf), ...clientSites(String(list[0]), ownId)],
    holders: [...groups.values()].filter(({ keys, type }) => keys === 1 && type in collections).map(holderOf),
    warnings,
  };
}

async function addKeys(client: RespClient, scanned: ScannedDatabase, groups: Map<string, KeyGroup>): Promise<void> {
  const { database, keys, weight } = scanned;
  const types = await client.pipeline(keys.map((key) => ['TYPE', key]));
  const read = await client.pipeline(
    keys.flatMap((key, index) => [
      ['MEMORY', 'USAGE', key],
      ['PTTL', key],
      [collections[String(types[index])]?.count ?? 'EXISTS', key],
    ]),
  );
  for (const [index, key] of keys.entries()) {
    const [bytes, leftMs, entries] = [0, 1, 2].map((offset) => countOf(read[3 * index + offset]));
    const group = groupOf(groups, database.index, patternOf(key, groups), String(types[index]));
    group.keys += weight;
    group.bytes += bytes! * weight;
    group.entries += entries! * weight;
    if (leftMs! >= 0) group.expiring += weight;
  }
}

function countOf(reply: Reply | undefined): number {
  return typeof reply === 'number' ? reply : 0;
}

/** Names of bytes that are no text are shown as far as they are. */
function patternOf(key: string, groups: ReadonlyMap<string, KeyGroup>): string {
  const text = Buffer.from(key, 'latin1').toString('utf8');
  const pattern = namePattern(text);
  return groups.size < patternsMax ? pattern : pattern.replace(/(?<=[:/.|]).*$/s, '*');
}

function groupOf(groups: Map<string, KeyGroup>, database: number, pattern: string, type: string): KeyGroup {
  const key = `${database} ${pattern} ${type}`;
  const present = groups.get(key);
  if (present !== undefined) return present;
  const group = { database, pattern, type, keys: 0, expiring: 0, entries: 0, bytes: 0 };
  groups.set(key, group);
  return group;
}

/** One key grows by its entries, many by their number. */
function siteOf(group: KeyGroup): LiveSite {
  const { database, pattern, type, keys, expiring, entries, bytes } = group;
  const kept = keys - expiring;
  const entryName = collections[type]?.entries ?? 'entries';
  const isOne = keys === 1 && !pattern.includes('*');
  return {
    key: `${database} ${pattern} ${type}`,
    live: {
      heapUsed: Math.round(keys === 0 ? 0 : bytes * (kept / keys)),
      ...(isOne ? {} : { keys: Math.round(kept) }),
    },
    count: Math.round(isOne ? entries : kept),
    kind: 'retainer',
    what: isOne ? `${entryName} of the ${type} ${nameOf(group)}` : `keys like ${nameOf(group)} (${type})`,
    type: `${type} ${nameOf(group)}`,
    stack: [],
  };
}

function holderOf(group: KeyGroup): LiveHolder {
  const { database, pattern, type, entries } = group;
  return {
    key: `${database} ${pattern} ${type}`,
    description: `the ${type} ${nameOf(group)}`,
    path: [`db${database}`, pattern],
    entries: Math.round(entries),
    type: `${type} ${nameOf(group)}`,
  };
}

function nameOf({ database, pattern }: KeyGroup): string {
  return `\`${pattern}\`${database === 0 ? '' : ` of database ${database}`}`;
}

/** Clients that are alike in name, last command and what they listen to. */
function clientSites(list: string, ownId: number): LiveSite[] {
  const groups = new Map<string, { clients: number; subscriptions: number; outputBytes: number }>();
  for (const line of list.split('\n')) {
    const field = (name: string) => new RegExp(` ${name}=(\\S*)`).exec(line)?.[1] ?? '';
    const id = Number(/^id=(\d+)/.exec(line)?.[1] ?? ownId);
    if (id === ownId || groups.size >= clientGroupsMax) continue;
    const name = namePattern(field('name'));
    const what = `clients${name === '' ? '' : ` named \`${name}\``} whose last command was ${field('cmd').replace('|', ' ').toUpperCase()}`;
    const group = groups.get(what) ?? { clients: 0, subscriptions: 0, outputBytes: 0 };
    group.clients += 1;
    group.subscriptions += Number(field('sub')) + Number(field('psub')) + Number(field('ssub') || 0);
    group.outputBytes += Number(field('omem'));
    groups.set(what, group);
  }
  return [...groups].map(([what, { clients, subscriptions, outputBytes }]) => ({
    key: what,
    live: { clients, subscriptions, outputBuffers: outputBytes },
    count: clients,
    kind: 'handle',
    what,
    stack: [],
  }));
}
