import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import papaparse from 'papaparse';
import { PlateauError } from '../model/errors.js';
import { decodeText, gotInsteadOfFile } from '../platform/user-files.js';

export type Rows = readonly Readonly<Record<string, string>>[];

/**
 * Rows of a CSV file with a header line.
 * @param path relative to `directory`
 * @throws {PlateauError} `PLATEAU_INVALID_SCENARIO` for a file that cannot be read, or has no rows
 */
export function loadRows(path: string, directory: string): Rows {
  const file = resolve(directory, path);
  const text = textOf(file);
  const twice = namedTwice(text);
  if (twice !== undefined)
    throw invalidRows(file, `expected a header line that names each column once, got "${twice}" twice`);
  const { data, errors } = papaparse.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  const [problem] = errors.filter(({ code }) => code !== 'UndetectableDelimiter');
  if (problem !== undefined)
    throw invalidRows(
      file,
      `expected rows of as many columns as the header, got line ${(problem.row ?? 0) + 2}: ${problem.message}`,
    );
  if (data.length === 0) throw invalidRows(file, 'expected a header line and at least one row, got none');
  return data;
}

/** With several columns of one name, papaparse would rename them. */
function namedTwice(text: string): string | undefined {
  const [names = []] = papaparse.parse<string[]>(text, { preview: 1, skipEmptyLines: true }).data;
  return names.find((name, at) => names.indexOf(name) !== at);
}

function textOf(file: string): string {
  try {
    return decodeText(readFileSync(file));
  } catch (cause) {
    throw invalidRows(file, `expected a CSV file, got ${gotInsteadOfFile(cause)}`);
  }
}

function invalidRows(file: string, problem: string): PlateauError {
  return new PlateauError('PLATEAU_INVALID_SCENARIO', `${file}: ${problem}.`, {
    hint: 'give a CSV file whose first line names the columns',
  });
}
