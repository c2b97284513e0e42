import { readdirSync } from 'node:fs';
import { readProcFile, readProcLink } from './process-stat.js';

export type SocketFamily = 'tcp' | 'udp' | 'unix';

export interface SocketEntry {
  readonly family: SocketFamily;
  /** `listen`, `established`, `closeWait`, ... of TCP sockets. */
  readonly state: string | undefined;
  /** Address and port, or path. */
  readonly local: string;
  readonly peer: string | undefined;
  /** B that the kernel keeps of TCP: sent and not acknowledged, and arrived and not read. */
  readonly unsentBytes?: number;
  readonly unreadBytes?: number;
}

/** Names of enum in include/net/tcp_states.h, which `/proc/net/tcp` prints as a number. */
const tcpStates: readonly (string | undefined)[] = [
  undefined,
  'established',
  'synSent',
  'synReceived',
  'finWait1',
  'finWait2',
  'timeWait',
  'closed',
  'closeWait',
  'lastAck',
  'listen',
  'closing',
  'synReceived',
];
const timeWait = '06';

/** `sl: local remote state tx:rx timer:when retransmits uid timeout inode ...` */
const internetLine =
  /^ *\d+: ([\dA-F]+):([\dA-F]{4}) ([\dA-F]+):([\dA-F]{4}) ([\dA-F]{2}) ([\dA-F]+):([\dA-F]+) \S+ \S+ +\d+ +\d+ +(\d+)/;

/**
 * Lines of `/proc/PID/net/{tcp,tcp6,udp,udp6}`. Sockets in TIME_WAIT belong to no process and are left out.
 * @param wanted inodes to look for; absent: all
 */
export function parseInternetSockets(
  text: string,
  family: 'tcp' | 'udp',
  wanted?: ReadonlySet<number>,
): Map<number, SocketEntry> {
  const sockets = new Map<number, SocketEntry>();
  for (const line of text.split('\n')) {
    const match = internetLine.exec(line);
    if (match === null || (family === 'tcp' && match[5] === timeWait)) continue;
    const [, localAddress, localPort, peerAddress, peerPort, state, unsent, unread, inode] =
      match as unknown as string[];
    const key = Number(inode);
    if (key === 0 || wanted?.has(key) === false) continue;
    const peer = endpoint(peerAddress as string, peerPort as string);
    sockets.set(key, {
      family,
      state: family === 'tcp' ? tcpStates[Number.parseInt(state as string, 16)] : undefined,
      local: endpoint(localAddress as string, localPort as string),
      peer: peerPort === '0000' ? undefined : peer,
      ...(family === 'tcp' && {
        unsentBytes: Number.parseInt(unsent as string, 16),
        unreadBytes: Number.parseInt(unread as string, 16),
      }),
    });
  }
  return sockets;
}

function endpoint(address: string, port: string): string {
  const text = formatAddress(address);
  return `${text.includes(':') ? `[${text}]` : text}:${Number.parseInt(port, 16)}`;
}

/** The kernel prints addresses as words of 32 bits in the machine's byte order (little-endian wherever Node runs today). */
export function formatAddress(hexadecimal: string): string {
  const bytes = Buffer.from(hexadecimal, 'hex');
  bytes.swap32();
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.readBigUInt64BE(0) === 0n && bytes.readUInt32BE(8) === 0xffff) return bytes.subarray(12).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return groups.join(':').replace(/(^|:)0(:0)+(:|$)/, '::');
}

/** `Num: RefCount Protocol Flags Type State Inode [Path]` */
const unixLine = /^\S+ \S+ \S+ \S+ \S+ \S+ +(\d+) ?(.*)$/;

export function parseUnixSockets(text: string, wanted?: ReadonlySet<number>): Map<number, SocketEntry> {
  const sockets = new Map<number, SocketEntry>();
  for (const line of text.split('\n')) {
    const match = unixLine.exec(line);
    const inode = Number(match?.[1]);
    if (match === null || wanted?.has(inode) === false) continue;
    sockets.set(inode, { family: 'unix', state: undefined, local: match[2] || 'unnamed', peer: undefined });
  }
  return sockets;
}

type SocketFile = 'unix' | 'udp' | 'udp6' | 'tcp6' | 'tcp';
const cheapFiles: readonly SocketFile[] = ['unix', 'udp', 'udp6'];
/** To list TCP sockets the kernel walks a hash table of up to a million buckets (some ms): one table often holds all. */
let costlyFiles: readonly [SocketFile, SocketFile] = ['tcp6', 'tcp'];

/**
 * The wanted sockets as the network namespace of a process lists them; stops reading once all are found.
 * Sockets that are not bound, or not of these families, are in no table.
 * @returns undefined when no table can be read
 */
export function readSockets(pid: number, wanted: ReadonlySet<number>): Map<number, SocketEntry> | undefined {
  const sockets = new Map<number, SocketEntry>();
  let readable = wanted.size === 0;
  const counts = new Map<SocketFile, number>();
  for (const file of [...cheapFiles, ...costlyFiles]) {
    if (sockets.size >= wanted.size) break;
    const found = readSocketFile(pid, file, wanted);
    if (found === undefined) continue;
    readable = true;
    counts.set(file, found.size);
    for (const [inode, entry] of found) sockets.set(inode, entry);
  }
  const [first, second] = costlyFiles;
  // The same process asks again and again.
  if ((counts.get(second) ?? 0) > (counts.get(first) ?? 0)) costlyFiles = [second, first];
  return readable ? sockets : undefined;
}

function readSocketFile(
  pid: number,
  file: SocketFile,
  wanted: ReadonlySet<number>,
): Map<number, SocketEntry> | undefined {
  const text = readProcFile(`/proc/${pid}/net/${file}`)?.toString('latin1');
  if (text === undefined) return undefined;
  if (file === 'unix') return parseUnixSockets(text, wanted);
  return parseInternetSockets(text, file.startsWith('tcp') ? 'tcp' : 'udp', wanted);
}

/** All TCP sockets in the network namespace of a process, those of others too. */
export function readTcpSockets(pid: number): Map<number, SocketEntry> {
  const files = (['tcp', 'tcp6'] as const).map((file) => readProcFile(`/proc/${pid}/net/${file}`)?.toString('latin1'));
  return new Map(files.flatMap((text) => (text === undefined ? [] : [...parseInternetSockets(text, 'tcp')])));
}

/** Processes of one network namespace share their socket tables. */
export function networkNamespaceOf(pid: number): string {
  return readProcLink(`/proc/${pid}/ns/net`) ?? 'unknown';
}

/** Inodes of the sockets that a process holds; undefined where its descriptors may not be read. */
export function socketInodes(pid: number): Set<number> | undefined {
  try {
    const inodes = new Set<number>();
    for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(readProcLink(`/proc/${pid}/fd/${descriptor}`) ?? '') ?? [];
      if (inode !== undefined) inodes.add(Number(inode));
    }
    return inodes;
  } catch {
    return undefined;
  }
}
