import { readdirSync } from 'node:fs';
import { readProcessStat, readProcFile } from '../../platform/process-stat.js';
import { processUnits } from '../../platform/process-units.js';

/** CPU time that some processes had used at one moment. */
export interface CpuReading {
  readonly atMs: number;
  /** By `<pid>/<thread>`; empty where the kernel does not count them. */
  readonly threadNanoseconds: ReadonlyMap<string, number>;
  /** Of all threads that ever were: to 10 ms, but nothing is lost. */
  readonly ticks: number;
}

const nanosecondsPerSecond = 1e9;
/** User and system ticks are rounded down each, before and after. */
const ticksOfDoubt = 2;

/**
 * Reads `schedstat` of every thread, which counts nanoseconds where `stat` counts ticks of 10 ms: an idle target that
 * uses 1 % of a core shows within a second.
 * @param options.endedChildren ticks of children that were waited for count as well
 */
export function readCpu(
  pids: readonly number[],
  atMs: number,
  options: { readonly endedChildren: boolean } = { endedChildren: false },
): CpuReading {
  const threadNanoseconds = new Map<string, number>();
  let ticks = 0;
  for (const pid of pids) {
    const stat = readProcessStat(pid);
    if (stat === undefined) continue;
    ticks += stat.userTicks + stat.systemTicks + (options.endedChildren ? stat.childrenTicks : 0);
    for (const thread of listThreads(pid)) {
      const text = readProcFile(`/proc/${pid}/task/${thread}/schedstat`)?.toString('latin1');
      const nanoseconds = Number.parseInt(text ?? '', 10);
      if (nanoseconds > 0) threadNanoseconds.set(`${pid}/${thread}`, nanoseconds);
    }
  }
  return { atMs, threadNanoseconds, ticks };
}

function listThreads(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Cores used between two readings; threads that ended meanwhile are made up for from the ticks. */
export function coresBetween(before: CpuReading, after: CpuReading): number {
  const elapsedSeconds = (after.atMs - before.atMs) / 1000;
  const { ticksPerSecond } = processUnits();
  const ticks = Math.max(0, after.ticks - before.ticks);
  if (after.threadNanoseconds.size === 0) return ticks / ticksPerSecond / elapsedSeconds;
  let nanoseconds = 0;
  for (const [thread, used] of after.threadNanoseconds) {
    const usedBefore = before.threadNanoseconds.get(thread) ?? 0;
    nanoseconds += used >= usedBefore ? used - usedBefore : used;
  }
  const seconds = nanoseconds / nanosecondsPerSecond;
  const lostThread = [...before.threadNanoseconds.keys()].some((thread) => !after.threadNanoseconds.has(thread));
  const atLeastSeconds = lostThread ? (ticks - ticksOfDoubt) / ticksPerSecond : 0;
  return Math.max(seconds, atLeastSeconds) / elapsedSeconds;
}
