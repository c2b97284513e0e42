import type { CodeLocation, RunRecord, Suspect } from '../../harness/model/run-record.js';

/** A call stack and what the run left of what it allocated. */
export interface KeptStack {
  /** Outermost first, never empty. */
  readonly frames: readonly CodeLocation[];
  /** Growth a cycle by the cycles of the run, whole bytes. */
  readonly bytes: number;
}

/** The suspects of a run whose growth is memory, as the call stacks of a profile. */
export function keptStacks({ suspects, counts }: RunRecord): KeptStack[] {
  return suspects.flatMap((suspect) => {
    const frames = framesOf(suspect);
    const bytes = Math.round(suspect.perCycle.estimate * counts.cycles);
    return suspect.perCycle.unit === 'B/cycle' && bytes > 0 && frames.length > 0 ? [{ frames, bytes }] : [];
  });
}

function framesOf({ stack = [], location }: Suspect): CodeLocation[] {
  if (stack.length > 0) return [...stack].reverse();
  return location === undefined ? [] : [location];
}
