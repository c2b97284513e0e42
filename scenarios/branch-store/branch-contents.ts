/** One change, as the store takes it. */
export interface StoreWrite {
  readonly family: string;
  readonly key: string;
  readonly value?: unknown;
  readonly ttlMs?: number;
  readonly mode?: 'overwrite' | 'create-only';
}

export const dimension = 32;

/** Different for each number, the same every time. */
export function vectorOf(number: number): number[] {
  return Array.from({ length: dimension }, (_, index) => ((number * 31 + index * 17) % 200) / 100 - 1);
}

/** Keys of every kind: 8 terms in one document, 16 vectors of 32 numbers in one collection. */
export function keysOfEveryKind(input: number): StoreWrite[] {
  return [
    { family: 'kv', key: 'owner', value: `user ${input}` },
    { family: 'event', key: '1', value: { type: 'opened', by: input } },
    { family: 'state', key: 'review', value: input % 2 === 0 ? 'draft' : 'ready' },
    { family: 'json', key: 'settings', value: { depth: input % 5, tags: ['work', `team-${input % 7}`] } },
    { family: 'document', key: 'readme', value: 'quick brown foxes jump over one lazy dog' },
    { family: 'collection', key: 'notes', value: { dimension } },
    ...vectorWrites('notes', 16, input),
  ];
}

export function vectorWrites(collection: string, count: number, input: number): StoreWrite[] {
  return Array.from({ length: count }, (_, index) => ({
    family: 'vector',
    key: `${collection}/${index}`,
    value: vectorOf(input + index),
  }));
}
