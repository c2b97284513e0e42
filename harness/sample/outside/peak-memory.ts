import { closeSync, openSync, writeSync } from 'node:fs';
import { readProcFile } from '../../platform/process-stat.js';

const bytesPerKibibyte = 1024;

/**
 * Begins to watch the most memory that some processes have at once: the kernel keeps the mark for each (`VmHWM` of
 * `/proc/PID/status`), and sets it back when 5 is written to `clear_refs` (proc(5)). Costs some 20 us a process.
 * @returns ends the watch and gives their sum in B, an upper bound where several processes are at their peaks at different
 * moments; undefined where the kernel does not let the mark be set back, or a process has ended
 */
export function watchPeakMemory(pids: readonly number[]): () => number | undefined {
  const isWatched = pids.length > 0 && pids.every(resetPeak);
  return () => {
    if (!isWatched) return undefined;
    const peaks = pids.map(readPeak);
    if (!peaks.every((peak) => peak !== undefined)) return undefined;
    const own = peaks.reduce((sum, { peakBytes, sharedBytes }) => sum + Math.max(0, peakBytes - sharedBytes), 0);
    // Pages that processes share count once, as those of the process that has most.
    return own + Math.max(...peaks.map(({ sharedBytes }) => sharedBytes));
  };
}

function resetPeak(pid: number): boolean {
  try {
    const file = openSync(`/proc/${pid}/clear_refs`, 'w');
    try {
      writeSync(file, '5');
    } finally {
      closeSync(file);
    }
    return true;
  } catch {
    return false;
  }
}

function readPeak(pid: number): { readonly peakBytes: number; readonly sharedBytes: number } | undefined {
  const status = readProcFile(`/proc/${pid}/status`)?.toString('latin1') ?? '';
  const bytesOf = (name: string) => {
    const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * bytesPerKibibyte;
  };
  const peakBytes = bytesOf('VmHWM');
  return peakBytes === undefined
    ? undefined
    : { peakBytes, sharedBytes: (bytesOf('RssFile') ?? 0) + (bytesOf('RssShmem') ?? 0) };
}
