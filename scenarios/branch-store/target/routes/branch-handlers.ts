import { asObject, parseFamily, parseName, parseWrite, parseWrites } from '../parse-writes.js';
import { parseRetention } from '../store/retention.js';
import type { DatabaseHandlers } from './database-handler.js';

/** Branches, their keys, and what is found in them. */
export const branchHandlers: DatabaseHandlers = {
  'POST /branches': ({ branches }, { body }) => {
    const { name, retention } = asObject(body);
    return branches.create(parseName(name), retention === undefined ? undefined : parseRetention(retention));
  },
  'GET /branches/:branch': ({ branches }, { parameters }) => branches.require(parameters.branch!),
  'PUT /branches/:branch/retention': ({ branches }, { parameters, body }) =>
    branches.configure(parameters.branch!, parseRetention(body)),
  'DELETE /branches/:branch': ({ branches }, { parameters }) => branches.delete(parameters.branch!),

  'POST /branches/:branch/commits': async (database, { parameters, body }) => {
    const writes = parseWrites(body).map(({ write }) => write);
    const durability = asObject(body).durability === 'relaxed' ? 'relaxed' : 'durable';
    return { version: await database.write(parameters.branch!, writes, durability) };
  },
  'GET /branches/:branch/keys/:family/:key': (database, { parameters, query }) => {
    const asOf = query.get('version');
    const family = parseFamily(parameters.family);
    return {
      value: database.read(parameters.branch!, family, parameters.key!, asOf === null ? undefined : Number(asOf)),
    };
  },
  'PUT /branches/:branch/keys/:family/:key': async (database, { parameters, body }) => {
    const { branch, family, key } = parameters;
    const { write } = parseWrite({ ...asObject(body), family, key });
    return { version: await database.write(branch!, [write]) };
  },
  'DELETE /branches/:branch/keys/:family/:key': async (database, { parameters }) => {
    const write = { family: parseFamily(parameters.family), key: parameters.key! };
    return { version: await database.write(parameters.branch!, [write]) };
  },

  'DELETE /branches/:branch/collections/:collection': async (database, { parameters }) => ({
    version: await database.deleteCollection(parameters.branch!, parameters.collection!),
  }),
  'POST /branches/:branch/collections/:collection/nearest': ({ branches, state }, { parameters, body }) => {
    const { id } = branches.require(parameters.branch!);
    const { vector, limit = 10 } = asObject(body);
    const heap = state.vectors.get(id, parameters.collection!);
    return { hits: heap?.nearest(vector as number[], limit as number) ?? [] };
  },
  'GET /search': ({ state }, { query }) => ({ hits: state.search.search(query.get('q') ?? '') }),
};
