import { msPerMinute } from '../../model/units.js';
import { judge } from '../judge.js';
import { driveCycles, type ObservedTarget, type Plan } from './experiment.js';
import { reloadCycles, reloadRounds } from './rest-check.js';
import { restFor, restMargin, restMsMax } from './resting.js';

/** Loads after the wait. The first may make room: a map in Go of 70,000 entries, emptied and filled again, had grown by 19 KB. */
const reloadsMax = 2;

/**
 * Lets the target rest until the time is over for which entries of what grows are kept, where that is soon. The rest before held
 * entries, and this one the room that tables made for them: as many cycles again show whether what is left grows.
 * @returns false where the time of the run ended before
 */
export function* awaitExpiry(target: ObservedTarget): Plan<boolean> {
  const keptMs = keptMsOf(target);
  if (keptMs === undefined || keptMs > restMsMax) return true;
  const waitMs = keptMs * restMargin + (target.timers?.sweepsMs ?? 0);
  let isWhole = yield* restFor(target, waitMs);
  // Always as many: tables keep room for the most that was ever held at once.
  const cycles = reloadCycles(target);
  for (let reload = 0; isWhole && reload < reloadsMax && mayBeLevel(target, reload); reload += 1) {
    yield* driveCycles(target, cycles, { rounds: reloadRounds });
    isWhole = yield* restFor(target, waitMs);
  }
  return isWhole;
}

/**
 * How long the entries of what grows are kept, as they name it: a minute where they only say that there is a time, or where a
 * runtime that shows no timers did not show who holds what grows.
 */
function keptMsOf({ run }: ObservedTarget): number | undefined {
  const { verdict, findings } = judge(run);
  const times = findings.flatMap(({ expiring }) => (expiring === undefined ? [] : [expiring.inMs ?? msPerMinute]));
  if (verdict === 'inconclusive') return times.length === 0 ? undefined : Math.max(...times);
  const isUnexplained = run.manifest.visibility !== 'node' && run.attribution?.suspects.length === 0;
  return verdict === 'leak' && isUnexplained ? msPerMinute : undefined;
}

/**
 * Whether a further load can show a level: what went leaves that open, and so does what stayed outside of Node. A map in Go keeps
 * the room of its entries, keys and values in it: that it is free shows only once it is filled again.
 */
function mayBeLevel({ run }: ObservedTarget, reload: number): boolean {
  const { verdict, findings } = judge(run);
  if (verdict === 'plateau') return false;
  if (verdict === 'inconclusive' && findings.every(({ expiring }) => expiring === undefined)) return true;
  return reload === 0 && run.manifest.visibility !== 'node';
}
