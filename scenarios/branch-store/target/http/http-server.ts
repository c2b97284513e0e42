import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Databases, defaultDatabase } from '../database/databases.js';
import { notFound, ServiceError } from '../service-error.js';
import { branchRoutes } from './branch-routes.js';
import { databaseRoutes, maintenanceRoutes } from './database-routes.js';
import { type Handler, Reply, readJson } from './exchange.js';
import { Router } from './router.js';
import { transactionRoutes } from './transaction-routes.js';

/**
 * The service over HTTP. A path that begins with `/databases/<name>/` is for that database; the rest of it, and every
 * other path, is looked up in the routes.
 * @param stats answers `GET /stats`
 */
export function createHttpServer(databases: Databases, stats: () => unknown): Server {
  const service = new Router<Handler>({ 'GET /stats': stats, ...databaseRoutes(databases) });
  const perDatabase = new Router<Handler>({ ...branchRoutes, ...transactionRoutes, ...maintenanceRoutes });

  async function handle(request: IncomingMessage): Promise<unknown> {
    const { method = 'GET', url = '/' } = request;
    const question = url.indexOf('?');
    const query = new URLSearchParams(question < 0 ? '' : url.slice(question));
    let parts = (question < 0 ? url : url.slice(0, question)).slice(1).split('/');
    let found = service.find(method, parts);
    let name = defaultDatabase;
    if (found === undefined && parts[0] === 'databases' && parts.length > 2) {
      name = parts[1]!;
      parts = parts.slice(2);
    }
    found ??= perDatabase.find(method, parts);
    if (found === undefined) throw notFound(`${method} ${url}`);
    const { handler, parameters } = found;
    return handler({ parameters, query, database: databases.get(name), body: () => readJson(request) });
  }

  return createServer((request, response) => {
    handle(request).then(
      (result) => (result instanceof Reply ? send(response, result) : send(response, new Reply(200, result))),
      (error: unknown) => send(response, errorReply(error)),
    );
  });
}

function send(response: ServerResponse, { status, body }: Reply): void {
  if (body === undefined) {
    response.writeHead(204).end();
    return;
  }
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    .end(text);
}

function errorReply(error: unknown): Reply {
  if (error instanceof ServiceError) return new Reply(error.status, { error: error.message });
  return new Reply(500, { error: error instanceof Error ? error.message : String(error) });
}
