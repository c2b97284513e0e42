import { readTcpSockets, type SocketEntry, socketInodes } from '../../platform/socket-table.js';

/**
 * What a server has written and its clients have not read, as far as the kernel keeps it, B: some megabytes of each client
 * that does not read, before the server keeps the rest itself. Of clients on other machines, what they have not received.
 */
export function unreadOutput(pid: number): number {
  const own = socketInodes(pid);
  return own === undefined ? 0 : unreadBetween(own, readTcpSockets(pid));
}

/** @param own inodes of the server's sockets, among all that there are */
export function unreadBetween(own: ReadonlySet<number>, sockets: ReadonlyMap<number, SocketEntry>): number {
  const byEnds = new Map(Array.from(sockets.values(), (socket) => [`${socket.local} ${socket.peer}`, socket]));
  let bytes = 0;
  for (const [inode, { local, peer, unsentBytes = 0 }] of sockets) {
    if (!own.has(inode) || peer === undefined) continue;
    bytes += unsentBytes + (byEnds.get(`${peer} ${local}`)?.unreadBytes ?? 0);
  }
  return bytes;
}
