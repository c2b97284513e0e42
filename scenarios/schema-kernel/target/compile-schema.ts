import { Ajv, type AnySchema, type ValidateFunction } from 'ajv';
import { ServiceError } from '../../service/service-error.js';

const metaschema = new Ajv();

/**
 * Compiles a draft-07 schema.
 * Each schema gets a compiler of its own: a shared one keeps something of every schema it has seen, also after
 * `removeSchema`. Checking against the metaschema, the costly part, is shared.
 * @throws {ServiceError} 400 when it is no valid schema
 */
export function compileSchema(schema: AnySchema): ValidateFunction {
  assertSchema(schema);
  return new Ajv({ meta: false, validateSchema: false, addUsedSchema: false }).compile(withoutDialect(schema));
}

/** @throws {ServiceError} 400 */
export function assertSchema(schema: AnySchema): void {
  if (!metaschema.validateSchema(schema)) throw new ServiceError(400, `schema: ${metaschema.errorsText()}`);
}

/** The dialect was checked already, and a compiler without metaschemas does not know it. */
function withoutDialect(schema: AnySchema): AnySchema {
  if (typeof schema === 'boolean') return schema;
  const { $schema: _dialect, ...rest } = schema;
  return rest;
}
