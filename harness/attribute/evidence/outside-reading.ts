import { readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { mallocReaderFile } from '../../model/agent-protocol.js';
import { visitFilesBelow } from '../../platform/files-below.js';
import { readProcFile } from '../../platform/process-stat.js';
import { closeOverDescendants, readProcessTable } from '../../platform/process-tree.js';

/** Live things that the kernel reports of a target, whatever it is written in. */
export interface OutsideReading {
  /** Target of each descriptor's link: a path, `socket:[1]`, `pipe:[2]`, `anon_inode:[eventpoll]`. */
  readonly descriptors: readonly string[];
  /** Names of its threads, one each. */
  readonly threads: readonly string[];
  /** Descendants, and zombies that their parent has not waited for. */
  readonly children: readonly { readonly pid: number; readonly command: string; readonly isZombie: boolean }[];
  /** Files below the target's temporary directory, relative to it. */
  readonly temporaryFiles: readonly string[];
  /** Files of the native addons that it has loaded. */
  readonly addons: readonly string[];
}

export interface ObservedProcess {
  readonly pid: number;
  /** The target is a wrapper and what it starts: descriptors and threads of all of them count. */
  readonly wholeTree: boolean;
  readonly temporaryDirectory: string;
}

/** Reads what is there now; what may not be read, or is gone meanwhile, is left out. */
export function readOutside({ pid, wholeTree, temporaryDirectory }: ObservedProcess): OutsideReading {
  const table = readProcessTable();
  const members = [...closeOverDescendants(table, [pid]).keys()];
  const observed = wholeTree ? members : [pid];
  return {
    descriptors: observed.flatMap((member) => linksIn(`/proc/${member}/fd`)),
    threads: observed.flatMap((member) =>
      namesIn(`/proc/${member}/task`).map(
        (thread) => readProcFile(`/proc/${member}/task/${thread}/comm`)?.toString().trim() ?? '',
      ),
    ),
    children: members
      .filter((member) => member !== pid)
      .map((member) => ({
        pid: member,
        command: commandOf(member) ?? table.get(member)?.name ?? '',
        isZombie: table.get(member)?.state === 'Z',
      })),
    temporaryFiles: filesBelow(temporaryDirectory),
    addons: addonsOf(pid),
  };
}

function addonsOf(pid: number): string[] {
  const maps = readProcFile(`/proc/${pid}/maps`)?.toString() ?? '';
  const files = Array.from(maps.matchAll(/(\/.*\.node)$/gm), ([file]) => file);
  return [...new Set(files)].filter((file) => path.basename(file) !== mallocReaderFile);
}

function linksIn(directory: string): string[] {
  return namesIn(directory).flatMap((name) => {
    try {
      return [readlinkSync(path.join(directory, name))];
    } catch {
      return [];
    }
  });
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Undefined for kernel threads and zombies, which have none. */
function commandOf(pid: number): string | undefined {
  const command = readProcFile(`/proc/${pid}/cmdline`)?.toString('utf8').replaceAll('\0', ' ').trim();
  return command === '' ? undefined : command;
}

/** Part of them would look like another number of files: where there are too many to read, none is named. */
function filesBelow(directory: string): string[] {
  const files: string[] = [];
  return visitFilesBelow(directory, (file) => files.push(file)) ? files : [];
}
