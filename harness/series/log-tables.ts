import { leadingMoment, momentOf, momentOfEpoch } from './moments.js';
import type { RecordedTable } from './table-series.js';

/** Column of the time that stands before a line, or on a line of its own before it. */
const timeColumn = 'logged at';
// Terminals are cleared between two tables of `docker stats`.
const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, 'g');
const tableHeader = /^(?:CONTAINER ID\s+NAME|(?:NAMESPACE\s+)?(?:POD\s+)?NAME\s+(?:CPU|MEMORY)\S*)/;

/** Tables that `docker stats` and `kubectl top` print again and again; undefined where a text has none. */
export function printedTable(path: string, text: string): RecordedTable | undefined {
  const lines = text.replaceAll(escapes, '').split('\n');
  let columns: readonly string[] | undefined;
  const rows: { cells: readonly string[]; line: number }[] = [];
  let atMs: number | undefined;
  for (const [index, whole] of lines.entries()) {
    const dated = leadingMoment(whole);
    const content = (dated?.rest ?? whole).trim();
    atMs = dated?.atMs ?? momentOfLine(content) ?? atMs;
    const cells = content.split(/\s{2,}|\t/);
    if (tableHeader.test(content))
      columns = cells.map((name) => name.replace(/\((?:bytes|cores)\)$/i, (unit) => ` ${unit}`));
    else if (columns !== undefined && cells.length === columns.length)
      rows.push({ cells: [momentText(atMs), ...cells.map(withoutLimitDash)], line: index + 1 });
  }
  if (columns === undefined) return undefined;
  return { path, columns: [timeColumn, ...columns], rows };
}

function momentOfLine(content: string): number | undefined {
  return momentOf(content) ?? (/^\d{10,13}$/.test(content) ? momentOfEpoch(Number(content)) : undefined);
}

function withoutLimitDash(cell: string): string {
  return cell === '-- / --' ? '' : cell;
}

const flatObject = /\{[^{}]*\}/g;
const pairsMin = 2;

/**
 * Objects that a program logged one after the other, as JSON or as Node prints them, e.g. what `pidusage` answers;
 * undefined where a text has none.
 */
export function objectTable(path: string, text: string): RecordedTable | undefined {
  const columns: string[] = [timeColumn];
  const found: { values: ReadonlyMap<string, string>; line: number }[] = [];
  let line = 1;
  let from = 0;
  for (const match of text.matchAll(flatObject)) {
    line += text.slice(from, match.index).split('\n').length - 1;
    from = match.index;
    const values = pairsOf(match[0]);
    if (values === undefined) continue;
    const before = text.slice(text.lastIndexOf('\n', match.index) + 1, match.index);
    const atMs = leadingMoment(before)?.atMs;
    if (atMs !== undefined) values.set(timeColumn, momentText(atMs));
    for (const name of values.keys()) if (!columns.includes(name)) columns.push(name);
    found.push({ values, line });
  }
  if (found.length === 0) return undefined;
  return {
    path,
    columns,
    rows: found.map(({ values, line: at }) => ({ cells: columns.map((name) => values.get(name) ?? ''), line: at })),
  };
}

function pairsOf(object: string): Map<string, string> | undefined {
  const json = object
    .replaceAll(/([{,]\s*)([A-Za-z_$][\w$]*)\s*:/g, '$1"$2":')
    .replaceAll(/'((?:\\.|[^'\\])*)'/g, (_, inner: string) => JSON.stringify(inner))
    .replaceAll(/:\s*(?:undefined|NaN|-?Infinity)\b/g, ': null')
    .replace(/,\s*\}$/, '}');
  try {
    const entries = Object.entries(JSON.parse(json) as Record<string, unknown>);
    return entries.length < pairsMin
      ? undefined
      : new Map(entries.map(([name, value]) => [name, value === null ? '' : String(value)]));
  } catch {
    return undefined;
  }
}

function momentText(atMs: number | undefined): string {
  return atMs === undefined ? '' : new Date(atMs).toISOString();
}
