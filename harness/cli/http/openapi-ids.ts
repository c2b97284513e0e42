import { type ApiSchema, flattened } from './read-openapi.js';

/** What names things, where they have no id. */
const naming = ['key', 'slug', 'name', 'code', 'handle'] as const;
/** What names a person or a thing that is an object within the answer. */
const namingInner = ['login', 'username', 'slug', 'key', 'name'] as const;
const depthMax = 3;

/** A parameter of a path that an answer is asked for. */
export interface WantedId {
  readonly parameter: string;
  /** The last word of the path, `droplets` say: an answer may wrap the thing in its name. */
  readonly collection: string;
  /** The only one that is wanted: then it may be called just `id`. */
  readonly isOnly: boolean;
}

/** The property by which a path parameter is known: of its name, an id, or what names things elsewhere. */
export function idField(schema: ApiSchema | undefined, wanted: WantedId, depth = 0): string | undefined {
  const properties = Object.entries(schema?.properties ?? {}).map(
    ([name, part]) => [name, flattened({ ...part })] as const,
  );
  const isText = ([, { type, properties: inner }]: (typeof properties)[number]) =>
    type !== 'object' && type !== 'array' && inner === undefined;
  const names = properties.filter(isText).map(([name]) => name);
  const parameter = plain(wanted.parameter);
  const firstOf = (known: readonly string[]) =>
    known.map((word) => names.find((name) => plain(name) === word)).find((name) => name !== undefined);
  const own = firstOf([parameter]);
  if (own !== undefined) return own;
  const named = properties.find(([name, inner]) => plain(name) === parameter && inner.properties !== undefined);
  const inner = named && namingInner.find((word) => word in (named[1].properties ?? {}));
  if (named !== undefined && inner !== undefined) return `${named[0]}.${inner}`;
  const found =
    (wanted.isOnly ? firstOf(['id', 'uuid', 'guid']) : undefined) ??
    names.find((name) => plain(name).length > 1 && parameter.endsWith(plain(name))) ??
    firstOf(naming) ??
    names.find((name) => plain(name).endsWith(parameter));
  return found ?? (depth < depthMax ? wrappedField(properties, wanted, depth) : undefined);
}

function wrappedField(
  properties: readonly (readonly [string, ApiSchema])[],
  wanted: WantedId,
  depth: number,
): string | undefined {
  const ofThing = [plain(wanted.parameter), plain(wanted.collection)];
  for (const [outer, schema] of properties) {
    const isWrapper =
      /^(data|result|item|attributes|metadata)$/i.test(outer) || ofThing.some((word) => word.startsWith(plain(outer)));
    const field = isWrapper ? idField(schema, wanted, depth + 1) : undefined;
    if (field !== undefined) return `${outer}.${field}`;
  }
  return undefined;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
