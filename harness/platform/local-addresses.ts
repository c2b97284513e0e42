import { readSockets, socketInodes } from './socket-table.js';

/** Addresses on loopback where a process listens, as URLs. */
export function localAddresses(pid: number): string[] {
  const sockets = readSockets(pid, socketInodes(pid) ?? new Set()) ?? new Map();
  const addresses: string[] = [];
  for (const { family, state, local } of sockets.values()) {
    if (family !== 'tcp' || state !== 'listen') continue;
    const [, host, port] = /^(.*):(\d+)$/.exec(local) ?? [];
    if (host === '[::1]') addresses.push(`http://[::1]:${port}`);
    else if (host === '0.0.0.0' || host === '[::]') addresses.push(`http://127.0.0.1:${port}`);
    else if (host?.startsWith('127.')) addresses.push(`http://${host}:${port}`);
  }
  return addresses;
}
