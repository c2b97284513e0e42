/** A line of CLIENT LIST. */
export interface ListedClient {
  readonly id: number;
  readonly name: string;
  /** As it is written: `CONFIG GET`. */
  readonly command: string;
  /** It has begun a transaction with MULTI, and queues. */
  readonly isQueueing: boolean;
  /** `127.0.0.1:40620` */
  readonly address: string;
  /** To channels and patterns. */
  readonly subscriptions: number;
  /** Answers that it has not read. */
  readonly outputBytes: number;
  /** Room for what it sends and reads, which comes and goes, its output among it. */
  readonly bufferBytes: number;
  /** All else that the server keeps for it: commands that it has queued, keys that it watches. */
  readonly keptBytes: number;
}

/** Buffers, by their fields. Before Redis 7 nothing says how large the room for answers is. */
const bufferFields = ['qbuf', 'qbuf-free', 'argv-mem', 'rbs', 'omem'];

export function clientsOf(list: string): ListedClient[] {
  return list.split('\n').flatMap((line) => {
    const field = (name: string) => new RegExp(`(?:^| )${name}=(\\S*)`).exec(line)?.[1];
    const number = (name: string) => Number(field(name) ?? 0);
    if (number('id') === 0) return [];
    const totalBytes = number('tot-mem');
    const bufferBytes =
      field('rbs') === undefined ? totalBytes : bufferFields.reduce((sum, name) => sum + number(name), 0);
    return [
      {
        id: number('id'),
        name: field('name') ?? '',
        address: field('addr') ?? '',
        command: (field('cmd') ?? '').replace('|', ' ').toUpperCase(),
        isQueueing: Number(field('multi') ?? -1) >= 0,
        subscriptions: number('sub') + number('psub') + number('ssub'),
        outputBytes: number('omem'),
        bufferBytes,
        keptBytes: Math.max(0, totalBytes - bufferBytes),
      },
    ];
  });
}
