import type { RequestOperation } from '../../model/request.js';
import { type Body, bodyOf, ownName, requestOf, type Sample, withOwn } from './openapi-bodies.js';
import { idField } from './openapi-ids.js';
import type { ApiOperation } from './read-openapi.js';

/** Of a path that ends in what is done: `/containers/create` makes what lies in `/containers`. */
const making = new Set(['add', 'create', 'new']);
/** What a service or its administrator names, no client. */
const namedElsewhere = /(id|sha|number|user|username|login|owner|collaborator|org|team|repo|repository)$/i;

/**
 * The create/destroy pairs of the operations of a document: each POST with the DELETE of what it makes, and each PUT with
 * the DELETE of the same path where no POST makes that.
 */
export function pairsOf(operations: readonly ApiOperation[], sample: Sample): RequestOperation[] {
  const destroys = operations.filter(({ method }) => method === 'DELETE');
  const undone = new Set<ApiOperation>();
  const pairs = operations.flatMap((make) => {
    if (make.method !== 'POST') return [];
    for (const destroy of candidates(make, destroys)) {
      const pair = madeByPost(make, destroy, sample);
      if (pair === undefined) continue;
      undone.add(destroy);
      return [pair];
    }
    return [];
  });
  const others = destroys.filter((destroy) => !undone.has(destroy));
  return [...pairs, ...others.flatMap((destroy) => madeInPlace(destroy, operations, sample) ?? [])];
}

/** DELETEs that may undo a POST, the closest first: their words are those of the POST, in its order, or some of them. */
function candidates(make: ApiOperation, destroys: readonly ApiOperation[]): ApiOperation[] {
  const words = wordsOf(make.path);
  if (making.has(words.at(-1)!) && words.length > 1) words.pop();
  const possible = destroys.flatMap((destroy) => {
    const own = wordsOf(destroy.path);
    const missing = missingOf(make, destroy).length;
    if (own.at(-1) !== words.at(-1) || !isPart(own, words) || missing === 0) return [];
    return [{ destroy, rank: [Number(destroy.isDeprecated), words.length - own.length, missing] }];
  });
  const compare = (one: readonly number[], other: readonly number[]) =>
    one.map((value, index) => value - other[index]!).find((difference) => difference !== 0) ?? 0;
  return possible.sort((one, other) => compare(one.rank, other.rank)).map(({ destroy }) => destroy);
}

function madeByPost(make: ApiOperation, destroy: ApiOperation, sample: Sample): RequestOperation | undefined {
  const missing = missingOf(make, destroy);
  const collection = wordsOf(destroy.path).at(-1)!;
  const isOnly = missing.length === 1;
  const body = bodyOf(make, sample);
  const path = filled(make.path, make);
  const fields = missing.map(
    (parameter) => [parameter, idField(make.answer, { parameter, collection, isOnly })] as const,
  );
  if (fields.every(([, field]) => field !== undefined)) {
    const known = fields as readonly (readonly [string, string])[];
    // An id that the client may give must not be the same each time.
    const own = known.reduce<Body | undefined>((made, [, field]) => withOwn(made, field, make.body), body);
    const values = new Map(known.map(([parameter, field]) => [parameter, `{json:${field}}`]));
    return pairOf(requestOf(make, path, own), destroy, values, sample);
  }
  // Without the thing in the answer, only the DELETE of the same collection is known to undo it.
  if (!isOnly || wordsOf(make.path).length !== wordsOf(destroy.path).length) return undefined;
  if (make.answersLocation)
    return { create: requestOf(make, path, body), destroy: { method: 'DELETE', path: '{header:location}' } };
  const named = body === undefined ? undefined : idField(make.body, { parameter: missing[0]!, collection, isOnly });
  if (named === undefined) return undefined;
  const request = requestOf(make, path, withOwn(body, named, make.body));
  return pairOf(request, destroy, new Map([[missing[0]!, ownName]]), sample);
}

/** What is made at the path at which it is undone: under a name that the client chooses, or as a switch of another thing. */
function madeInPlace(
  destroy: ApiOperation,
  operations: readonly ApiOperation[],
  sample: Sample,
): RequestOperation | undefined {
  const at = (method: string) => operations.find((other) => other.method === method && other.path === destroy.path);
  const parameter = /\{([^{}]+)\}(?:\.\w+)?\/?$/.exec(destroy.path)?.[1];
  const make = at('POST') ?? at('PUT');
  if (make === undefined) return undefined;
  const body = bodyOf(make, sample);
  if (parameter !== undefined && !namedElsewhere.test(parameter)) {
    const values = new Map([[parameter, ownName]]);
    return pairOf(requestOf(make, filled(make.path, make, values), body), destroy, values, sample);
  }
  // With a body this changes a thing that is there, as a POST to a collection that can be emptied adds to it.
  if (parameter === undefined ? isCollection(destroy, operations) : make.body !== undefined) return undefined;
  return pairOf(requestOf(make, filled(make.path, make), body), destroy, new Map(), sample);
}

function pairOf(
  create: RequestOperation['create'],
  destroy: ApiOperation,
  values: ReadonlyMap<string, string>,
  sample: Sample,
): RequestOperation {
  return { create, destroy: requestOf(destroy, filled(destroy.path, destroy, values), bodyOf(destroy, sample)) };
}

/** Whether single things under a path can be deleted too. */
function isCollection({ path }: ApiOperation, operations: readonly ApiOperation[]): boolean {
  const start = `${path.replace(/\/$/, '')}/{`;
  return operations.some(
    (other) =>
      other.method === 'DELETE' && other.path.startsWith(start) && /^[^/]*$/.test(other.path.slice(start.length)),
  );
}

function segmentsOf(path: string): string[] {
  return path
    .replace(/\.\w+$/, '')
    .split('/')
    .filter(Boolean);
}

/** The segments of a path that are no parameters. */
function wordsOf(path: string): string[] {
  return segmentsOf(path).filter((segment) => !segment.startsWith('{'));
}

/** Whether some words come in another list in this order. */
function isPart(words: readonly string[], all: readonly string[]): boolean {
  let next = 0;
  for (const word of all) if (word === words[next]) next += 1;
  return next === words.length;
}

/** Parameters of a DELETE that the path of the POST does not have. */
function missingOf(make: ApiOperation, destroy: ApiOperation): string[] {
  const known = segmentsOf(make.path);
  const wanted = segmentsOf(destroy.path);
  const shared = wanted.findIndex((segment, index) => !isAlike(segment, known[index]));
  const rest = shared === -1 ? [] : wanted.slice(shared);
  return rest
    .filter((segment) => segment.startsWith('{') && !known.includes(segment))
    .map((segment) => segment.slice(1, -1));
}

function isAlike(one: string, other: string | undefined): boolean {
  return one === other || (one.startsWith('{') && other?.startsWith('{') === true);
}

/** Parameters of outer things get the example that the document gives, or 1. */
function filled(path: string, { examples }: ApiOperation, values: ReadonlyMap<string, string> = new Map()): string {
  return path.replaceAll(
    /\{([^{}]+)\}/g,
    (_all, name: string) => values.get(name) ?? encodeURIComponent(String(examples[name] ?? 1)),
  );
}
