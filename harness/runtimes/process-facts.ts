import type { ProcessFacts } from '../model/runtime.js';
import { readFileMappings } from '../platform/file-mappings.js';
import { readProcFile, readProcLink } from '../platform/process-stat.js';

/** What `/proc` shows of a process; what may not be read is empty or absent. */
export function readProcessFacts(pid: number): ProcessFacts {
  const executable = readExecutable(pid);
  const workingDirectory = readProcLink(`/proc/${pid}/cwd`);
  return {
    pid,
    ...(executable !== undefined && { executable }),
    arguments: readProcFile(`/proc/${pid}/cmdline`)?.toString('utf8').split('\0').slice(0, -1) ?? [],
    // A file that was replaced meanwhile is known by its former name.
    mappedFiles: [...new Set(readFileMappings(pid).map(({ path }) => path.replace(/ \(deleted\)$/, '')))],
    ...(workingDirectory !== undefined && { workingDirectory }),
  };
}

/** Absolute path of what a process executes at this moment. */
export function readExecutable(pid: number): string | undefined {
  return readProcLink(`/proc/${pid}/exe`);
}
