import type { CodeLocation, RunRecord, Suspect } from '../../harness/model/run-record.js';

/** A call stack and what the run left of what it allocated. */
export interface KeptStack {
  /** Outermost first, never empty. */
  readonly frames: readonly CodeLocation[];
  /** Of what the run left, whole bytes. */
  readonly bytes: number;
}

/**
 * The suspects of a run as the call stacks of a profile: each has its share of what its metric grew by. Where no metric of
 * a suspect is bytes, the heap stands for it: entries of a leaking collection hold it.
 */
export function keptStacks({ suspects, findings }: RunRecord): KeptStack[] {
  const grownBytes = (metric: string | undefined) => {
    const grown = findings.find((finding) => finding.metric === metric && finding.verdict === 'leak');
    return grown?.unit === 'B' ? grown.last - grown.first : 0;
  };
  const inBytes = suspects.filter(isInBytes);
  return (inBytes.length > 0 ? inBytes : suspects).flatMap((suspect) => {
    const frames = framesOf(suspect);
    const bytes = Math.round(suspect.share * grownBytes(isInBytes(suspect) ? suspect.metric : 'heapUsed'));
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
