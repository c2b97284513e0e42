import type { RespClient } from './resp-client.js';
import type { Database } from './server-info.js';

/** Keys asked for at once: Redis serves nobody else meanwhile, for about a millisecond. */
const keysAtOnce = 1_000;

export interface ScannedDatabase {
  readonly database: Database;
  readonly keys: readonly string[];
  /** Keys there are for each that was read: 1 where all were. */
  readonly weight: number;
}

/**
 * Keys of every database, at most `keysMax` in all. What is read of a larger database is the same part of the hash table
 * each time, so it is a random sample that stays the same while the database does. Leaves the client in the last database.
 * @param visit called in the database of its keys, before the next one is selected
 */
export async function scanKeys(
  client: RespClient,
  databases: readonly Database[],
  keysMax: number,
  visit: (scanned: ScannedDatabase) => Promise<void>,
): Promise<void> {
  let left = keysMax;
  for (const database of databases) {
    if (left <= 0) return;
    await client.call('SELECT', String(database.index));
    const keys = new Set<string>();
    let cursor = '0';
    do {
      const [next, found] = (await client.call('SCAN', cursor, 'COUNT', String(keysAtOnce))) as [string, string[]];
      for (const key of found) keys.add(key);
      cursor = next;
    } while (cursor !== '0' && keys.size < left);
    left -= keys.size;
    const weight = cursor === '0' || keys.size === 0 ? 1 : Math.max(1, database.keys / keys.size);
    await visit({ database, keys: [...keys], weight });
  }
}
