import type { Decision } from './decision.js';
import { levelAtRest, type RestSpan } from './rest-spans.js';
import type { Rest } from './rests.js';

/** A leak goes on at this part of its pace at least. */
const leastPace = 0.75;

/**
 * What fills with ever-new entries looks like a leak until it is full. Where cycles are cheap, many more than before are
 * driven between two rests once a leak was seen, and it must have gone on in them.
 */
export function afterManyCycles(leak: Decision, rests: readonly Rest[], spans: readonly RestSpan[]): Decision {
  const last = spans.at(-1);
  if (last === undefined || last.slope.high >= leastPace * leak.slope.estimate) return leak;
  const judged = { ...leak, slope: last.slope, detectionFloor: last.passes + last.noise };
  if (last.slope.high <= last.passes) {
    const fill = fillOf(leak, rests);
    return { ...judged, state: 'plateau', shape: 'saturating', budget: last.passes, fill };
  }
  if (spans.length > 1 && spans.slice(-2).every(({ condemned }) => condemned)) return judged;
  return { ...leak, state: 'undecided', doubt: 'filling', cyclesToDecide: last.untilCycles + 2 * last.cycles };
}

/** The level it came to, and when it came there at the pace it had. */
function fillOf({ slope }: Decision, rests: readonly Rest[]): NonNullable<Decision['fill']> {
  const [first, last] = [rests[0]!, rests.at(-1)!];
  const level = levelAtRest(last);
  const grown = Math.max(0, level - levelAtRest(first));
  return { level, atCycles: Math.min(last.cycles, Math.round(first.cycles + grown / slope.estimate)) };
}
