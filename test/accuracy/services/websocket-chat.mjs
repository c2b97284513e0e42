// Members of a chat room over WebSockets. The leak: a member who leaves stays in the room's list.
import { once } from 'node:events';
import { WebSocket, WebSocketServer } from 'ws';
import { leaks } from './planted.mjs';

const rooms = new Map();
let server;

function join(socket, { room, member }) {
  const members = rooms.get(room) ?? new Set();
  rooms.set(room, members.add(socket));
  socket.on('message', (data) => {
    for (const other of members) if (other.readyState === WebSocket.OPEN) other.send(data);
  });
  socket.on('close', () => {
    if (leaks(member)) return;
    members.delete(socket);
    if (members.size === 0) rooms.delete(room);
  });
}

export async function setup() {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  server.on('connection', (socket, { url }) => {
    const { searchParams } = new URL(url, 'ws://localhost');
    join(socket, { room: searchParams.get('room'), member: Number(searchParams.get('member')) });
  });
  await once(server, 'listening');
}

export async function create(cycle) {
  const socket = new WebSocket(`ws://127.0.0.1:${server.address().port}/?room=${cycle % 8}&member=${cycle}`);
  await once(socket, 'open');
  const heard = once(socket, 'message');
  socket.send(`hello from ${cycle}`);
  await heard;
  return socket;
}

export async function destroy(socket) {
  const closed = once(socket, 'close');
  socket.close();
  await closed;
}

export function teardown() {
  server.close();
}
