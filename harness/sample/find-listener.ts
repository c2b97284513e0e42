import { seesProcesses } from '../platform/process-identity.js';
import type { ProcessStat } from '../platform/process-stat.js';
import { readProcessTable } from '../platform/process-tree.js';
import { readTcpSockets, socketInodes } from '../platform/socket-table.js';

/**
 * Pid of the process that listens on a TCP port at a loopback address or at all addresses of this machine. When several
 * share the port (a server and its workers), the oldest: it started the others.
 * @returns undefined when nobody does, or its descriptors may not be read
 */
export function findListener(port: number): number | undefined {
  if (!seesProcesses()) return undefined;
  const inodes = listeningInodes(port);
  if (inodes.size === 0) return undefined;
  const holders = [...readProcessTable().values()].filter(({ pid }) => holdsOneOf(pid, inodes));
  return holders.reduce<ProcessStat | undefined>(older, undefined)?.pid;
}

function older(one: ProcessStat | undefined, other: ProcessStat): ProcessStat {
  return one === undefined || other.startTime < one.startTime ? other : one;
}

function listeningInodes(port: number): Set<number> {
  const sockets = [...readTcpSockets(process.pid)];
  const isWanted = (local: string) => isLocal(local) && local.endsWith(`:${port}`);
  return new Set(
    sockets.flatMap(([inode, { state, local }]) => (state === 'listen' && isWanted(local) ? [inode] : [])),
  );
}

function isLocal(endpoint: string): boolean {
  return /^(127\.|0\.0\.0\.0:|\[::1?\]:)/.test(endpoint);
}

function holdsOneOf(pid: number, inodes: ReadonlySet<number>): boolean {
  return [...(socketInodes(pid) ?? [])].some((inode) => inodes.has(inode));
}
