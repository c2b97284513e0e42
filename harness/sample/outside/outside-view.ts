import { readdirSync } from 'node:fs';
import type { DescendantProcess, OpenDescriptor, OutsideView } from '../../model/outside-view.js';
import { hasEnded, type ProcessStat, readProcFile } from '../../platform/process-stat.js';
import { type ScannedDescriptor, scanDescriptors } from './descriptor-scan.js';
import { listTemporaryFiles } from './temporary-files.js';

/** Entries of each list: leaks repeat themselves, and the view goes into the run record. */
const entriesMax = 5_000;

/** Lists what some processes hold. */
export function viewFromOutside(of: {
  readonly pids: readonly number[];
  readonly children: readonly ProcessStat[];
  readonly temporaryDirectory: string | undefined;
}): OutsideView {
  const descriptors = scanOrNothing(of.pids).toSorted((one, other) => one.descriptor - other.descriptor);
  const files = of.temporaryDirectory === undefined ? undefined : listTemporaryFiles(of.temporaryDirectory, entriesMax);
  return {
    descriptors: newest(descriptors).map(describeDescriptor),
    children: newest(of.children).map(describeProcess),
    threads: countThreads(of.pids),
    temporaryFiles: files?.paths ?? [],
    totals: {
      descriptors: descriptors.length,
      children: of.children.length,
      temporaryFiles: files?.count ?? 0,
    },
  };
}

function scanOrNothing(pids: readonly number[]): readonly ScannedDescriptor[] {
  try {
    return scanDescriptors(pids).descriptors;
  } catch {
    return [];
  }
}

/** Numbers are handed out upwards: what leaked is at the end. */
function newest<Entry>(entries: readonly Entry[]): readonly Entry[] {
  return entries.slice(-entriesMax);
}

function describeDescriptor({ pid, descriptor, kind, link, socket }: ScannedDescriptor): OpenDescriptor {
  if (socket === undefined) return { pid, descriptor, kind, description: link };
  const peer = socket.peer === undefined ? '' : ` -> ${socket.peer}`;
  const state = socket.state === undefined ? '' : ` (${socket.state})`;
  return { pid, descriptor, kind, description: `${socket.local}${peer}${state}` };
}

function describeProcess(stat: ProcessStat): DescendantProcess {
  const line = readProcFile(`/proc/${stat.pid}/cmdline`)?.toString().replace(/\0+$/, '').replaceAll('\0', ' ');
  return {
    pid: stat.pid,
    parentPid: stat.parentPid,
    command: line === undefined || line === '' ? stat.name : line.slice(0, 500),
    zombie: hasEnded(stat),
  };
}

function countThreads(pids: readonly number[]): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const pid of pids) {
    for (const thread of listThreads(pid)) {
      const name = readProcFile(`/proc/${pid}/task/${thread}/comm`)?.toString().trim();
      if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return [...counts].map(([name, count]) => ({ name, count }));
}

function listThreads(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}
