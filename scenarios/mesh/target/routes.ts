import type { Routes } from '../../service/route.js';
import { ServiceError } from '../../service/service-error.js';
import type { ContentSource } from './downloads/fetch-content.js';
import type { MeshNode } from './mesh-node.js';
import { nodeGauges } from './node-gauges.js';

/** The control surface; peers themselves speak WebSocket and UDP. */
export function nodeRoutes(node: MeshNode): Routes {
  const { downloads, imports, groups, hub } = node;
  return {
    'GET /node': () => ({ peerPort: node.peers.port, datagramPort: node.endpoint.port }),

    'POST /downloads': ({ body }) => downloads.start(parseSource(body)),
    'GET /downloads/:id': ({ parameters }) => downloads.result(Number(parameters.id)),
    'DELETE /downloads/:id': ({ parameters }) => downloads.forget(Number(parameters.id)),

    'POST /imports': ({ body }) => imports.start(parseSource(body)),
    'GET /imports/:id': ({ parameters }) => imports.result(Number(parameters.id)),
    'DELETE /imports/:id': ({ parameters }) => imports.forget(Number(parameters.id)),

    'POST /streams': ({ body }) => groups.open(parseCount(body)),
    'DELETE /streams/:id': ({ parameters, query }) =>
      groups.drop(Number(parameters.id), { restart: query.get('restart') === 'true' }),
    'POST /events': ({ body }) => ({ reached: hub.publish(JSON.stringify(body)) }),

    'GET /stats': () => nodeGauges(node),
  };
}

function parseSource(body: unknown): ContentSource {
  const { port, hash } = (body ?? {}) as Partial<Record<keyof ContentSource, unknown>>;
  if (typeof port !== 'number' || typeof hash !== 'string') {
    throw new ServiceError(400, 'content: expected {port, hash}');
  }
  return { port, hash };
}

function parseCount(body: unknown): number {
  const { count } = (body ?? {}) as { count?: unknown };
  if (typeof count !== 'number' || !(count > 0 && count <= 1_000)) {
    throw new ServiceError(400, 'streams: expected {count} from 1 to 1000');
  }
  return count;
}
