/**
 * The kinds of data in a branch. `collection` configures the vectors of one name; `branch` lives in the system
 * shard alone and is the catalogue of branches.
 */
export const families = ['kv', 'event', 'state', 'json', 'document', 'collection', 'vector', 'branch'] as const;
export type Family = (typeof families)[number];

/** One change of one key. */
export interface Write {
  readonly family: Family;
  /** Of a vector: `<collection>/<id>`. */
  readonly key: string;
  /** Any JSON; absent: the key is deleted. */
  readonly value?: unknown;
  /** Epoch ms after which the key is gone. */
  readonly expiresAt?: number;
}

export function storeKey(write: { readonly family: Family; readonly key: string }): string {
  return `${write.family}/${write.key}`;
}

export function parseStoreKey(storeKey: string): { family: Family; key: string } {
  const slash = storeKey.indexOf('/');
  return { family: storeKey.slice(0, slash) as Family, key: storeKey.slice(slash + 1) };
}
