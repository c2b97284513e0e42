/** Ids: hexadecimal ones of eight digits and more, UUIDs, and numbers. */
const plainId = /[\da-f]{8,}(?:-[\da-f]+)*|\d+/gi;
/** Where names of keys, tables and channels are joined from parts. */
const joints = /([:/.|{}#@\s]+)/;
const idLengthMin = 8;
/** Changes between letters and digits; `oauth2tokens` has two, a random id of eight characters mostly more. */
const idChangesMin = 3;

/** What names have in common that differ in ids alone: `session:9f8a7c6b:cart` -> `session:*:cart`. */
export function namePattern(name: string): string {
  return name
    .split(joints)
    .map((part) => (isRandomId(part) ? '*' : part.replace(plainId, '*')))
    .join('');
}

function isRandomId(part: string): boolean {
  if (part.length < idLengthMin || !/^[\w-]+$/.test(part)) return false;
  return (part.match(/\d(?=[a-z])|[a-z](?=\d)/gi)?.length ?? 0) >= idChangesMin;
}
