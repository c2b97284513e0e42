import papaparse from 'papaparse';
import { PlateauError } from '../model/errors.js';

const separators = [',', ';', '\t'] as const;

/**
 * Calls back for each row of a table (RFC 4180; comma, semicolon or tab), with the line that it begins at.
 * @throws {PlateauError} `PLATEAU_INVALID_SERIES` with file and line of what is no table
 */
export function eachRow(
  path: string,
  text: string,
  take: (row: readonly string[], line: number, separator: string) => void,
): void {
  const separator = separatorOf(text.slice(0, lineEnd(text)));
  let line = 1;
  let from = 0;
  papaparse.parse<string[]>(text, {
    delimiter: separator,
    newline: '\n',
    step({ data, errors: [problem], meta }, parser) {
      if (problem !== undefined) {
        parser.abort();
        throw invalidSeries(`${path}:${line}: ${problem.message}`, 'quote a field whole, and double a quote within it');
      }
      take(data, line, separator);
      // A quoted field may span lines.
      line += linesWithin(text, from, meta.cursor);
      from = meta.cursor;
    },
  });
}

/** Names of the columns of a table; none of an empty one. */
export function headerOf(text: string): string[] {
  const { data } = papaparse.parse<string[]>(text, {
    delimiter: separatorOf(text.slice(0, lineEnd(text))),
    newline: '\n',
    preview: 1,
    skipEmptyLines: 'greedy',
  });
  return (data[0] ?? []).map(contentOf);
}

/** Blanks around a field are no part of it; before a quote they keep the parser from taking it as one. */
export function contentOf(cell: string): string {
  return cell.trim().replace(/^"(.*)"$/, '$1');
}

/** The one that the header has most of; a header of one column has none and any will do. */
function separatorOf(header: string): string {
  const counted = separators.map((separator) => header.split(separator).length);
  return separators[counted.indexOf(Math.max(...counted))] ?? ',';
}

function lineEnd(text: string): number {
  const end = text.indexOf('\n');
  return end < 0 ? text.length : end;
}

function linesWithin(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

const quotedMax = 60;

/** What a file holds, shortened: it may have no end. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > quotedMax ? `${text.slice(0, quotedMax)}...` : text);
}

export function invalidSeries(message: string, hint: string): PlateauError {
  return new PlateauError('PLATEAU_INVALID_SERIES', `${message}.`, { hint });
}
