import path from 'node:path';

/** What paths have in common: numbers, ids and random parts become `*`. */
export function pathPattern(paths: readonly string[]): string {
  const [first, ...rest] = paths;
  if (first === undefined) return '*';
  const generic = (text: string) => text.replace(/[\da-f]{8,}(?:-[\da-f]+)*|\d+/gi, '*');
  const pattern = generic(first);
  if (rest.every((other) => generic(other) === pattern)) return pattern;
  const directory = path.dirname(first);
  return rest.every((other) => path.dirname(other) === directory) ? path.join(directory, '*') : pattern;
}

/** What the names of a family share at least of the part of their path in which they differ: `tmp` of `/tmp/tmpx8_k2fab`. */
const sharedLengthMin = 3;
/** Names that a family has at least; fewer may be alike by chance. */
const membersMin = 3;

/**
 * The families of names whose random parts are no ids that could be recognised one by one: `upload-x8_k2fab` and
 * `upload-qmw0n1zt` are `upload-*`.
 * @returns the family of each name that has one
 */
export function nameFamilies(names: Iterable<string>): Map<string, string> {
  const sorted = [...new Set(names)].sort();
  const families = new Map<string, string>();
  let members: string[] = [];
  for (const [index, name] of sorted.entries()) {
    members.push(name);
    const next = sorted[index + 1];
    if (next !== undefined && areAlike(members[0]!, next)) continue;
    if (members.length >= membersMin) for (const member of members) families.set(member, familyOf(members));
    members = [];
  }
  return families;
}

/** Files of one directory are no family because of its name. */
function areAlike(one: string, other: string): boolean {
  const shared = sharedStart(one, other);
  const directoryLength = shared === 0 ? 0 : one.lastIndexOf('/', shared - 1) + 1;
  return shared - directoryLength >= sharedLengthMin;
}

/** @param members in order of their names, so that what the first and the last share, all share */
function familyOf(members: readonly string[]): string {
  const start = sharedStart(members[0]!, members.at(-1)!);
  const ending = /\.\w{1,8}$/.exec(members[0]!)?.[0] ?? '';
  return `${members[0]!.slice(0, start)}*${members.every((name) => name.endsWith(ending)) ? ending : ''}`;
}

function sharedStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}
