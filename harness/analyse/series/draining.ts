import { msPerHour } from '../../model/units.js';
import type { FloorSeries } from './floors.js';
import { levelAtRest } from './rest-spans.js';
import { longRestMs, type Rest } from './rests.js';

/** A backlog that is worked off while the target rests, and was not empty when the rest was over. */
export interface Drain {
  readonly restMs: number;
  /** What went at rest. */
  readonly bytesPerMs: number;
  /** Until all that grew is gone at that pace. */
  readonly emptyAfterMs: number;
}

/** What takes longer to go is none that anybody waits for: so much grows without a limit. */
const emptyAfterMsMax = msPerHour;
const quarters = 4;

/**
 * What went in each part of a long rest, to its end. Growth that stays does not: of 128 leaks at rest, the heap of none fell
 * by 32 KiB in the later half of a rest of 30 s.
 * @param noise what moves at rest for other reasons
 */
export function drainOf({ values }: FloorSeries, rest: Rest | undefined, noise: number): Drain | undefined {
  if (rest === undefined || rest.durationMs < longRestMs || rest.values.length < 2 * quarters) return undefined;
  const lastQuarter = rest.atMs.findIndex((atMs) => atMs >= rest.durationMs * (1 - 1 / quarters));
  const level = levelAtRest(rest);
  const fell = rest.values[0]! - level;
  const fellLast = Math.min(...rest.values.slice(0, lastQuarter)) - level;
  if (fell < noise || fellLast < noise / quarters) return undefined;
  const bytesPerMs = fell / rest.durationMs;
  const emptyAfterMs = (level - values[0]!) / bytesPerMs;
  return emptyAfterMs > emptyAfterMsMax ? undefined : { restMs: rest.durationMs, bytesPerMs, emptyAfterMs };
}
