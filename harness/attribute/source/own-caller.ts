import type { CodeLocation } from '../../model/run-record.js';

interface Placed {
  readonly location?: CodeLocation;
  /** Innermost first. */
  readonly stack?: readonly CodeLocation[];
}

/** Whether a place is in what the target's authors wrote, not in a package. */
export function isOwn({ package: name }: CodeLocation): boolean {
  return name === undefined;
}

/** What had a package do it: the nearest place in the target's own code. Undefined where the line itself is own code. */
export function ownCaller({ location, stack = [] }: Placed): CodeLocation | undefined {
  return location === undefined || isOwn(location) ? undefined : stack.find(isOwn);
}
