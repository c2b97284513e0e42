import type { RespClient } from './resp-client.js';
import { numberIn } from './resp-parser.js';
import { scanKeys } from './scan-keys.js';
import type { Database } from './server-info.js';

/** Read at every floor: about 10 us each. Of more keys no single one grows by what a run adds in all. */
const keysMax = 1_000;
/** What a key takes beside the text of a string, names of usual length among it, is less. */
const roomBytesMin = 1_024;

/**
 * Bytes that strings have room for and do not use. A string that is appended to has room for twice its bytes, from one MiB on for
 * one MiB more: it would grow in steps that are ever rarer, the bytes in it do not.
 */
export class StringRoom {
  /** Once there are too many keys, room counts from then on: else the sum would have a step whenever their number changes. */
  private areTooMany = false;

  constructor(private readonly client: RespClient) {}

  /** Of keys that do not expire. */
  async read(databases: readonly Database[]): Promise<number> {
    const keys = databases.reduce((sum, database) => sum + database.keys, 0);
    this.areTooMany ||= keys > keysMax;
    if (this.areTooMany || keys === 0) return 0;
    let bytes = 0;
    await scanKeys(this.client, databases, keysMax, async (scanned) => {
      bytes += await this.roomOf(scanned.keys);
    });
    return bytes;
  }

  private async roomOf(keys: readonly string[]): Promise<number> {
    const types = await this.client.pipeline(keys.map((key) => ['TYPE', key]));
    const strings = keys.filter((_, index) => types[index] === 'string');
    const read = await this.client.pipeline(
      strings.flatMap((key) => [
        ['MEMORY', 'USAGE', key],
        ['STRLEN', key],
        ['PTTL', key],
      ]),
    );
    return strings.reduce((sum, _, index) => {
      const [usageBytes, lengthBytes, leftMs] = read.slice(3 * index, 3 * index + 3).map(numberIn);
      const roomBytes = usageBytes! - lengthBytes!;
      return leftMs! >= 0 || roomBytes < roomBytesMin ? sum : sum + roomBytes;
    }, 0);
  }
}
