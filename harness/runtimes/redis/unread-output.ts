import { readTcpSockets, type SocketEntry, socketInodes } from '../../platform/socket-table.js';

/**
 * What a server has written and its clients have not read, as far as the kernel keeps it, B by the address of the client:
 * some megabytes of each that does not read, before the server keeps the rest itself. Of clients on other machines, what
 * they have not received.
 */
export function unreadOutput(pid: number): Map<string, number> {
  const own = socketInodes(pid);
  return own === undefined ? new Map() : unreadBetween(own, readTcpSockets(pid));
}

/** @param own inodes of the server's sockets, among all that there are */
export function unreadBetween(
  own: ReadonlySet<number>,
  sockets: ReadonlyMap<number, SocketEntry>,
): Map<string, number> {
  const byEnds = new Map(Array.from(sockets.values(), (socket) => [`${socket.local} ${socket.peer}`, socket]));
  const unread = new Map<string, number>();
  for (const [inode, { local, peer, unsentBytes = 0 }] of sockets) {
    if (!own.has(inode) || peer === undefined) continue;
    unread.set(peer, unsentBytes + (byEnds.get(`${peer} ${local}`)?.unreadBytes ?? 0));
  }
  return unread;
}
