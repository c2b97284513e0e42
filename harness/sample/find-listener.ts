import { readdirSync, readlinkSync } from 'node:fs';
import { seesProcesses } from '../platform/process-identity.js';
import { type ProcessStat, readProcFile } from '../platform/process-stat.js';
import { readProcessTable } from '../platform/process-tree.js';
import { parseInternetSockets } from '../platform/socket-table.js';

/**
 * Pid of the process that listens on a TCP port at a loopback address or at all addresses of this machine. When several
 * share the port (a server and its workers), the oldest: it started the others.
 * @returns undefined when nobody does, or its descriptors may not be read
 */
export function findListener(port: number): number | undefined {
  if (!seesProcesses()) return undefined;
  const inodes = listeningInodes(port);
  if (inodes.size === 0) return undefined;
  const links = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  const holders = [...readProcessTable().values()].filter(({ pid }) => holdsOneOf(pid, links));
  return holders.reduce<ProcessStat | undefined>(older, undefined)?.pid;
}

function older(one: ProcessStat | undefined, other: ProcessStat): ProcessStat {
  return one === undefined || other.startTime < one.startTime ? other : one;
}

function listeningInodes(port: number): Set<number> {
  const inodes = new Set<number>();
  for (const file of ['tcp', 'tcp6']) {
    const text = readProcFile(`/proc/self/net/${file}`)?.toString('latin1') ?? '';
    for (const [inode, { state, local }] of parseInternetSockets(text, 'tcp')) {
      if (state === 'listen' && isLocal(local) && local.endsWith(`:${port}`)) inodes.add(inode);
    }
  }
  return inodes;
}

function isLocal(endpoint: string): boolean {
  return /^(127\.|0\.0\.0\.0:|\[::1?\]:)/.test(endpoint);
}

function holdsOneOf(pid: number, links: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((descriptor) => links.has(linkOf(`/proc/${pid}/fd/${descriptor}`)));
  } catch {
    return false;
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
