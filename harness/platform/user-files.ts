/** Files that a user names: text in the encodings in which programs export it, and why a file could not be read. */

/** Text in UTF-8, or in UTF-16 with a byte order mark, which is left out. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

const problems: Readonly<Record<string, string>> = {
  ENOENT: 'none',
  EISDIR: 'a directory',
  EACCES: 'one that may not be read',
  EPERM: 'one that may not be read',
};

/** What was found in place of a file that can be read, to stand after "expected a file, got". */
export function gotInsteadOfFile(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return problems[code] ?? (code === '' ? message : code);
}
