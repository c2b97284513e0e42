import { entriesCommand } from './collections.js';
import { type KeyCosts, unknownEncoding } from './key-costs.js';
import type { RespClient } from './resp-client.js';
import { numberIn } from './resp-parser.js';
import { type ScannedDatabase, scanKeys } from './scan-keys.js';
import type { Database } from './server-info.js';

/** Read at every floor: about 10 us each. */
const keysMax = 10_000;
/** An expiry that moves by less was not set anew: clocks and answers are that exact. */
const movedMs = 100;
const slotBytes = 8;

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

  private costs: Promise<KeyCosts> | undefined;

  /** @param measureCosts asked once, when there is a key that expires */
  constructor(
    private readonly client: RespClient,
    private readonly measureCosts: () => Promise<KeyCosts>,
  ) {}

  /** In bytes, the keys' part of the hash tables included. */
  async read(databases: readonly Database[]): Promise<number> {
    const withExpiry = databases.filter(({ expiring }) => expiring > 0);
    if (withExpiry.length === 0) {
      this.firstSeen.clear();
      return 0;
    }
    this.costs ??= this.measureCosts();
    const costs = await this.costs;
    const seen = new Map<string, Expiring>();
    let bytes = withExpiry.reduce((sum, database) => sum + tableBytes(database, costs), 0);
    await scanKeys(this.client, withExpiry, keysMax, async (scanned) => {
      bytes += (await this.bytesOf(scanned, seen, costs)) * scanned.weight;
    });
    this.firstSeen = seen;
    return bytes;
  }

  private async bytesOf(
    { database, keys }: ScannedDatabase,
    seen: Map<string, Expiring>,
    costs: KeyCosts,
  ): Promise<number> {
    const nowMs = performance.now();
    const timesToLive = await this.client.pipeline(keys.map((key) => ['PTTL', key]));
    const expiring = keys.flatMap((key, index) => {
      const leftMs = timesToLive[index];
      return typeof leftMs === 'number' && leftMs >= 0 ? [{ key, expiresAtMs: nowMs + leftMs }] : [];
    });
    const sizes = await this.sizesOf(
      expiring.map(({ key }) => key),
      costs,
    );
    return expiring.reduce((sum, { key, expiresAtMs }, index) => {
      const name = `${database.index} ${key}`;
      const now = { expiresAtMs, bytes: sizes[index]! };
      const first = this.firstSeen.get(name) ?? now;
      seen.set(name, first);
      const isRenewed = Math.abs(expiresAtMs - first.expiresAtMs) > movedMs;
      return sum + (isRenewed ? Math.min(first.bytes, now.bytes) : now.bytes);
    }, 0);
  }

  private async sizesOf(keys: readonly string[], { byEncoding }: KeyCosts): Promise<number[]> {
    const read = await this.client.pipeline(
      keys.flatMap((key) => [
        ['MEMORY', 'USAGE', key],
        ['TYPE', key],
        ['OBJECT', 'ENCODING', key],
      ]),
    );
    const counts = await this.client.pipeline(
      keys.map((key, index) => [entriesCommand(String(read[3 * index + 1])), key]),
    );
    return keys.map((_, index) => {
      const [usage, type, encoding] = read.slice(3 * index, 3 * index + 3);
      const { keyBytes, entryBytes } = byEncoding.get(`${type} ${encoding}`) ?? unknownEncoding;
      return numberIn(usage) + keyBytes + entryBytes * numberIn(counts[index]);
    });
  }
}

/** Entries of the table of expiries, and what expiring keys need of the slots of both tables. */
function tableBytes({ keys, expiring }: Database, { expiryBytes }: KeyCosts): number {
  return expiring * expiryBytes + slotBytes * (slotsOf(expiring) + (slotsOf(keys) * expiring) / keys);
}

/** Tables have a power of two of them. */
function slotsOf(entries: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(entries, 4)));
}
