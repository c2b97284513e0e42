import type { CodeLocation, RunRecord, Suspect } from '../../harness/model/run-record.js';

/** A call stack and what the run left of what it allocated. */
export interface KeptStack {
  /** Outermost first, never empty. */
  readonly frames: readonly CodeLocation[];
  /** Growth a cycle by the cycles of the run, whole bytes. */
  readonly bytes: number;
}

/**
 * The suspects of a run as the call stacks of a profile. Where none is known in bytes, each of those that are counted has its
 * share of what the heap grew by: entries of a leaking collection hold it.
 */
export function keptStacks({ suspects, findings, counts }: RunRecord): KeptStack[] {
  const inBytes = suspects.filter(isInBytes);
  const heap = findings.find(({ metric, verdict }) => metric === 'heapUsed' && verdict === 'leak');
  const heapBytesPerCycle = heap?.slope.unit === 'B/cycle' ? heap.slope.estimate : 0;
  const bytesPerCycleOf = (suspect: Suspect) =>
    isInBytes(suspect) ? suspect.perCycle.estimate : suspect.share * heapBytesPerCycle;
  return (inBytes.length > 0 ? inBytes : suspects).flatMap((suspect) => {
    const frames = framesOf(suspect);
    const bytes = Math.round(bytesPerCycleOf(suspect) * counts.cycles);
    return bytes > 0 && frames.length > 0 ? [{ frames, bytes }] : [];
  });
}

function isInBytes({ perCycle }: Suspect): boolean {
  return perCycle.unit === 'B/cycle';
}

function framesOf({ stack = [], location }: Suspect): CodeLocation[] {
  if (stack.length > 0) return [...stack].reverse();
  return location === undefined ? [] : [location];
}
