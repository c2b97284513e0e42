import { readdirSync, readFileSync } from 'node:fs';

export interface FoundProcess {
  readonly pid: number;
  readonly environment: ReadonlyMap<string, string>;
}

/** Processes of this machine with all of these variables in the environment that they were started with (Linux). */
export function findProcesses(marks: Readonly<Record<string, string>>): FoundProcess[] {
  const wanted = Object.entries(marks);
  return readdirSync('/proc').flatMap((entry) => {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    const environment = readEnvironment(pid);
    return wanted.every(([name, value]) => environment.get(name) === value) ? [{ pid, environment }] : [];
  });
}

/** Whether it is there, and more than an entry that nobody has waited for. */
export function isRunning(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return status[status.lastIndexOf(')') + 2] !== 'Z';
  } catch {
    return false;
  }
}

function readEnvironment(pid: number): ReadonlyMap<string, string> {
  try {
    const entries = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
    return new Map(entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]));
  } catch {
    return new Map();
  }
}
