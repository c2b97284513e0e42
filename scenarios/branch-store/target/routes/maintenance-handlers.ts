import { asObject, parseName } from '../parse-writes.js';
import type { DatabaseHandlers } from './database-handler.js';

/** What operators of a database do. */
export const maintenanceHandlers: DatabaseHandlers = {
  'POST /collect': ({ state }) => ({ removed: state.collector.collect() }),
  'POST /checkpoint': ({ checkpointer }) => checkpointer.run(),
  'POST /manifest': ({ checkpointer }) => checkpointer.persistManifest(),
  'POST /replay': (database) => database.replay(),
  'PUT /exports/:name': (database, { parameters, body }) =>
    database.exportBranch(parseName(asObject(body).branch), parseName(parameters.name)),
  'DELETE /exports/:name': (database, { parameters }) => database.removeExport(parseName(parameters.name)),
};
