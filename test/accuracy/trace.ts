import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export interface Trace {
  /** `<protocol>_<kind>_<seed>` */
  readonly name: string;
  readonly protocol: string;
  readonly kind: string;
  readonly columns: ReadonlyMap<string, readonly number[]>;
}

/**
 * Reads recorded traces: a CSV each, or many in one CSV whose first column, `trace`, names them; gzip or plain.
 * Names that do not say protocol and kind are left out.
 */
export function readTraces(folder: string): Trace[] {
  return readdirSync(folder)
    .filter((file) => /\.csv(\.gz)?$/.test(file))
    .sort()
    .flatMap((file) => {
      const bytes = readFileSync(join(folder, file));
      const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
      return tracesOf(file.replace(/\.csv(\.gz)?$/, ''), text);
    });
}

function tracesOf(file: string, text: string): Trace[] {
  const [header, ...rows] = text
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const bundled = header![0] === 'trace';
  const groups = new Map<string, string[][]>();
  for (const row of rows) {
    const name = bundled ? row[0]! : file;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups].flatMap(([name, group]) => {
    const [, protocol, kind] = /^([a-z]+)\d*_([a-z0-9]+)_\d+$/.exec(name) ?? [];
    if (protocol === undefined || kind === undefined) return [];
    const columns = new Map<string, readonly number[]>();
    header!.forEach((column, index) => {
      const values = group.map((row) => (row[index] === '' ? Number.NaN : Number(row[index])));
      if (column !== 'trace' && values.some(Number.isFinite)) columns.set(column, values);
    });
    return [{ name, protocol, kind, columns }];
  });
}
