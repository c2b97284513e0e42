import { readProcFile } from './process-stat.js';

/** A part of a file in the memory of a process. */
export interface FileMapping {
  readonly start: bigint;
  readonly end: bigint;
  /** In the file, B. */
  readonly offset: bigint;
  /** Absolute; of a file that is gone or was replaced with ` (deleted)` behind it. */
  readonly path: string;
}

/** Mapped files of a process; none where that may not be read. */
export function readFileMappings(pid: number): FileMapping[] {
  return parseFileMappings(readProcFile(`/proc/${pid}/maps`)?.toString('utf8') ?? '');
}

/** `start-end permissions offset device inode path` */
const line = /^([\da-f]+)-([\da-f]+) \S+ ([\da-f]+) \S+ \S+ +(\/.*)$/gm;

export function parseFileMappings(maps: string): FileMapping[] {
  return Array.from(maps.matchAll(line), ([, start, end, offset, path]) => ({
    start: BigInt(`0x${start}`),
    end: BigInt(`0x${end}`),
    offset: BigInt(`0x${offset}`),
    path: path!,
  }));
}
