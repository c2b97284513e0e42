/** What INFO says, by field. */
export type ServerInfo = Readonly<Record<string, string>>;

export function parseInfo(text: string): ServerInfo {
  return Object.fromEntries(
    Array.from(text.matchAll(/^([^#:\r\n]+):(.*?)\r?$/gm), ([, field, value]) => [field, value]),
  );
}

/** A number of INFO; 0 where this version does not know the field. */
export function numberOf(info: ServerInfo, field: string): number {
  return Number(info[field] ?? 0);
}

export interface Database {
  readonly index: number;
  readonly keys: number;
  /** Of the keys, those that expire. */
  readonly expiring: number;
}

/** Databases that hold keys. */
export function databasesOf(info: ServerInfo): Database[] {
  return Object.entries(info).flatMap(([field, value]) => {
    const [, index] = /^db(\d+)$/.exec(field) ?? [];
    const [, keys, expiring] = /keys=(\d+),expires=(\d+)/.exec(value) ?? [];
    return index === undefined ? [] : [{ index: Number(index), keys: Number(keys), expiring: Number(expiring) }];
  });
}

export interface ClientTotals {
  readonly clients: number;
  /** Subscriptions of all clients to channels and patterns. */
  readonly subscriptions: number;
  /** All that clients take, this connection's part included. */
  readonly memoryBytes: number;
  /** Answers that clients have not read yet. */
  readonly outputBytes: number;
}

/** Adds up CLIENT LIST; of plateau's own connection only its memory counts. */
export function clientTotals(list: string, ownId: number): ClientTotals {
  const totals = { clients: 0, subscriptions: 0, memoryBytes: 0, outputBytes: 0 };
  for (const line of list.split('\n')) {
    const field = (name: string) => Number(new RegExp(` ${name}=(\\d+)`).exec(line)?.[1] ?? 0);
    const id = Number(/^id=(\d+)/.exec(line)?.[1] ?? 0);
    if (id === 0) continue;
    totals.memoryBytes += field('tot-mem');
    if (id === ownId) continue;
    totals.clients += 1;
    totals.subscriptions += field('sub') + field('psub') + field('ssub');
    totals.outputBytes += field('omem');
  }
  return totals;
}
