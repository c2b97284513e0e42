import type { Store } from '../store/store.js';
import type { Version } from '../store/version-chain.js';
import { writeAtomic } from './atomic-write.js';
import { type OpenSite, readFileAt } from './open-file.js';

const chunkBytes = 64 * 1024;

interface SnapshotHeader {
  readonly formatVersion: 1;
  /** Commits after this one are not in the snapshot. */
  readonly version: number;
}

/** One key with its versions, oldest first. */
export interface SnapshotEntry {
  readonly branchId: string;
  readonly key: string;
  readonly versions: readonly Version[];
}

/**
 * Writes the state at a version while the store goes on: newer versions are passed over, and the caller
 * keeps older ones from being collected. One JSON line a key.
 * @param branchId only this branch; absent: all
 */
export async function writeSnapshot(
  path: string,
  store: Store,
  version: number,
  site: OpenSite,
  branchId?: string,
): Promise<void> {
  await writeAtomic(path, inChunks(snapshotLines(store, version, branchId)), site);
}

/** @throws {Error} when the file is not a snapshot */
export async function readSnapshot(path: string): Promise<{ version: number; entries: SnapshotEntry[] }> {
  const [first, ...lines] = (await readFileAt(path, 'snapshot-read')).toString().trimEnd().split('\n');
  const header: Partial<SnapshotHeader> = JSON.parse(first ?? '{}');
  if (header.formatVersion !== 1 || header.version === undefined) throw new Error(`${path} is not a snapshot`);
  return { version: header.version, entries: lines.map((line) => JSON.parse(line)) };
}

function* snapshotLines(store: Store, version: number, branchId: string | undefined): Generator<string> {
  yield JSON.stringify({ formatVersion: 1, version } satisfies SnapshotHeader);
  for (const shard of store.shards()) {
    if (branchId !== undefined && shard.branchId !== branchId) continue;
    for (const [key, chain] of shard.chains) {
      const versions = chain.upTo(version);
      if (versions.length === 0) continue;
      yield JSON.stringify({ branchId: shard.branchId, key, versions } satisfies SnapshotEntry);
    }
  }
}

/** Joined to writes of a useful size, and made only when they are written. */
function* inChunks(lines: Iterable<string>): Generator<Buffer> {
  let chunk = '';
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < chunkBytes) continue;
    yield Buffer.from(chunk);
    chunk = '';
  }
  if (chunk !== '') yield Buffer.from(chunk);
}
