import { compileSchema } from './compile-schema.js';
import { EvictingRegistry, GrowingRegistry } from './defects/handler-registries.js';
import { compileKeepingDocument } from './defects/kept-documents.js';
import type { DefectName } from './defects/names.js';
import {
  ArbitraryEvictionCache,
  DeadlockingCache,
  NoSchemaCache,
  UnboundedSchemaCache,
} from './defects/schema-caches.js';
import { compileAndRemove, compileWithMetaschema } from './defects/shared-compiler.js';
import { BoundedRegistry, type HandlerRegistry } from './handler-registry.js';
import { LruSchemaCache, type SchemaCache } from './schema-cache.js';
import { type CompileSchema, ToolCatalogue } from './tool-catalogue.js';

const capacity = 1_000;

export interface Kernel {
  readonly tools: ToolCatalogue;
  readonly cache: SchemaCache;
  readonly handlers: HandlerRegistry;
}

/** The kernel's parts; without defects all of them sound. */
export function createKernel(defects: ReadonlySet<DefectName>): Kernel {
  const cache = createCache(defects);
  return { cache, tools: new ToolCatalogue(cache, chooseCompiler(defects)), handlers: createRegistry(defects) };
}

function createCache(defects: ReadonlySet<DefectName>): SchemaCache {
  if (defects.has('documents-per-call')) return new NoSchemaCache();
  if (defects.has('unbounded-cache')) return new UnboundedSchemaCache();
  if (defects.has('evict-arbitrary')) return new ArbitraryEvictionCache(capacity);
  if (defects.has('evict-deadlock')) return new DeadlockingCache(capacity);
  return new LruSchemaCache(capacity);
}

function chooseCompiler(defects: ReadonlySet<DefectName>): CompileSchema {
  if (defects.has('documents-per-call') || defects.has('documents-per-miss')) return compileKeepingDocument;
  if (defects.has('remove-schema')) return compileAndRemove;
  if (defects.has('metaschema-per-schema')) return compileWithMetaschema;
  return compileSchema;
}

function createRegistry(defects: ReadonlySet<DefectName>): HandlerRegistry {
  if (defects.has('unregister-noop')) return new GrowingRegistry();
  if (defects.has('evicting-registry')) return new EvictingRegistry(capacity);
  return new BoundedRegistry(capacity);
}
