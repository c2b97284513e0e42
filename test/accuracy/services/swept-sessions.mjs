// Sessions behind an HTTP server that a sweeper removes four seconds after their last request. The leak: pinned sessions.
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { leaks } from './planted.mjs';

const longestMs = 4_000;
const sessions = new Map();
const agent = new Agent({ keepAlive: true });

const server = createServer(({ url }, response) => {
  const id = Number(url.slice(1));
  sessions.set(id, { id, seenAt: performance.now(), pinned: leaks(id), pages: [url] });
  response.end('welcome');
});

function sweep() {
  const oldest = performance.now() - longestMs;
  for (const [id, { seenAt, pinned }] of sessions) if (seenAt < oldest && !pinned) sessions.delete(id);
}

export async function setup() {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  setInterval(sweep, 250).unref();
}

export async function iterate(cycle) {
  const outgoing = request({ port: server.address().port, agent, path: `/${cycle}` });
  outgoing.end();
  const [response] = await once(outgoing, 'response');
  await text(response);
}

export function teardown() {
  agent.destroy();
  server.close();
}
