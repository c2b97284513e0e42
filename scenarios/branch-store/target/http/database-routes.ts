import type { Databases } from '../database/databases.js';
import { asObject, parseName } from '../parse-writes.js';
import { type Handler, Reply } from './exchange.js';

/** Databases as a whole, and what their operators do. */
export function databaseRoutes(databases: Databases): Readonly<Record<string, Handler>> {
  return {
    'POST /databases': async ({ body }) => {
      const { name, checkpoints } = asObject(await body());
      await databases.open(parseName(name), checkpoints === 'manual' ? 'manual' : 'automatic');
      return new Reply(201, { name });
    },
    'POST /databases/:name/detach': ({ parameters }) => databases.detach(parseName(parameters.name)),
    'DELETE /databases/:name': ({ parameters }) => databases.delete(parseName(parameters.name)),
  };
}

export const maintenanceRoutes: Readonly<Record<string, Handler>> = {
  'POST /collect': ({ database }) => ({ removed: database.state.collector.collect() }),
  'POST /checkpoint': ({ database }) => database.checkpointer.run(),
  'POST /manifest': ({ database }) => database.checkpointer.persistManifest(),
  'POST /replay': ({ database }) => database.replay(),
  'PUT /exports/:name': async ({ database, parameters, body }) => {
    const { branch } = asObject(await body());
    await database.exportBranch(parseName(branch), parseName(parameters.name));
  },
  'DELETE /exports/:name': ({ database, parameters }) => database.removeExport(parseName(parameters.name)),
};
