import { readFileSync } from 'node:fs';
import { readSockets, type SocketEntry, socketInodes } from '../../platform/socket-table.js';

interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Of Linux, unless it is set otherwise. */
const defaultRange: PortRange = { first: 32_768, last: 60_999 };

/**
 * Whether a process listens where a second one of its kind could not: at a port that neither the system nor plateau chose,
 * or at a socket file. Where that cannot be read it may.
 * @param chosenPorts by plateau for this process
 */
export function hasFixedAddress(pid: number, chosenPorts: readonly number[] = []): boolean {
  const inodes = socketInodes(pid);
  const sockets = inodes === undefined ? undefined : readSockets(pid, inodes);
  if (sockets === undefined) return true;
  const range = ephemeralRange();
  return [...sockets.values()].some((socket) => isFixed(socket, range, chosenPorts));
}

function isFixed(
  { family, state, local, peer }: SocketEntry,
  { first, last }: PortRange,
  chosenPorts: readonly number[],
): boolean {
  if (family === 'unix') return local.startsWith('/');
  if (family === 'tcp' ? state !== 'listen' : peer !== undefined) return false;
  const port = Number(local.slice(local.lastIndexOf(':') + 1));
  return port !== 0 && (port < first || port > last) && !chosenPorts.includes(port);
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
