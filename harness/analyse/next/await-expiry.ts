import { judge } from '../judge.js';
import { driveCycles, type ObservedTarget, type Plan } from './experiment.js';
import { reloadCycles, reloadRounds } from './rest-check.js';
import { countAtRest } from './resting.js';

/** A time that entries name is waited for where it is no longer: a rest lasts at most as long. */
const waitMsMax = 60_000;
/** The snapshot that shows how long entries are still kept was taken a moment after the latest of them came. */
const marginShare = 0.1;
const marginMs = 1_000;
const pollMs = 1_000;

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
  if (keptMs > waitMsMax) return;
  const waitMs = keptMs * (1 + marginShare) + marginMs + (target.timers?.sweepsMs ?? 0);
  yield* restFor(target, waitMs);
  const seen = judge(target.run);
  if (seen.verdict !== 'inconclusive' || seen.findings.some(({ expiring }) => expiring !== undefined)) return;
  yield* driveCycles(target, reloadCycles(target), { rounds: reloadRounds });
  yield* restFor(target, waitMs);
}

function* restFor(target: ObservedTarget, ms: number): Plan {
  const untilMs = target.elapsedMs + ms;
  while (!target.isOver && target.elapsedMs < untilMs) {
    const leftMs = untilMs - target.elapsedMs;
    const forMs = Math.min(pollMs, leftMs);
    yield { do: 'rest', forMs, leftMs: leftMs - forMs };
  }
  if (!target.isOver) yield* countAtRest(target);
}
