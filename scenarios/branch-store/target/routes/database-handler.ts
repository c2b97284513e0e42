import type { RouteRequest, Routes } from '../../../service/route.js';
import type { Database } from '../database/database.js';
import { type Databases, defaultDatabase } from '../database/databases.js';

/** Answers a request about one database. */
export type DatabaseHandler = (database: Database, request: RouteRequest) => unknown;

/** By `<METHOD> <pattern>`. */
export type DatabaseHandlers = Readonly<Record<string, DatabaseHandler>>;

/** Serves each pattern twice: as it is for the default database, and behind `/databases/:database` for that one. */
export function perDatabase(databases: Databases, handlers: DatabaseHandlers): Routes {
  const routes: Record<string, Routes[string]> = {};
  for (const [route, handler] of Object.entries(handlers)) {
    const [method, pattern] = route.split(' ');
    const serve = (request: RouteRequest) =>
      handler(databases.get(request.parameters.database ?? defaultDatabase), request);
    routes[route] = serve;
    routes[`${method} /databases/:database${pattern}`] = serve;
  }
  return routes;
}
