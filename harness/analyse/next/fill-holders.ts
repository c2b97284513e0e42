import type { Finding } from '../../model/run-record.js';
import { bytesPerMebibyte } from '../../model/units.js';
import { cyclesBeyondMin } from '../decide/cause-rules.js';
import { judge } from '../judge.js';
import { lastReadings } from '../series/rest-spans.js';
import { driveCycles, type ObservedTarget, type Plan } from './experiment.js';
import { reloadRounds } from './rest-check.js';
import { countAtRest } from './resting.js';

/** Cycles from when it should be full, as a part of those that fill it: a rate of entries is known to some percent. */
const beyondShare = 0.1;
/** A Map that is full and loses its oldest entries doubles its table once more; a leak grows in each stretch. */
const stretchesMax = 3;
/** What it may take to be full: a fifth of what V8 gives a heap by default. */
const bytesMax = 256 * bytesPerMebibyte;

/**
 * Fills a collection that has room left in what its code allows, and sees whether it then stays.
 * @param leftMs how long may be driven
 * @returns false where the time of the run ended before
 */
export function* fillHolders(target: ObservedTarget, leftMs: number): Plan<boolean> {
  const cycles = cyclesToFill(judge(target.run).findings, target.cycles);
  if (cycles === undefined) return true;
  const beyond = Math.max(cyclesBeyondMin, beyondShare * cycles);
  const neededMs = ((cycles + 2 * beyond) / target.cyclesPerSecond) * 1_000;
  if (neededMs > leftMs) return true;
  yield* readAtRest(target);
  yield* driveCycles(target, cycles + beyond, { rounds: reloadRounds });
  yield* readAtRest(target);
  for (let stretch = 0; stretch < stretchesMax && !target.isOver; stretch += 1) {
    yield* driveCycles(target, beyond, { rounds: reloadRounds });
    yield* readAtRest(target);
    const leaks = judge(target.run).findings.filter(({ verdict }) => verdict === 'leak');
    // Tables are seen in bytes only.
    if (leaks.length === 0 || leaks.some(({ unit }) => unit !== 'B')) break;
  }
  return !target.isOver;
}

/** @returns undefined where nothing has room, where something else leaks too, or where it would take much memory */
export function cyclesToFill(findings: readonly Finding[], drivenCycles: number): number | undefined {
  if (findings.some(({ verdict }) => verdict === 'leak')) return undefined;
  const filling = findings.filter(({ rule }) => rule?.name === 'holder-has-room');
  const cycles = filling.map(({ rule }) => rule!.numbers.entriesMax! / rule!.numbers.entriesPerCycle! - drivenCycles);
  if (cycles.length === 0) return undefined;
  const most = Math.max(...cycles);
  const bytesPerCycle = filling.filter(({ unit }) => unit === 'B').reduce((sum, { slope }) => sum + slope.estimate, 0);
  return most * bytesPerCycle > bytesMax ? undefined : Math.max(0, Math.ceil(most));
}

function* readAtRest(target: ObservedTarget): Plan {
  for (let reading = 0; reading < lastReadings && !target.isOver; reading += 1)
    yield { do: 'rest', forMs: 0, leftMs: 0 };
  yield* countAtRest(target);
}
