import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { networkNamespaceOf, readSockets, type SocketEntry } from '../../platform/socket-table.js';

interface ScannedDescriptor {
  readonly kind: string;
  readonly socket: SocketEntry | undefined;
}

export interface DescriptorScan {
  readonly descriptors: readonly ScannedDescriptor[];
  /** The tables of sockets could be read: else every socket is of kind `socket`. */
  readonly socketsKnown: boolean;
}

interface Link {
  readonly pid: number;
  readonly descriptor: number;
  readonly link: string;
}

const socketLink = /^socket:\[(\d+)\]$/;

/**
 * Every open descriptor of some processes, with its kind: about 5 us each.
 * @throws {Error} when the descriptors of a process that is there may not be read
 */
export function scanDescriptors(pids: readonly number[]): DescriptorScan {
  const links = pids.flatMap(readLinks);
  const sockets = new Map<number, SocketEntry>();
  let socketsKnown = true;
  for (const { pid, inodes } of socketsByNamespace(links)) {
    const found = readSockets(pid, inodes);
    if (found === undefined) socketsKnown = false;
    else for (const [inode, entry] of found) sockets.set(inode, entry);
  }
  const descriptors = links.map((link) => {
    const socket = sockets.get(Number(socketLink.exec(link.link)?.[1]));
    return { kind: socket?.family ?? kindOf(link), socket };
  });
  return { descriptors, socketsKnown };
}

function readLinks(pid: number): Link[] {
  const directory = `/proc/${pid}/fd`;
  const links: Link[] = [];
  for (const entry of listDescriptors(directory)) {
    try {
      links.push({ pid, descriptor: Number(entry), link: readlinkSync(`${directory}/${entry}`) });
    } catch {
      // Closed since it was listed.
    }
  }
  return links;
}

function listDescriptors(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') throw error;
    return [];
  }
}

function socketsByNamespace(links: readonly Link[]): Iterable<{ pid: number; inodes: Set<number> }> {
  const byPid = new Map<number, Set<number>>();
  for (const { pid, link } of links) {
    const inode = socketLink.exec(link)?.[1];
    if (inode === undefined) continue;
    const inodes = byPid.get(pid) ?? new Set();
    byPid.set(pid, inodes.add(Number(inode)));
  }
  const byNamespace = new Map<string, { pid: number; inodes: Set<number> }>();
  for (const [pid, inodes] of byPid) {
    const namespace = networkNamespaceOf(pid);
    const group = byNamespace.get(namespace);
    if (group === undefined) byNamespace.set(namespace, { pid, inodes });
    else for (const inode of inodes) group.inodes.add(inode);
  }
  return byNamespace.values();
}

const deletedSuffix = ' (deleted)';

/** What a link in `/proc/PID/fd` stands for, sockets aside. */
function kindOf({ pid, descriptor, link }: Link): string {
  if (link.startsWith('/memfd:')) return 'memfd';
  if (link.startsWith('/')) return link.endsWith(deletedSuffix) ? 'deleted' : kindOfPath(pid, descriptor, link);
  return kindOfAnonymous(link);
}

const anonymousKinds = new Set([
  'eventpoll',
  'eventfd',
  'timerfd',
  'inotify',
  'signalfd',
  'io_uring',
  'pidfd',
  'fanotify',
]);

/** `pipe:[1]`, `socket:[2]`, `anon_inode:[eventpoll]`, `anon_inode:inotify`, `pidfd:[3]`, ... */
export function kindOfAnonymous(link: string): string {
  const [type, detail = ''] = link.split(':', 2) as [string, string?];
  if (type === 'pipe' || type === 'socket' || type === 'pidfd') return type;
  const name = detail.replace(/^\[|\]$/g, '');
  if (type === 'anon_inode' && anonymousKinds.has(name)) return name === 'io_uring' ? 'ioUring' : name;
  return 'anonymous';
}

type PathKind = 'file' | 'directory' | 'device' | 'pipe' | 'anonymous';

/** Many descriptors of one path are common, and a path hardly ever changes its kind. */
const pathKinds = new Map<string, PathKind>();
const pathKindsMax = 5_000;

function kindOfPath(pid: number, descriptor: number, path: string): PathKind {
  const known = pathKinds.get(path);
  if (known !== undefined) return known;
  const kind = statKind(`/proc/${pid}/fd/${descriptor}`);
  if (kind === undefined) return 'file';
  if (pathKinds.size >= pathKindsMax) pathKinds.clear();
  pathKinds.set(path, kind);
  return kind;
}

/** Goes through the descriptor, not the path: the target may see other file systems than plateau does. */
function statKind(descriptorPath: string): PathKind | undefined {
  const stat = tryStat(descriptorPath);
  if (stat === undefined) return undefined;
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  if (stat.isCharacterDevice() || stat.isBlockDevice()) return 'device';
  return stat.isFIFO() ? 'pipe' : 'anonymous';
}

function tryStat(path: string): ReturnType<typeof statSync> | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
