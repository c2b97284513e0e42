import { readFileSync } from 'node:fs';
import { basename, sep } from 'node:path';
import { readSockets, type SocketEntry, socketInodes } from '../../platform/socket-table.js';

interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Of Linux, unless it is set otherwise. */
const defaultRange: PortRange = { first: 32_768, last: 60_999 };

/** Addresses that plateau chose for a target: a second one of its kind gets others. */
export interface ChosenAddresses {
  readonly ports?: readonly number[];
  /** Its sockets are files in here. */
  readonly directory?: string;
}

/**
 * Whether a process listens where a second one of its kind could not: at a port that neither the system nor plateau chose,
 * or at a socket file of a fixed name. Where that cannot be read it may.
 */
export function hasFixedAddress(pid: number, chosen: ChosenAddresses = {}): boolean {
  const inodes = socketInodes(pid);
  const sockets = inodes === undefined ? undefined : readSockets(pid, inodes);
  if (sockets === undefined) return true;
  const range = ephemeralRange();
  return [...sockets.values()].some((socket) =>
    socket.family === 'unix' ? isFixedFile(socket, pid, chosen) : isFixedPort(socket, range, chosen),
  );
}

/** The JVM listens for tools at `/tmp/.java_pid<pid>`. */
function isFixedFile({ local }: SocketEntry, pid: number, { directory }: ChosenAddresses): boolean {
  if (!local.startsWith('/') || basename(local).includes(String(pid))) return false;
  return directory === undefined || !local.startsWith(directory + sep);
}

function isFixedPort(
  { family, state, local, peer }: SocketEntry,
  { first, last }: PortRange,
  { ports = [] }: ChosenAddresses,
): boolean {
  if (family === 'tcp' ? state !== 'listen' : peer !== undefined) return false;
  const port = Number(local.slice(local.lastIndexOf(':') + 1));
  return port !== 0 && (port < first || port > last) && !ports.includes(port);
}

function ephemeralRange(): PortRange {
  try {
    const [first, last] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8')
      .trim()
      .split(/\s+/)
      .map(Number);
    return { first: first ?? defaultRange.first, last: last ?? defaultRange.last };
  } catch {
    return defaultRange;
  }
}
