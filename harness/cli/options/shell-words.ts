import { invalidOption } from '../../model/errors.js';
import { shellWords } from '../../model/shell-words.js';

/**
 * The words of a line as a POSIX shell splits it: quotes and backslashes, no expansion.
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION` when a quote is left open
 */
export function readShellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  const pattern = /\s+|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)/gsy;
  while (pattern.lastIndex < line.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(line);
    if (match === null)
      throw invalidOption(
        `Command: expected every quote to be closed, got ${line.slice(at)}`,
        'close the quote, or put a backslash before it',
      );
    const [all, single, double, escaped, plain] = match;
    const part = single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped ?? plain;
    if (part !== undefined) word = (word ?? '') + part;
    else if (/\s/.test(all) && word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

/** A command line with a seed in it, so that it repeats what was drawn at random. */
export function withSeed(commandLine: string, seed: number): string {
  const words = readShellWords(commandLine);
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  if (words.slice(0, end).some((word) => word === '--seed' || word.startsWith('--seed='))) return commandLine;
  return shellWords([...words.slice(0, end), '--seed', String(seed), ...words.slice(end)]);
}

/** A command line with a flag in it that takes no value. */
export function withFlag(commandLine: string, flag: string): string {
  const words = readShellWords(commandLine);
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  if (words.slice(0, end).includes(flag)) return commandLine;
  return shellWords([...words.slice(0, end), flag, ...words.slice(end)]);
}
