import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { invalidOption, PlateauError } from '../../model/errors.js';

export interface ApiSchema {
  readonly type?: unknown;
  readonly format?: unknown;
  readonly properties?: Readonly<Record<string, ApiSchema>>;
}

/** One method of one path, as much of it as requests are made of. */
export interface ApiOperation {
  readonly method: string;
  readonly path: string;
  /** Of a body of JSON, or of the fields of a form. */
  readonly body?: ApiSchema;
  readonly bodyForm: 'json' | 'urlencoded' | 'multipart';
  readonly isDeprecated: boolean;
  /** Of the first answer that is a success, where that is JSON. */
  readonly answer?: ApiSchema;
  readonly answersLocation: boolean;
  /** Examples of parameters, by name. */
  readonly examples: Readonly<Record<string, unknown>>;
  /** A query or a header must be given. */
  readonly needsParameters: boolean;
}

export interface Api {
  readonly document: Node;
  readonly operations: readonly ApiOperation[];
  readonly basePath: string;
  readonly origin?: string;
  sample(schema: ApiSchema): unknown;
}

type Node = Readonly<Record<string, unknown>>;

const methods = ['get', 'post', 'put', 'delete'] as const;
/** A path that takes each of these passes requests on to something else, which makes nothing of its own. */
const ofProxies = [...methods, 'options', 'head'] as const;

/** @throws {PlateauError} `PLATEAU_INVALID_OPTION` for what is no OpenAPI document, `PLATEAU_MISSING_PACKAGE` */
export async function readOpenapi(file: string): Promise<Api> {
  const { parser, sampler } = await packages();
  const document = await parser.dereference(resolve(file)).then(
    (read) => read as unknown as Node,
    (error: Error) => {
      throw invalidDocument(file, existsSync(file) ? problemOf(error) : 'none');
    },
  );
  if (document.openapi === undefined && document.swagger === undefined)
    throw invalidDocument(file, 'a file without `openapi`');
  const operations = operationsOf(document, file);
  const address = addressOf(document);
  return {
    document,
    operations,
    ...address,
    sample: (schema) => sampler.sample(schema as object, { skipReadOnly: true, quiet: true }, document as object),
  };
}

/** What the parser found, without its full stop. Of a file that holds no object it speaks of a schema. */
function problemOf({ message }: Error): string {
  const [line = ''] = message.split('\n', 1);
  return line.endsWith('is not a valid JSON Schema') ? 'a file that holds no document' : line.replace(/\.+$/, '');
}

/** @throws {PlateauError} `PLATEAU_INVALID_OPTION` for what is no operation */
function operationsOf({ paths = {} }: Node, file: string): ApiOperation[] {
  return Object.entries(nodeAt(paths, 'paths', file)).flatMap(([path, item]) => {
    const shared = nodeAt(item, path, file);
    if (ofProxies.every((method) => shared[method] !== undefined)) return [];
    return methods.flatMap((method) => {
      if (shared[method] === undefined) return [];
      const place = `${method} of ${path}`;
      const operation = nodeAt(shared[method], place, file);
      for (const { parameters = [] } of [shared, operation])
        if (!Array.isArray(parameters) || !parameters.every(isNode))
          throw invalidDocument(file, `parameters of ${place} that are no list of objects`);
      return [operationOf(method, path, operation, (shared.parameters ?? []) as Node[])];
    });
  });
}

function nodeAt(value: unknown, place: string, file: string): Node {
  if (isNode(value)) return value;
  throw invalidDocument(file, `${place}: ${JSON.stringify(value)}`);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function operationOf(method: string, path: string, operation: Node, shared: readonly Node[]): ApiOperation {
  const parameters = [...shared, ...((operation.parameters ?? []) as Node[])];
  const answers = Object.entries((operation.responses ?? {}) as Record<string, Node>);
  const [, success] =
    answers.find(([status]) => /^2/.test(status)) ?? answers.find(([status]) => status === 'default') ?? [];
  const ofJson =
    parameters.find((parameter) => parameter.in === 'body')?.schema ?? schemaOf(/json/, operation.requestBody);
  const ofForm = schemaOf(/x-www-form-urlencoded/, operation.requestBody);
  const ofBody = ofJson ?? ofForm ?? schemaOf(/multipart\/form-data/, operation.requestBody);
  const answer = success?.schema ?? schemaOf(/json/, success);
  const headers = Object.keys((success?.headers ?? {}) as Node).map((name) => name.toLowerCase());
  return {
    method: method.toUpperCase(),
    path,
    bodyForm: ofJson !== undefined || ofBody === undefined ? 'json' : ofForm !== undefined ? 'urlencoded' : 'multipart',
    isDeprecated: operation.deprecated === true,
    ...(ofBody !== undefined && { body: flattened(ofBody as Node) }),
    ...(answer !== undefined && { answer: flattened(answer as Node) }),
    answersLocation: headers.includes('location'),
    examples: Object.fromEntries(parameters.map((parameter) => [String(parameter.name), exampleOf(parameter)])),
    needsParameters: parameters.some(({ required, in: place }) => required === true && place !== 'path'),
  };
}

function schemaOf(wanted: RegExp, message: unknown): unknown {
  const content = ((message as Node | undefined)?.content ?? {}) as Record<string, Node>;
  return Object.entries(content).find(([type]) => wanted.test(type))?.[1]?.schema;
}

/** Properties of all parts of a schema that is made of parts. */
export function flattened(schema: Node, depth = 0): ApiSchema & Node {
  const parts = [
    ...((schema.allOf ?? []) as Node[]),
    ...((schema.oneOf ?? []) as Node[]).slice(0, 1),
    ...((schema.anyOf ?? []) as Node[]).slice(0, 1),
  ];
  if (parts.length === 0 || depth > 4) return schema;
  const properties = Object.assign(
    {},
    ...parts.map((part) => flattened(part, depth + 1).properties),
    schema.properties,
  ) as ApiSchema['properties'] & object;
  return { ...schema, properties };
}

function exampleOf(parameter: Node): unknown {
  const schema = (parameter.schema ?? {}) as Node;
  const values = (schema.enum ?? parameter.enum ?? []) as unknown[];
  return parameter.example ?? schema.example ?? schema.default ?? parameter.default ?? values[0];
}

function addressOf(document: Node): { basePath: string; origin?: string } {
  const url = serverOf(document);
  const isWhole = /^https?:\/\//.test(url) && URL.canParse(url);
  const path = isWhole ? new URL(url).pathname : url;
  const basePath = path.includes('{') ? '' : path.replace(/\/$/, '');
  return { basePath, ...(isWhole && { origin: new URL(url).origin }) };
}

/** Of OpenAPI 3 the first server, with the values that its variables usually have; of Swagger 2 its host. */
function serverOf({ servers, schemes, host, basePath = '' }: Node): string {
  const [server] = (Array.isArray(servers) ? servers : []) as (Node | undefined)[];
  if (server === undefined) {
    const [scheme = 'http'] = Array.isArray(schemes) ? (schemes as unknown[]) : [];
    return typeof host === 'string' ? `${scheme}://${host}${basePath}` : String(basePath);
  }
  const variables = (server.variables ?? {}) as Readonly<Record<string, Node | undefined>>;
  return String(server.url ?? '').replaceAll(/\{([^{}]+)\}/g, (whole, name: string) =>
    String(variables[name]?.default ?? whole),
  );
}

function invalidDocument(file: string, got: string): PlateauError {
  return invalidOption(
    `--openapi ${file}: expected an OpenAPI document, got ${got}.`,
    'give an OpenAPI 2 or 3 document as YAML or JSON, with every file that it refers to',
  );
}

async function packages() {
  try {
    const [{ default: parser }, sampler] = await Promise.all([
      import('@apidevtools/swagger-parser'),
      import('openapi-sampler'),
    ]);
    return { parser, sampler };
  } catch (cause) {
    throw new PlateauError('PLATEAU_MISSING_PACKAGE', '--openapi needs packages that are not installed', {
      hint: 'npm install --save-dev @apidevtools/swagger-parser@12 openapi-sampler',
      cause,
    });
  }
}
