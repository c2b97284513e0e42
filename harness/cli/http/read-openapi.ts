import { resolve } from 'node:path';
import { PlateauError } from '../../model/errors.js';

export interface ApiSchema {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, ApiSchema>>;
}

/** One method of one path, as much of it as requests are made of. */
export interface ApiOperation {
  readonly method: string;
  readonly path: string;
  /** Of a body of JSON. */
  readonly body?: ApiSchema;
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

/** @throws {PlateauError} `PLATEAU_INVALID_OPTION` for what is no OpenAPI document, `PLATEAU_MISSING_PACKAGE` */
export async function readOpenapi(file: string): Promise<Api> {
  const { parser, sampler } = await packages();
  const document = await parser.dereference(resolve(file)).then(
    (read) => read as unknown as Node,
    (error: Error) => {
      throw invalidDocument(file, error.message.split('\n', 1)[0]!);
    },
  );
  if (document.openapi === undefined && document.swagger === undefined)
    throw invalidDocument(file, 'a file without `openapi`');
  const operations = Object.entries((document.paths ?? {}) as Record<string, Node>).flatMap(([path, item]) =>
    methods.flatMap((method) =>
      item[method] === undefined
        ? []
        : [operationOf(method, path, item[method] as Node, (item.parameters ?? []) as Node[])],
    ),
  );
  const address = addressOf(document);
  return {
    document,
    operations,
    ...address,
    sample: (schema) => sampler.sample(schema as object, { skipReadOnly: true }, document as object),
  };
}

function operationOf(method: string, path: string, operation: Node, shared: readonly Node[]): ApiOperation {
  const parameters = [...shared, ...((operation.parameters ?? []) as Node[])];
  const answers = Object.entries((operation.responses ?? {}) as Record<string, Node>);
  const [, success] =
    answers.find(([status]) => /^2/.test(status)) ?? answers.find(([status]) => status === 'default') ?? [];
  const ofBody = parameters.find((parameter) => parameter.in === 'body')?.schema ?? jsonSchema(operation.requestBody);
  const answer = success?.schema ?? jsonSchema(success);
  const headers = Object.keys((success?.headers ?? {}) as Node).map((name) => name.toLowerCase());
  return {
    method: method.toUpperCase(),
    path,
    ...(ofBody !== undefined && { body: flattened(ofBody as Node) }),
    ...(answer !== undefined && { answer: flattened(answer as Node) }),
    answersLocation: headers.includes('location'),
    examples: Object.fromEntries(parameters.map((parameter) => [String(parameter.name), exampleOf(parameter)])),
    needsParameters: parameters.some(({ required, in: place }) => required === true && place !== 'path'),
  };
}

function jsonSchema(message: unknown): unknown {
  const content = ((message as Node | undefined)?.content ?? {}) as Record<string, Node>;
  return Object.entries(content).find(([type]) => /json/.test(type))?.[1]?.schema;
}

/** Properties of all parts of a schema that is made of parts. */
function flattened(schema: Node, depth = 0): ApiSchema & Node {
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
  const [server] = (document.servers ?? []) as { url?: string }[];
  const url = server?.url ?? String(document.basePath ?? '');
  const isWhole = /^https?:\/\//.test(url) && URL.canParse(url);
  const path = isWhole ? new URL(url).pathname : url;
  const basePath = path.includes('{') ? '' : path.replace(/\/$/, '');
  return { basePath, ...(isWhole && { origin: new URL(url).origin }) };
}

function invalidDocument(file: string, got: string): PlateauError {
  return new PlateauError('PLATEAU_INVALID_OPTION', `--openapi ${file}: expected an OpenAPI document, got ${got}.`, {
    hint: 'give an OpenAPI 2 or 3 document as YAML or JSON, with every file that it refers to',
  });
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
