const binary: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** `heap_mb`, `rss-KiB`, `heap (MB)`, `heap bytes`. */
const separated = /[\s_.([-](?:([kmg])i?b|b|bytes?)[)\]]?$/i;
/** `heapMB`, `rssBytes`; a single B is the end of a word too often. */
const inCamelCase = /[a-z\d](?:([KMG])i?[Bb]|Bytes?)$/;

/** Bytes of the unit that the name of a column ends with, as memory is counted: 1 MB is 1,024 KB. */
export function unitBytesOf(column: string): number | undefined {
  const match = separated.exec(column) ?? inCamelCase.exec(column);
  return match === null ? undefined : binary[(match[1] ?? 'b').toLowerCase()];
}
