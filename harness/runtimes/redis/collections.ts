/** How many entries a key of a type has, and what they are called. */
const collections: Readonly<Record<string, { readonly command: string; readonly entries: string }>> = {
  hash: { command: 'HLEN', entries: 'fields' },
  set: { command: 'SCARD', entries: 'members' },
  zset: { command: 'ZCARD', entries: 'members' },
  list: { command: 'LLEN', entries: 'elements' },
  stream: { command: 'XLEN', entries: 'entries' },
  string: { command: 'STRLEN', entries: 'bytes' },
};

/** The command that counts the entries of a key; of types that modules add, that it is one. */
export function entriesCommand(type: string): string {
  return collections[type]?.command ?? 'EXISTS';
}

/** `fields` of a hash, `bytes` of a string. */
export function entriesName(type: string): string {
  return collections[type]?.entries ?? 'entries';
}
