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
