// Sessions over a JSON API. The leak: a session's record is not forgotten when the session ends.
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { leaks } from './planted.mjs';

const sessions = new Map();
const agent = new Agent({ keepAlive: true, maxSockets: 4 });
let port;

const server = createServer(async (incoming, response) => {
  const body = await text(incoming);
  const [, id] = /^\/sessions\/(\d+)$/.exec(incoming.url) ?? [];
  if (incoming.method === 'POST')
    sessions.set(id, { id, user: JSON.parse(body).user, openedAt: new Date(), scopes: ['read'] });
  else if (!leaks(Number(id))) sessions.delete(id);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ id, open: sessions.has(id) }));
});

async function call(method, cycle, body) {
  const outgoing = request({ port, agent, method, path: `/sessions/${cycle}` });
  outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = await once(outgoing, 'response');
  return JSON.parse(await text(response));
}

export async function setup() {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  port = server.address().port;
}

export async function create(cycle) {
  await call('POST', cycle, { user: `user-${cycle % 64}` });
  return cycle;
}

export async function destroy(cycle) {
  await call('DELETE', cycle);
}

export function teardown() {
  agent.destroy();
  server.close();
}
