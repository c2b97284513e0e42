import type { LocatedTimer, NamedCollection } from '../../model/pending-timer.js';
import type { RunEvent, StoredRun } from '../../model/run-log.js';
import { countAllowance } from './floors.js';
import { longestRestMs } from './rests.js';

/** A timer that has not fired since, and whose code names a collection that grows as cycles are driven. */
export interface PendingRelease {
  readonly place: string;
  readonly location: LocatedTimer['location'];
  readonly everyMs?: number;
  /** Until it may take something away, at most as far as its code and the entries show it, ms. */
  readonly dueMs: number;
  readonly collection: string;
  readonly entries: number;
}

type Reading = Extract<RunEvent, { event: 'timers' }>;

/** Entries a cycle, where there is one reading alone. */
const entriesPerCycleMin = 0.01;

/**
 * Until the timers that cycles arm begin to fire, ms, as far as they do within a time.
 * @returns 0 where there are none, or none were read
 */
export function armedDueMs({ events }: StoredRun, maxMs: number): number {
  const last = events.findLast((event): event is Reading => event.event === 'timers');
  const due = last?.timers.filter(
    ({ count, everyMs, dueMs }) => everyMs === undefined && dueMs < maxMs && count >= entriesMinAfter(last.cycles),
  );
  return Math.max(0, ...(due ?? []).map(({ dueMs }) => dueMs));
}

/** Fewer do not come with the cycles. */
function entriesMinAfter(cycles: number): number {
  return Math.max(countAllowance, entriesPerCycleMin * cycles);
}

/**
 * The timer that would take away most of what grew, among those that were not seen to fire.
 * @returns undefined where there is none
 */
export function pendingReleaseOf({ events, samples }: StoredRun, rowCount: number): PendingRelease | undefined {
  const readings = events.filter((event): event is Reading => event.event === 'timers');
  const last = readings.at(-1);
  if (last === undefined) return undefined;
  const before = readings.findLast(({ cycles }) => cycles < last.cycles);
  const seenMs = longestRestMs(samples, rowCount);
  const candidates = last.timers.flatMap((timer) => releasesOf(timer, before, last.cycles, seenMs));
  return candidates.sort((left, right) => right.entries - left.entries)[0];
}

function releasesOf(
  timer: LocatedTimer,
  before: Reading | undefined,
  cycles: number,
  seenMs: number,
): readonly PendingRelease[] {
  const { place, location, everyMs } = timer;
  return timer.collections.flatMap((collection) => {
    if (!grows(collection, place, before, cycles)) return [];
    // A sweeper comes by after an entry's time is over.
    const keptMs = Math.max(timer.keepsMs ?? 0, collection.expiresInMs ?? 0);
    const dueMs = Math.max(timer.dueMs, keptMs === 0 ? 0 : keptMs + (everyMs ?? 0));
    if (dueMs <= seenMs) return [];
    const { name, entries } = collection;
    return [{ place, location, ...(everyMs !== undefined && { everyMs }), dueMs, collection: name, entries }];
  });
}

function grows(
  { name, entries }: NamedCollection,
  place: string,
  before: Reading | undefined,
  cycles: number,
): boolean {
  const earlier = before?.timers
    .find((timer) => timer.place === place)
    ?.collections.find((collection) => collection.name === name);
  if (earlier === undefined) return entries >= entriesMinAfter(cycles);
  return entries - earlier.entries >= countAllowance;
}
