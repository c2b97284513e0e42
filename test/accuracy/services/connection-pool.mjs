// A pool of at most 12 TCP connections. The leak: a connection whose query failed is neither given back nor closed.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { leaks } from './planted.mjs';

const idle = [];
const lost = [];
const server = createServer((socket) => socket.on('data', (data) => socket.write(data)));

export async function setup() {
  await once(server.listen(0, '127.0.0.1'), 'listening');
}

export async function create() {
  const pooled = idle.pop();
  if (pooled !== undefined) return pooled;
  const socket = connect(server.address().port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

let cycles = 0;
export async function destroy(socket) {
  const answered = once(socket, 'data');
  socket.write('query');
  await answered;
  cycles += 1;
  if (leaks(cycles)) lost.push(socket);
  else if (idle.length < 12) idle.push(socket);
  else socket.destroy();
}

export function teardown() {
  for (const socket of [...idle, ...lost]) socket.destroy();
  server.close();
}
