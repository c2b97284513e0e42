import { judge } from '../judge.js';
import { driveCycles, type ObservedTarget, type Plan } from './experiment.js';
import { reloadCycles, reloadRounds } from './rest-check.js';
import { restFor, restMargin, restMsMax } from './resting.js';

/**
 * Lets the target rest until the time is over that the entries of what grows name, where that is soon. The rest before held
 * entries, and this one the room that tables made for them: as many cycles again show whether what is left grows.
 */
export function* awaitExpiry(target: ObservedTarget): Plan {
  const { verdict, findings } = judge(target.run);
  const times = findings.flatMap(({ expiring }) => (expiring === undefined ? [] : [expiring.inMs]));
  const known = times.filter((time) => time !== undefined);
  if (verdict !== 'inconclusive' || known.length === 0 || known.length < times.length) return;
  const keptMs = Math.max(...known);
  if (keptMs > restMsMax) return;
  const waitMs = keptMs * restMargin + (target.timers?.sweepsMs ?? 0);
  yield* restFor(target, waitMs);
  const seen = judge(target.run);
  if (seen.verdict !== 'inconclusive' || seen.findings.some(({ expiring }) => expiring !== undefined)) return;
  yield* driveCycles(target, reloadCycles(target), { rounds: reloadRounds });
  yield* restFor(target, waitMs);
}
