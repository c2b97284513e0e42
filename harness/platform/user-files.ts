/** Files that a user names: text in the encodings in which programs export it, and why a file could not be read. */

/** Text in UTF-8, or in UTF-16 with a byte order mark, which is left out. */
export function decodeText(bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
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
