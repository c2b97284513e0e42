import type { RawFrame } from '../../model/attribution-protocol.js';
import type { Suspect } from '../../model/run-record.js';
import { ownerOf } from '../evidence/frames.js';
import { ownScripts } from '../evidence/own-scripts.js';
import { isOwn } from '../source/own-caller.js';
import type { SourceLocator } from '../source/source-locator.js';
import { roundedShare } from '../suspects.js';
import type { BlockedReading } from './blocked-stacks.js';

/** Names the function that an event loop is blocked in: the one of the target that most looks found innermost. */
export function blockedSuspects({ stacks }: BlockedReading, locator: SourceLocator): Suspect[] {
  const seen = new Map<string, (readonly RawFrame[])[]>();
  for (const stack of stacks) {
    const frames = stack.filter(isOfTarget);
    if (frames[0] === undefined) continue;
    const key = `${frames[0][0]}\n${frames[0][3]}`;
    seen.set(key, [...(seen.get(key) ?? []), frames]);
  }
  const [most] = [...seen.values()].sort((one, other) => other.length - one.length);
  const located = most?.[0]?.flatMap((frame) => locator.locate(frame) ?? []) ?? [];
  const [location] = located;
  if (most === undefined || location === undefined) return [];
  const calledFrom = located.slice(1).find(isOwn);
  return [
    {
      kind: 'cpu',
      description: `The event loop is blocked at ${locator.placeWords(location)}, which does not return`,
      location,
      ...(located.length > 1 && { stack: located }),
      ...(calledFrom !== undefined && { calledFrom }),
      perCycle: { estimate: 1, low: 1, high: 1, unit: 'cores' },
      share: roundedShare(most.length / stacks.length),
    },
  ];
}

function isOfTarget(frame: RawFrame): boolean {
  return ownerOf(frame) === 'target' && !ownScripts.some((prefix) => frame[0].startsWith(prefix));
}
