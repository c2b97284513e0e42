import { readProcFile } from '../../platform/process-stat.js';

/**
 * Own private pages (`uss`), and with them the process' share of those that it shares (`pss`), in bytes.
 * @returns undefined where the system refuses
 */
export function readMemoryMap(pid: number): { pssBytes: number; ussBytes: number } | undefined {
  const text = readProcFile(`/proc/${pid}/smaps_rollup`)?.toString('latin1');
  if (text === undefined || text === '') return undefined;
  const bytesOf = (name: string): number =>
    Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN) * 1024;
  return { pssBytes: bytesOf('Pss'), ussBytes: bytesOf('Private_Clean') + bytesOf('Private_Dirty') };
}
