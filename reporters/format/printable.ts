import { stripVTControlCharacters } from 'node:util';

/** Controls, bidirectional overrides, invisible characters and lone surrogates; the joiners of emoji and scripts stay. */
const unprintable = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Text from a target as one line that is safe on a terminal and in a document: escape sequences are gone, white space is
 * one space, everything else that cannot be seen is shown as `�`.
 * @param limit most characters kept; the rest becomes `…`
 */
export function printable(text: string, limit = 2_000): string {
  return inert(text, limit).trim();
}

/** What a backslash or single quotes make plain in a command. */
const quotedInCommand = /\\.|'[^']*'/gs;

/**
 * A command on one line that is safe on a terminal, whole, since it is there to be run: spaces are kept, and what cannot
 * stand in quotes on a line is written as `$'...'`, which shells read back.
 */
export function printableCommand(command: string): string {
  const quoted = command.replace(quotedInCommand, (part) => (part.startsWith("'") ? escapedWord(part) : part));
  return stripVTControlCharacters(quoted)
    .replace(/[\t\n\v\f\r]+/g, ' ')
    .replace(unprintable, '\u{fffd}')
    .trim();
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
};

function escapedWord(quoted: string): string {
  if (quoted.search(unprintable) < 0) return quoted;
  const inside = quoted.slice(1, -1).replaceAll('\\', String.raw`\\`);
  const escaped = inside.replace(
    unprintable,
    (character) => shortEscapes[character] ?? `\\U${character.codePointAt(0)!.toString(16).padStart(8, '0')}`,
  );
  return `$'${escaped}'`;
}

/** As `printable`, with the spaces at both ends kept. */
export function inert(text: string, limit: number): string {
  const line = stripVTControlCharacters(text)
    .replace(/[\t\n\v\f\r ]+/g, ' ')
    .replace(unprintable, '\u{fffd}');
  return line.length > limit ? `${line.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…` : line;
}

/** JSON in which no character can act on a terminal; parses to the same value. */
export function inertJson(value: unknown): string {
  return JSON.stringify(value).replace(unprintable, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
