import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What a process has of the allocator and of the kernel, by the counters of its preloaded library. */
export interface AllocationCounts {
  /** B in live blocks and in anonymous mappings. */
  readonly liveBytes: number;
  readonly liveBlocks: number;
  /** Of the live bytes, those of anonymous mappings. */
  readonly mappedBytes: number;
  /** B handed out since the process began. */
  readonly allocatedBytes: number;
}

/** Return addresses, innermost first, and what they have alive. */
export interface RecordedSite {
  readonly bytes: number;
  readonly blocks: number;
  /** Blocks that it ever made. */
  readonly made: number;
  readonly stack: readonly bigint[];
}

export interface Recording {
  readonly sites: readonly RecordedSite[];
  /** Index into `sites` of what opened a descriptor last. */
  readonly openers: ReadonlyMap<number, number>;
  /** Index into `sites` of what started a thread, by its id. */
  readonly starters: ReadonlyMap<number, number>;
  /** Index into `sites` of what made a file, by its inode. */
  readonly makers: ReadonlyMap<bigint, number>;
  /** Blocks for which no place was left. */
  readonly unrecorded: number;
}

// The layout is that of `preload/preload.h`.
const magic = 'PLATEAU1';
const recordingAt = 16;
const countsLinkedAt = 48;
const slotBytes = 64;
const countersBytes = 65_536;
const descriptors = 65_536;
const threads = 65_536;
const threadEntryBytes = 8;
const files = 65_536;
const fileEntryBytes = 16;
const stackAt = 32;
const siteBytes = stackAt + 32 * 8;

const namePrefix = 'allocations-';

/** Where the preloaded library of a process shows its counters. */
export function counterFileOf(directory: string, pid: number): string {
  return join(directory, `${namePrefix}${pid}`);
}

/** Pid of the process that a file in the directory belongs to. */
export function ownerOfCounterFile(name: string): number | undefined {
  const pid = name.startsWith(namePrefix) ? Number(name.slice(namePrefix.length)) : Number.NaN;
  return Number.isSafeInteger(pid) ? pid : undefined;
}

/** @throws Error when the file is not there or holds something else */
export function readCounts(path: string): AllocationCounts {
  return withFile(path, 'r', (read) => {
    const header = headerIn(read(0, slotBytes));
    const slots = read(slotBytes, header.slots * slotBytes);
    let [liveBytes, liveBlocks, allocatedBytes, mappedBytes] = [0, 0, 0, 0];
    for (let at = 0; at < slots.length; at += slotBytes) {
      liveBytes += numberAt(slots, at);
      liveBlocks += numberAt(slots, at + 8);
      allocatedBytes += numberAt(slots, at + 16);
      mappedBytes += numberAt(slots, at + 24);
    }
    return { liveBytes, liveBlocks, allocatedBytes, mappedBytes };
  });
}

/** Whether blocks of an allocator that is linked into the program are among those that are counted. */
export function countsLinked(path: string): boolean {
  return withFile(path, 'r', (read) => {
    const header = read(0, slotBytes);
    headerIn(header);
    return numberAt(header, countsLinkedAt) !== 0;
  });
}

/** From now on the process records the stack of each block that it makes, or no longer. */
export function setRecording(path: string, isOn: boolean): void {
  const descriptor = openSync(path, 'r+');
  try {
    writeSync(descriptor, Buffer.from([isOn ? 1 : 0]), 0, 1, recordingAt);
  } finally {
    closeSync(descriptor);
  }
}

/** @throws Error when the file is not there or holds something else */
export function readRecording(path: string): Recording {
  return withFile(path, 'r', (read) => {
    const header = headerIn(read(0, slotBytes));
    let at = countersBytes;
    const next = (bytes: number) => {
      at += bytes;
      return read(at - bytes, bytes);
    };
    const openers = next(descriptors * 4);
    const starters = next(threads * threadEntryBytes);
    const makers = next(files * fileEntryBytes);
    const sites = next(header.sites * siteBytes);
    return {
      sites: Array.from({ length: Math.floor(sites.length / siteBytes) }, (_, index) =>
        siteIn(sites.subarray(index * siteBytes)),
      ),
      openers: openersIn(openers),
      starters: startersIn(starters),
      makers: makersIn(makers),
      unrecorded: header.unrecorded,
    };
  });
}

function siteIn(entry: Buffer): RecordedSite {
  const depth = numberAt(entry, 24);
  const stack = Array.from({ length: depth }, (_, index) => entry.readBigUInt64LE(stackAt + index * 8));
  return { bytes: numberAt(entry, 0), blocks: numberAt(entry, 8), made: numberAt(entry, 16), stack };
}

function openersIn(table: Buffer): Map<number, number> {
  const openers = new Map<number, number>();
  for (let descriptor = 0; descriptor * 4 < table.length; descriptor += 1) {
    const site = table.readUInt32LE(descriptor * 4);
    if (site !== 0) openers.set(descriptor, site - 1);
  }
  return openers;
}

function startersIn(table: Buffer): Map<number, number> {
  const starters = new Map<number, number>();
  for (let at = 0; at < table.length; at += threadEntryBytes) {
    const site = table.readUInt32LE(at + 4);
    if (site !== 0) starters.set(table.readUInt32LE(at), site - 1);
  }
  return starters;
}

function makersIn(table: Buffer): Map<bigint, number> {
  const makers = new Map<bigint, number>();
  for (let at = 0; at < table.length; at += fileEntryBytes) {
    const site = numberAt(table, at + 8);
    if (site !== 0) makers.set(table.readBigUInt64LE(at), site - 1);
  }
  return makers;
}

function headerIn(header: Buffer): { slots: number; sites: number; unrecorded: number } {
  if (header.toString('latin1', 0, magic.length) !== magic) throw new Error('no counters of a preloaded library');
  return { slots: numberAt(header, 24), sites: numberAt(header, 32), unrecorded: numberAt(header, 40) };
}

function numberAt(buffer: Buffer, at: number): number {
  return Number(buffer.readBigInt64LE(at));
}

function withFile<Value>(path: string, flags: 'r', use: (read: (at: number, bytes: number) => Buffer) => Value): Value {
  const descriptor = openSync(path, flags);
  try {
    return use((at, bytes) => {
      const buffer = Buffer.alloc(bytes);
      return buffer.subarray(0, readSync(descriptor, buffer, 0, bytes, at));
    });
  } finally {
    closeSync(descriptor);
  }
}
