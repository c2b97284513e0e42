import type { Routes } from '../../service/route.js';
import { ServiceError } from '../../service/service-error.js';
import { keptDocumentCount } from './defects/kept-documents.js';
import { createEchoHandler } from './echo-handler.js';
import type { Kernel } from './kernel.js';
import type { Manifest } from './tool-catalogue.js';

export function kernelRoutes({ tools, cache, handlers }: Kernel): Routes {
  return {
    'POST /tools': ({ body }) => tools.register(parseManifest(body)),
    'POST /tools/:id/calls': ({ parameters, body }) => tools.call(Number(parameters.id), body),
    'DELETE /tools/:id': ({ parameters }) => tools.remove(Number(parameters.id)),

    'PUT /handlers/:tag': ({ parameters }) => handlers.register(parameters.tag!, createEchoHandler('re: ')),
    'DELETE /handlers/:tag': ({ parameters }) => handlers.unregister(parameters.tag!),
    'POST /messages/:tag': ({ parameters, body }) => handlers.dispatch({ tag: parameters.tag!, payload: body }),

    'GET /stats': () => ({
      tools: tools.size,
      cachedSchemas: cache.size,
      compilations: tools.compilations,
      keptDocuments: keptDocumentCount(),
      handlers: handlers.size,
    }),
  };
}

function parseManifest(body: unknown): Manifest {
  const { name, schema } = (body ?? {}) as Partial<Record<keyof Manifest, unknown>>;
  if (typeof name !== 'string' || typeof schema !== 'string') {
    throw new ServiceError(400, 'manifest: expected {name, schema} with the schema as text');
  }
  return { name, schema };
}
