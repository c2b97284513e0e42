import type { Routes } from '../../../service/route.js';
import { ServiceError } from '../../../service/service-error.js';
import type { Exports } from '../exports.js';
import type { Measurements } from '../measurements.js';
import type { Queries, QueryOptions } from '../queries.js';

export interface QueryParts {
  readonly queries: Queries;
  readonly exports: Exports;
  readonly measurements: Measurements;
}

/** SQL, exports page by page, and measurements whose rows can be deleted. */
export function queryRoutes({ queries, exports, measurements }: QueryParts): Routes {
  return {
    'POST /queries': ({ body, signal }) => queries.run(sqlOf(body), body as QueryOptions, signal),

    'POST /exports': async ({ body, signal }) => ({ id: await exports.open(sqlOf(body), signal) }),
    'GET /exports/:id': ({ parameters }) => exports.nextPage(Number(parameters.id)),
    'DELETE /exports/:id': ({ parameters }) => exports.close(Number(parameters.id)),

    'PUT /measurements/:name': ({ parameters, body }) =>
      measurements.write(nameOf(parameters.name), (body as { rows: number }).rows),
    'GET /measurements/:name/count': async ({ parameters, query }) => ({
      rows: await measurements.countMatchingRows(nameOf(parameters.name), query.get('where') ?? 'true'),
    }),
    'DELETE /measurements/:name/rows': ({ parameters, query }) =>
      measurements.rewriteWithoutDeletedRows(nameOf(parameters.name), query.get('where') ?? 'false'),
    'DELETE /measurements/:name': ({ parameters }) => measurements.remove(nameOf(parameters.name)),
  };
}

function sqlOf(body: unknown): string {
  const { sql } = (body ?? {}) as { sql?: unknown };
  if (typeof sql !== 'string') throw new ServiceError(400, 'body: expected {sql}');
  return sql;
}

function nameOf(name: string | undefined): string {
  if (name === undefined || !/^[\w-]+$/.test(name)) {
    throw new ServiceError(400, `measurement ${name}: letters, digits, _ and -`);
  }
  return name;
}
