import type { Routes } from '../../../service/route.js';
import type { Databases } from '../database/databases.js';
import { asObject, parseName } from '../parse-writes.js';
import { branchHandlers } from './branch-handlers.js';
import { perDatabase } from './database-handler.js';
import { maintenanceHandlers } from './maintenance-handlers.js';
import { transactionHandlers } from './transaction-handlers.js';

/**
 * The service's HTTP interface.
 * @param stats answers `GET /stats`
 */
export function branchStoreRoutes(databases: Databases, stats: () => unknown): Routes {
  return {
    'GET /stats': stats,
    'POST /databases': ({ body }) => {
      const { name, checkpoints } = asObject(body);
      return databases.open(parseName(name), checkpoints === 'manual' ? 'manual' : 'automatic');
    },
    'POST /databases/:name/detach': ({ parameters }) => databases.detach(parseName(parameters.name)),
    'DELETE /databases/:name': ({ parameters }) => databases.delete(parseName(parameters.name)),
    ...perDatabase(databases, { ...branchHandlers, ...transactionHandlers, ...maintenanceHandlers }),
  };
}
