import type { LiveHolder } from '../../model/runtime.js';
import type { HolderGroup } from './heap-dump/holder-group.js';
import { type Held, threadLocalStep } from './heap-dump/holders.js';
import type { Field } from './heap-dump/layout.js';
import { readableClass } from './java-names.js';
import { holderKey } from './room-sites.js';
import type { SourceFiles } from './source-files.js';

type Numbers = Pick<Held, 'largestNumbers'>;

/** What holds a group of objects, as the user's code calls it. */
export function holderOf(group: HolderGroup, held: Numbers, files: SourceFiles): LiveHolder {
  const { path, root, entries, type, contents, numbers } = group;
  const field = namingField(group, files);
  const location =
    field !== undefined
      ? files.declarationOf(field.declaredIn, declaredName(field))
      : root.kind === 'static'
        ? files.declarationOf(root.className, root.field)
        : undefined;
  return {
    key: holderKey(group),
    description: field === undefined ? joined(path.slice(0, group.namedSteps)) : fieldWords(field),
    path,
    entries,
    type,
    contents,
    ...(group.outerSteps > 0 && { within: holderKey({ path: path.slice(0, group.outerSteps) }) }),
    ...(numbers !== undefined && { numbers }),
    entryNumbers: entryNumbers(contents.keys(), held),
    ...(location !== undefined && { location }),
  };
}

/**
 * Of what no field of the user's leads to directly, the user's own field that comes last, which is how its code calls
 * it: the way to it goes through threads, servers and cleaners, or begins at any of the libraries that use it too.
 */
function namingField({ isRoundabout, path, fields, root }: HolderGroup, files: SourceFiles): Field | undefined {
  const isOfLibrary = root.kind === 'static' && files.isOfLibrary(root.className);
  if (!(isRoundabout || isOfLibrary) || path.some((step) => step.startsWith(threadLocalStep))) return undefined;
  return fields.findLast(({ declaredIn }) => files.fileOf(declaredIn) !== undefined) ?? fields.at(-1);
}

/** The largest value of each number in objects of those classes, by the field's name. */
function entryNumbers(classNames: Iterable<string>, held: Numbers): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const className of classNames)
    for (const [name, value] of held.largestNumbers(className))
      numbers.set(name, Math.max(value, numbers.get(name) ?? value));
  return numbers;
}

/** `App.CARTS`, `[]`, `items` -> `App.CARTS[].items`; of what a ThreadLocal holds, the ThreadLocal comes first. */
function joined(path: readonly string[]): string {
  const start = path.findLastIndex((step) => step.startsWith(threadLocalStep));
  return path
    .slice(Math.max(0, start))
    .map((step, index) => (index === 0 || step === '[]' ? step : `.${step}`))
    .join('');
}

/** What a local class captures is a field `val$name`; what a lambda does, `arg$1`. */
const capturedByClass = /^val\$/;
const capturedByLambda = /^arg\$\d+$/;

function declaredName({ name }: Field): string {
  return name.replace(capturedByClass, '');
}

function fieldWords(field: Field): string {
  const owner = readableClass(field.declaredIn);
  return capturedByLambda.test(field.name) ? `a variable that a ${owner} captured` : `${owner}.${declaredName(field)}`;
}
