import { asObject, parseFamily, parseName, parseWrite, parseWrites } from '../parse-writes.js';
import { parseRetention } from '../store/retention.js';
import type { Write } from '../store/write.js';
import { type Handler, Reply } from './exchange.js';

/** Branches, their keys, and what is found in them. */
export const branchRoutes: Readonly<Record<string, Handler>> = {
  'POST /branches': async ({ database, body }) => {
    const { name, retention } = asObject(await body());
    const setting = retention === undefined ? undefined : parseRetention(retention);
    return new Reply(201, await database.branches.create(parseName(name), setting));
  },
  'GET /branches/:branch': ({ database, parameters }) => database.branches.require(parameters.branch!),
  'PUT /branches/:branch/retention': async ({ database, parameters, body }) =>
    database.branches.configure(parameters.branch!, parseRetention(await body())),
  'DELETE /branches/:branch': ({ database, parameters }) => database.branches.delete(parameters.branch!),

  'POST /branches/:branch/commits': async ({ database, parameters, body }) => {
    const requested = await body();
    const writes: Write[] = parseWrites(requested).map(({ write }) => write);
    const durability = asObject(requested).durability === 'relaxed' ? 'relaxed' : 'durable';
    return new Reply(201, { version: await database.write(parameters.branch!, writes, durability) });
  },
  'GET /branches/:branch/keys/:family/:key': ({ database, parameters, query }) => {
    const version = query.get('version');
    const family = parseFamily(parameters.family);
    const asOf = version === null ? undefined : Number(version);
    return { value: database.read(parameters.branch!, family, parameters.key!, asOf) };
  },
  'PUT /branches/:branch/keys/:family/:key': async ({ database, parameters, body }) => {
    const { family, key } = parameters;
    const { write } = parseWrite({ ...asObject(await body()), family, key });
    return { version: await database.write(parameters.branch!, [write]) };
  },
  'DELETE /branches/:branch/keys/:family/:key': async ({ database, parameters }) => {
    const write = { family: parseFamily(parameters.family), key: parameters.key! };
    return { version: await database.write(parameters.branch!, [write]) };
  },

  'DELETE /branches/:branch/collections/:collection': async ({ database, parameters }) => ({
    version: await database.deleteCollection(parameters.branch!, parameters.collection!),
  }),
  'POST /branches/:branch/collections/:collection/nearest': async ({ database, parameters, body }) => {
    const { id } = database.branches.require(parameters.branch!);
    const { vector, limit = 10 } = asObject(await body());
    const heap = database.state.vectors.get(id, parameters.collection!);
    return { hits: heap?.nearest(vector as number[], limit as number) ?? [] };
  },
  'GET /search': ({ database, query }) => ({ hits: database.state.search.search(query.get('q') ?? '') }),
};
