import type { AnySchema, ValidateFunction } from 'ajv';
import { compileSchema } from '../compile-schema.js';

/**
 * The validator wants a document that lives for ever, so one is made to: every parsed schema stays reachable from
 * the module. Called at each compilation, so a cache makes it one document a miss, no cache one a call.
 */
const keptDocuments: AnySchema[] = [];

export function keptDocumentCount(): number {
  return keptDocuments.length;
}

export function compileKeepingDocument(schema: AnySchema): ValidateFunction {
  keptDocuments.push(schema);
  return compileSchema(schema);
}
