import { judge } from '../../analyse/judge.js';
import type { Clock } from '../../platform/clock.js';
import type { ObjectCounter } from './object-counter.js';
import type { Recorder } from './recorder.js';
import type { Measurement } from './rounds.js';

/** A time that entries name is waited for where it is no longer: a rest lasts at most as long. */
const waitMsMax = 60_000;
/** The snapshot that shows how long entries are still kept was taken a moment after the latest of them came. */
const marginShare = 0.1;
const marginMs = 1_000;
const pollMs = 1_000;

export interface ExpiryParts {
  readonly measurement: Pick<Measurement, 'floor' | 'countAtRest'>;
  readonly recorder: Pick<Recorder, 'soFar'>;
  readonly counter: ObjectCounter | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Notified of the time that is left, and with `undefined` at the end. */
  readonly onRest: (leftMs: number | undefined) => void;
}

/** Lets the target rest until the time is over that the entries of what grows name, where that is soon. */
export async function awaitExpiry(parts: ExpiryParts): Promise<void> {
  const { measurement, recorder, counter, clock, signal, onRest } = parts;
  const { verdict, findings } = judge(recorder.soFar());
  const times = findings.flatMap(({ expiring }) => (expiring === undefined ? [] : [expiring.inMs]));
  const known = times.filter((time) => time !== undefined);
  if (verdict !== 'inconclusive' || known.length === 0 || known.length < times.length) return;
  const keptMs = Math.max(...known);
  if (keptMs > waitMsMax) return;
  const untilMs = clock.monotonicMs() + keptMs * (1 + marginShare) + marginMs;
  while (!signal.aborted) {
    const leftMs = untilMs - clock.monotonicMs();
    if (leftMs <= 0) break;
    onRest(leftMs);
    await clock.wait(Math.min(pollMs, leftMs), signal);
    await measurement.floor('rest');
  }
  onRest(undefined);
  if (counter !== undefined && !signal.aborted) await measurement.countAtRest(() => counter.count());
}
