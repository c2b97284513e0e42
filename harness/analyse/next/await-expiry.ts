import { msPerMinute } from '../../model/units.js';
import { judge } from '../judge.js';
import { driveCycles, type ObservedTarget, type Plan } from './experiment.js';
import { reloadCycles, reloadRounds } from './rest-check.js';
import { restFor, restMargin, restMsMax } from './resting.js';

/** The first may still make room: a map in Go of 70,000 entries, emptied and filled again, had grown by 19 KB. */
const reloadsMax = 2;

/**
 * Lets the target rest until the time is over that the entries of what grows name, where that is soon; a minute where they only
 * say that there is one. The rest before held entries, and this one the room that tables made for them: as many cycles again
 * show whether what is left grows.
 */
export function* awaitExpiry(target: ObservedTarget): Plan {
  const { verdict, findings } = judge(target.run);
  const times = findings.flatMap(({ expiring }) => (expiring === undefined ? [] : [expiring.inMs ?? msPerMinute]));
  if (verdict !== 'inconclusive' || times.length === 0) return;
  const keptMs = Math.max(...times);
  if (keptMs > restMsMax) return;
  const waitMs = keptMs * restMargin + (target.timers?.sweepsMs ?? 0);
  yield* restFor(target, waitMs);
  // Always as many: tables keep room for the most that was ever held at once.
  const cycles = reloadCycles(target);
  for (let reload = 0; reload < reloadsMax; reload += 1) {
    const seen = judge(target.run);
    if (seen.verdict !== 'inconclusive' || seen.findings.some(({ expiring }) => expiring !== undefined)) return;
    yield* driveCycles(target, cycles, { rounds: reloadRounds });
    yield* restFor(target, waitMs);
  }
}
