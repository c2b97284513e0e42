import { Ajv, type AnySchema, type ValidateFunction } from 'ajv';

const shared = new Ajv();

/** One compiler for all; `removeSchema` empties its cache of schemas but not the names in its scope. */
export function compileAndRemove(schema: AnySchema): ValidateFunction {
  const validate = shared.compile(schema);
  shared.removeSchema(schema);
  return validate;
}

/** Keeps nothing and pays for it: the metaschema is compiled again for each schema. */
export function compileWithMetaschema(schema: AnySchema): ValidateFunction {
  return new Ajv().compile(schema);
}
