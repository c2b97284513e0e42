import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = fileURLToPath(new URL('RESULTS.md', import.meta.url));
const rowsBegin = '| what happens | what must come of it | trials | held |\n|---|---|--:|--:|\n';

export interface RowResult {
  readonly name: string;
  readonly expected: string;
  readonly trials: number;
  readonly failures: readonly string[];
}

/** Replaces the row of the same name in the table, or adds it. */
export function writeRow({ name, expected, trials, failures }: RowResult): void {
  const before = readFileSync(path, 'utf8');
  const [head = '', table = ''] = before.split(rowsBegin);
  const rows = table.split('\n').filter((line) => line.startsWith('| '));
  const line = `| ${name} | ${expected} | ${trials} | ${trials - failures.length} |`;
  const at = rows.findIndex((other) => other.startsWith(`| ${name} |`));
  if (at < 0) rows.push(line);
  else rows[at] = line;
  writeFileSync(path, `${head}${rowsBegin}${rows.join('\n')}\n`);
}
