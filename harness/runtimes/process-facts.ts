import { readlinkSync } from 'node:fs';
import type { ProcessFacts } from '../model/runtime.js';
import { readProcFile } from '../platform/process-stat.js';

/** What `/proc` shows of a process; what may not be read is empty or absent. */
export function readProcessFacts(pid: number): ProcessFacts {
  const executable = readExecutable(pid);
  const workingDirectory = linkOf(pid, 'cwd');
  return {
    pid,
    ...(executable !== undefined && { executable }),
    arguments: readProcFile(`/proc/${pid}/cmdline`)?.toString('utf8').split('\0').slice(0, -1) ?? [],
    mappedFiles: mappedFilesIn(readProcFile(`/proc/${pid}/maps`)?.toString('utf8') ?? ''),
    ...(workingDirectory !== undefined && { workingDirectory }),
  };
}

/** Absolute path of what a process executes at this moment. */
export function readExecutable(pid: number): string | undefined {
  return linkOf(pid, 'exe');
}

function linkOf(pid: number, name: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/${name}`);
  } catch {
    return undefined;
  }
}

/** Absolute paths in a table of mappings, each once; a file that was replaced meanwhile by its former name. */
export function mappedFilesIn(maps: string): string[] {
  const paths = Array.from(maps.matchAll(/^\S+ \S+ \S+ \S+ \S+ +(\/.*?)(?: \(deleted\))?$/gm), ([, path]) => path!);
  return [...new Set(paths)];
}
