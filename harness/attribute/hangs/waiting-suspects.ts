import type { WaitingReading } from '../../model/attribution-protocol.js';
import type { CodeLocation, Suspect } from '../../model/run-record.js';
import { describeHolder, nothingHeld } from '../leads/holder-words.js';
import { inKnownWords } from '../leads/known-holders.js';
import type { RetainingPath } from '../snapshot/retaining-path.js';
import type { WaitingCalls } from '../snapshot/waiting-calls.js';
import { isOwn } from '../source/own-caller.js';
import type { SourceLocator } from '../source/source-locator.js';
import { roundedShare } from '../suspects.js';

const suspectsMax = 3;
/** Of the most numerous calls; fewer are what waits in any target: for work, for a timer. */
const partMin = 0.5;

/** Where few calls wait, only the latest of them is one that hangs. */
export function hangingCalls(calls: readonly WaitingCalls[]): readonly WaitingCalls[] {
  const most = calls[0]?.count ?? 0;
  return most <= 1 ? calls.slice(0, 1) : calls.filter(({ count }) => count >= partMin * most).slice(0, suspectsMax);
}

/** Names where calls wait, who called, and what would have to let them go on. An amount is a number of calls. */
export function waitingSuspects(
  calls: readonly WaitingCalls[],
  { places }: WaitingReading,
  locator: SourceLocator,
): Suspect[] {
  const waiting = calls.reduce((sum, { count }) => sum + count, 0);
  return calls.flatMap(({ count, functions, holder }): Suspect[] => {
    const stack = functions.flatMap(({ id, name }) => {
      const place = places[id];
      return place === undefined ? [] : (locator.locate([place[0], place[1], place[2], name]) ?? []);
    });
    const [location] = stack;
    if (location === undefined) return [];
    const calledFrom = stack.slice(1).find(isOwn);
    return [
      {
        kind: 'call',
        description: `${count === 1 ? 'A call waits' : `${count} calls wait`} at ${locator.placeWords(location)} and nothing lets ${count === 1 ? 'it' : 'them'} go on`,
        location,
        ...(stack.length > 1 && { stack }),
        ...(calledFrom !== undefined && { calledFrom }),
        ...(holder !== undefined && { holder: holderOf(holder, location, locator) }),
        perCycle: { estimate: count, low: count, high: count, unit: 'calls' },
        share: roundedShare(count / waiting),
      },
    ];
  });
}

function holderOf(path: RetainingPath, location: CodeLocation, locator: SourceLocator): Suspect['holder'] {
  const holder = { ...nothingHeld, path: inKnownWords(path), tableBytes: 0 };
  return describeHolder({ holder, group: undefined, rate: 0, location, locator });
}
