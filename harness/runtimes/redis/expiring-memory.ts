import type { RespClient } from './resp-client.js';
import type { Reply, ServerError } from './resp-parser.js';
import { type ScannedDatabase, scanKeys } from './scan-keys.js';
import type { Database } from './server-info.js';

/** Read at every floor: about 10 us each. */
const keysMax = 10_000;
/** An expiry that moves by less was not set anew: clocks and answers are that exact. */
const movedMs = 100;
const pointerBytes = 8;

interface Expiring {
  readonly expiresAtMs: number;
  readonly bytes: number;
}

/**
 * Memory that Redis gives back by itself, since its keys expire. A key whose expiry is moved again and again does not
 * expire: what it grows by after it was first seen counts as kept.
 */
export class ExpiringMemory {
  /** As each key was when it was first seen, by database and key. */
  private firstSeen = new Map<string, Expiring>();

  constructor(private readonly client: RespClient) {}

  /** In bytes, the keys' part of the hash tables included. */
  async read(databases: readonly Database[]): Promise<number> {
    const withExpiry = databases.filter(({ expiring }) => expiring > 0);
    if (withExpiry.length === 0) {
      this.firstSeen.clear();
      return 0;
    }
    const seen = new Map<string, Expiring>();
    let bytes = await this.tableBytes(withExpiry);
    await scanKeys(this.client, withExpiry, keysMax, async (scanned) => {
      bytes += (await this.bytesOf(scanned, seen)) * scanned.weight;
    });
    this.firstSeen = seen;
    return bytes;
  }

  private async bytesOf({ database, keys }: ScannedDatabase, seen: Map<string, Expiring>): Promise<number> {
    const nowMs = performance.now();
    const timesToLive = await this.client.pipeline(keys.map((key) => ['PTTL', key]));
    const expiring = keys.flatMap((key, index) => {
      const leftMs = timesToLive[index];
      return typeof leftMs === 'number' && leftMs >= 0 ? [{ key, expiresAtMs: nowMs + leftMs }] : [];
    });
    const usages = await this.client.pipeline(expiring.map(({ key }) => ['MEMORY', 'USAGE', key]));
    return expiring.reduce((sum, { key, expiresAtMs }, index) => {
      const name = `${database.index} ${key}`;
      const now = { expiresAtMs, bytes: sizeOf(usages[index]) };
      const first = this.firstSeen.get(name) ?? now;
      seen.set(name, first);
      const isRenewed = Math.abs(expiresAtMs - first.expiresAtMs) > movedMs;
      return sum + (isRenewed ? Math.min(first.bytes, now.bytes) : now.bytes);
    }, 0);
  }

  /** The table of expiries, and the keys' part of the slots of the table of keys, which has a power of two of them. */
  private async tableBytes(databases: readonly Database[]): Promise<number> {
    const stats = (await this.client.call('MEMORY', 'STATS')) as readonly Reply[];
    return databases.reduce((sum, { index, keys, expiring }) => {
      const [table] = [pairs(stats).get(`db.${index}`)].filter(Array.isArray);
      const expiries = table === undefined ? 0 : Number(pairs(table).get('overhead.hashtable.expires') ?? 0);
      const slots = 2 ** Math.ceil(Math.log2(Math.max(keys, 4)));
      return sum + expiries + (slots * pointerBytes * expiring) / keys;
    }, 0);
  }
}

function sizeOf(reply: Reply | ServerError | undefined): number {
  return typeof reply === 'number' ? reply : 0;
}

/** `[name, value, name, value]` */
function pairs(replies: readonly Reply[]): Map<Reply, Reply> {
  const byName = new Map<Reply, Reply>();
  for (let index = 0; index + 1 < replies.length; index += 2) byName.set(replies[index]!, replies[index + 1]!);
  return byName;
}
