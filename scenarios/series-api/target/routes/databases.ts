import { join } from 'node:path';
import type { RouteHandler, RouteRequest, Routes } from '../../../service/route.js';
import { ServiceError } from '../../../service/service-error.js';
import { CompactionLocks } from '../compaction-locks.js';
import { ContinuousQueries } from '../continuous-queries.js';
import { RetentionPolicies } from '../retention-policies.js';
import type { Connections } from '../sqlite/connections.js';
import { SqliteFile } from '../sqlite/sqlite-file.js';
import { translateErrors } from '../sqlite/translate-error.js';

export interface DatabaseParts {
  readonly connections: Connections;
  /** One file for each database. */
  readonly directory: string;
}

/** `/databases/:database/...`: what is kept of a database in SQLite, one route for each method. */
export function databaseRoutes(parts: DatabaseParts): Routes {
  return { ...retentionRoutes(parts), ...continuousQueryRoutes(parts), ...lockRoutes(parts) };
}

function retentionRoutes(parts: DatabaseParts): Routes {
  const on = handlerOf((file) => new RetentionPolicies(file), parts);
  const base = '/databases/:database/retention-policies';
  return {
    [`PUT ${base}`]: on((policies) => policies.initTables()),
    [`POST ${base}`]: on((policies, { body }) => ({
      id: policies.createPolicy(body as Parameters<RetentionPolicies['createPolicy']>[0]),
    })),
    [`GET ${base}`]: on((policies) => policies.getPolicies()),
    [`GET ${base}/:id`]: on((policies, { parameters }) => found(policies.getPolicy(Number(parameters.id)))),
    [`PUT ${base}/:id`]: on((policies, { parameters, body }) =>
      changed(policies.updatePolicy(Number(parameters.id), (body as { keepDays: number }).keepDays)),
    ),
    [`DELETE ${base}/:id`]: on((policies, { parameters }) => changed(policies.deletePolicy(Number(parameters.id)))),
    [`GET ${base}/:id/executions`]: on((policies, { parameters }) => policies.getExecutions(Number(parameters.id))),
    [`POST ${base}/:id/executions`]: on((policies, { parameters }) => ({
      id: policies.recordExecutionStart(Number(parameters.id)),
    })),
    [`PUT ${base}/:id/executions/:execution`]: on((policies, { parameters, body }) =>
      changed(
        policies.recordExecutionComplete(Number(parameters.execution), (body as { deletedRows: number }).deletedRows),
      ),
    ),
  };
}

function continuousQueryRoutes(parts: DatabaseParts): Routes {
  const on = handlerOf((file) => new ContinuousQueries(file), parts);
  const base = '/databases/:database/continuous-queries';
  return {
    [`PUT ${base}`]: on((queries) => queries.initTables()),
    [`POST ${base}`]: on((queries, { body }) => ({
      id: queries.createQuery(body as Parameters<ContinuousQueries['createQuery']>[0]),
    })),
    [`GET ${base}`]: on((queries) => queries.getQueries()),
    [`GET ${base}/:id`]: on((queries, { parameters }) => found(queries.getQuery(Number(parameters.id)))),
    [`PUT ${base}/:id`]: on((queries, { parameters, body }) =>
      changed(queries.updateQuery(Number(parameters.id), (body as { everySeconds: number }).everySeconds)),
    ),
    [`DELETE ${base}/:id`]: on((queries, { parameters }) => changed(queries.deleteQuery(Number(parameters.id)))),
    [`GET ${base}/:id/executions`]: on((queries, { parameters }) => queries.getExecutions(Number(parameters.id))),
    [`POST ${base}/:id/executions`]: on((queries, { parameters, body }) => ({
      id: queries.recordExecution(Number(parameters.id), (body as { rows: number }).rows),
    })),
    [`PUT ${base}/:id/last-processed`]: on((queries, { parameters, body }) =>
      changed(queries.updateLastProcessedTime(Number(parameters.id), (body as { at: string }).at)),
    ),
  };
}

interface LockRequest {
  readonly owner: string;
  readonly timeToLiveMs: number;
}

function lockRoutes(parts: DatabaseParts): Routes {
  const on = handlerOf((file) => new CompactionLocks(file), parts);
  const base = '/databases/:database/compaction-locks';
  return {
    [`PUT ${base}`]: on((locks) => locks.initTable()),
    [`PUT ${base}/:partition`]: on((locks, { parameters, body }) => {
      const { owner, timeToLiveMs } = body as LockRequest;
      return { acquired: locks.acquireLock(parameters.partition!, owner, timeToLiveMs) };
    }),
    [`PUT ${base}/:partition/expired`]: on((locks, { parameters, body }) => {
      const { owner, timeToLiveMs } = body as LockRequest;
      return { acquired: locks.checkAndStealExpired(parameters.partition!, owner, timeToLiveMs) };
    }),
    [`DELETE ${base}/:partition/:owner`]: on((locks, { parameters }) =>
      changed(locks.releaseLock(parameters.partition!, parameters.owner!)),
    ),
    [`GET ${base}`]: on((locks) => locks.getActiveLocks()),
    [`DELETE ${base}`]: on((locks) => ({ removed: locks.cleanupExpiredLocks() })),
  };
}

/** Handlers of one repository: it is made for the database in the path, and its errors become answers. */
function handlerOf<Repository>(create: (file: SqliteFile) => Repository, { connections, directory }: DatabaseParts) {
  return (handle: (repository: Repository, request: RouteRequest) => unknown): RouteHandler =>
    (request) => {
      const database = request.parameters.database!;
      if (!/^[\w-]+$/.test(database)) throw new ServiceError(400, `database ${database}: letters, digits, _ and -`);
      const file = new SqliteFile(connections, join(directory, `${database}.db`));
      return translateErrors(() => handle(create(file), request));
    };
}

function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new ServiceError(404, 'no such row');
  return value;
}

function changed(rowChanged: boolean): void {
  if (!rowChanged) throw new ServiceError(404, 'no such row');
}
