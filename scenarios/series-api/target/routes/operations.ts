import type { Routes } from '../../../service/route.js';
import { ServiceError } from '../../../service/service-error.js';
import type { ServiceStarter } from '../background/background-service.js';
import { createLineListener } from '../background/line-listener.js';
import { createScheduler } from '../background/scheduler.js';
import { createWriteBuffer } from '../background/write-buffer.js';
import { type CompactorParts, compact } from '../compaction/compactor.js';
import type { Dependencies } from '../health/dependencies.js';
import { translateErrors } from '../sqlite/translate-error.js';
import type { Tokens } from '../tokens.js';

export interface OperationParts {
  readonly tokens: Tokens;
  readonly dependencies: Dependencies;
  readonly starter: ServiceStarter;
  readonly compactor: CompactorParts;
  /** Where the write buffer spools to. */
  readonly spoolFile: string;
}

/** What keeps the service running: tokens, health checks, background services, compaction. */
export function operationRoutes(parts: OperationParts): Routes {
  return { ...tokenRoutes(parts), ...healthRoutes(parts), ...backgroundRoutes(parts), ...compactionRoutes(parts) };
}

function tokenRoutes({ tokens }: OperationParts): Routes {
  return {
    'POST /tokens': ({ body }) =>
      translateErrors(() => ({ token: tokens.issue(String((body as { owner?: unknown }).owner)) })),
    'GET /whoami': ({ headers }) => {
      const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
      if (token === undefined) throw new ServiceError(401, 'authorization: expected Bearer TOKEN');
      return tokens.verify(token);
    },
    'DELETE /tokens/:token': ({ parameters }) => translateErrors(() => tokens.revoke(parameters.token!)),
  };
}

function healthRoutes({ dependencies }: OperationParts): Routes {
  return {
    'GET /health': () => ({ ok: true }),
    'POST /dependencies': ({ body }) => ({ id: dependencies.watch((body as { url: string }).url) }),
    'GET /dependencies/:id': ({ parameters }) => dependencies.outcome(Number(parameters.id)),
    'DELETE /dependencies/:id': ({ parameters }) => dependencies.forget(Number(parameters.id)),
  };
}

function backgroundRoutes({ starter, spoolFile }: OperationParts): Routes {
  return {
    'POST /background': async ({ body }) => {
      const { linePort } = body as { linePort: number };
      const failed = await starter.start([
        createWriteBuffer(spoolFile),
        createScheduler(() => {}),
        createLineListener(linePort, () => {}),
      ]);
      return { running: starter.running, failed };
    },
    'DELETE /background': () => starter.stop(),
  };
}

function compactionRoutes({ compactor }: OperationParts): Routes {
  const { partitions } = compactor;
  return {
    'POST /partitions/:partition/segments': ({ parameters, body }) =>
      partitions.addSegment(parameters.partition!, JSON.stringify(body)),
    'POST /partitions/:partition/compactions': async ({ parameters }) => ({
      bytes: await compact(parameters.partition!, compactor),
    }),
    'DELETE /partitions/:partition': ({ parameters }) => partitions.remove(parameters.partition!),
    'GET /locks': () => compactor.locks.getActiveLocks(),
  };
}
