/** What names of one family begin with at least: `tmp` of `tmpx8_k2fab`. */
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
    if (next !== undefined && sharedStart(members[0]!, next) >= sharedLengthMin) continue;
    if (members.length >= membersMin) for (const member of members) families.set(member, familyOf(members));
    members = [];
  }
  return families;
}

/** In the order of the alphabet the first and the last one share what all do. */
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
