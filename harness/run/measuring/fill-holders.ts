import { judge } from '../../analyse/judge.js';
import type { Finding } from '../../model/run-record.js';
import type { ObjectCounter } from './object-counter.js';
import type { Recorder } from './recorder.js';
import { drive } from './rest-check.js';
import type { Measurement } from './rounds.js';

/** Rounds until it is full, and from then on: each has its floor. */
const roundsToFill = 6;
/** Cycles from when it should be full, as a part of those that fill it: a rate of entries is known to some percent. */
const beyondShare = 0.1;
/** Fewest of them: in these a leak of some bytes a cycle stands clear of the noise of a heap. */
const beyondCyclesMin = 2_000;
/** A Map that is full and loses its oldest entries doubles its table once more; a leak grows in each stretch. */
const stretchesMax = 3;
/** A rest is known by the lowest of its last three readings. */
const readingsOfRest = 3;
/** What it may take to be full: a fifth of what V8 gives a heap by default. */
const bytesMax = 256 * 1024 * 1024;

export interface FillParts {
  readonly measurement: Measurement;
  readonly recorder: Recorder;
  readonly counter: ObjectCounter | undefined;
  readonly signal: AbortSignal;
  /** How long may be driven. */
  readonly leftMs: number;
}

/** Fills a collection that has room left in what its code allows, and sees whether it then stays. */
export async function fillHolders(parts: FillParts): Promise<void> {
  const { measurement, recorder, leftMs, signal } = parts;
  const cycles = cyclesToFill(judge(recorder.soFar()).findings, recorder.cycles);
  if (cycles === undefined) return;
  const beyond = Math.max(beyondCyclesMin, beyondShare * cycles);
  const neededMs = ((cycles + 2 * beyond) / measurement.cyclesPerSecond) * 1_000;
  if (neededMs > leftMs) return;
  await rest(parts);
  await drive(parts, cycles + beyond, roundsToFill);
  await rest(parts);
  for (let stretch = 0; stretch < stretchesMax && !signal.aborted; stretch += 1) {
    await drive(parts, beyond, roundsToFill);
    await rest(parts);
    const leaks = judge(recorder.soFar()).findings.filter(({ verdict }) => verdict === 'leak');
    // Tables are seen in bytes only.
    if (leaks.length === 0 || leaks.some(({ unit }) => unit !== 'B')) return;
  }
}

/** @returns undefined where nothing has room, where something else leaks too, or where it would take much memory */
export function cyclesToFill(findings: readonly Finding[], drivenCycles: number): number | undefined {
  if (findings.some(({ verdict }) => verdict === 'leak')) return undefined;
  const filling = findings.filter(({ rule }) => rule?.name === 'holder-has-room');
  const cycles = filling.map(({ rule }) => rule!.numbers.entriesMax! / rule!.numbers.entriesPerCycle! - drivenCycles);
  if (cycles.length === 0) return undefined;
  const most = Math.max(...cycles);
  const bytesPerCycle = filling.filter(({ unit }) => unit === 'B').reduce((sum, { slope }) => sum + slope.estimate, 0);
  return most * bytesPerCycle > bytesMax ? undefined : Math.ceil(most);
}

async function rest({ measurement, counter, signal }: FillParts): Promise<void> {
  for (let reading = 0; reading < readingsOfRest && !signal.aborted; reading += 1) await measurement.floor('rest');
  if (counter !== undefined) await measurement.countAtRest(() => counter.count());
}
