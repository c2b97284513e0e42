import { closeSync, openSync, readSync } from 'node:fs';
import { readProcFile } from '../../platform/process-stat.js';
import { processUnits } from '../../platform/process-units.js';

/** `start-end permissions offset device inode` and a name, where there is one. */
const mapping = /^([\da-f]+)-([\da-f]+) (\S+) \S+ \S+ \d+ *(.*)$/gm;
/**
 * V8 reserves what a 32-bit index can reach behind each memory of WebAssembly, so that it need not check bounds: 8 to 10 GiB
 * on Node 20 to 24. The largest other reservation of Node has 512 MiB.
 */
const guardBytesMin = 4 * 1024 ** 3;
const pageEntryBytes = 8;
/** Entries of 256 KiB of the table at a time: 128 MiB of memory. */
const entriesMax = 32_768;

interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Memory of WebAssembly modules that a process has touched, B. An arena is as large as it was made, however little of it is in
 * use; what leaks inside it shows as pages that are touched for the first time.
 * @returns undefined where there is none, or where it may not be read
 */
export function readWasmMemory(pid: number): number | undefined {
  const arenas = arenasIn(readProcFile(`/proc/${pid}/maps`)?.toString('latin1') ?? '');
  if (arenas.length === 0) return undefined;
  try {
    const table = openSync(`/proc/${pid}/pagemap`, 'r');
    try {
      return arenas.reduce((sum, arena) => sum + touchedBytes(table, arena), 0);
    } finally {
      closeSync(table);
    }
  } catch {
    return undefined;
  }
}

/** @param maps text of `/proc/PID/maps` */
export function arenasIn(maps: string): Range[] {
  const arenas: Range[] = [];
  let before: Range | undefined;
  for (const [, from, to, permissions, name = ''] of maps.matchAll(mapping)) {
    const range = { start: Number.parseInt(from!, 16), end: Number.parseInt(to!, 16) };
    const isAnonymous = name === '' || name.startsWith('[anon:');
    const isGuard = isAnonymous && permissions === '---p' && range.end - range.start >= guardBytesMin;
    if (isGuard && before?.end === range.start) arenas.push(before);
    before = isAnonymous && permissions === 'rw-p' ? range : undefined;
  }
  return arenas;
}

/** Pages that are present or swapped out: the two highest bits of an entry. */
function touchedBytes(table: number, { start, end }: Range): number {
  const { pageBytes } = processUnits();
  const pages = (end - start) / pageBytes;
  const buffer = Buffer.allocUnsafe(Math.min(pages, entriesMax) * pageEntryBytes);
  let touched = 0;
  for (let page = 0; page < pages; page += entriesMax) {
    const position = (start / pageBytes + page) * pageEntryBytes;
    const length = readSync(table, buffer, 0, Math.min(entriesMax, pages - page) * pageEntryBytes, position);
    for (let entry = pageEntryBytes - 1; entry < length; entry += pageEntryBytes)
      if ((buffer[entry]! & 0xc0) !== 0) touched += 1;
  }
  return touched * pageBytes;
}
