import type { HoldOutcome } from '../../model/agent-protocol.js';
import type { RunParameters } from '../../model/run-log.js';
import type { Recorder } from './recorder.js';
import type { Measurement } from './rounds.js';
import type { Session } from './session.js';

/** The first time pools, tables and code come into being; it is not judged. */
const repeats = 10;
const firstObjects = 8;
/** Creating them all may take this long, at the speed of the first few. */
const createMs = 250;
const objectsMax = 1_000;
/** Descriptors, threads and processes are dearer than bytes. */
const mostOf: Readonly<Record<string, number>> = { fds: 200, threads: 20, children: 20 };
const bytesMax = 256 * 1024 * 1024;

export interface HoldParts {
  readonly session: Session;
  readonly recorder: Recorder;
  readonly measurement: Measurement;
  readonly parameters: RunParameters;
  readonly signal: AbortSignal;
}

/**
 * Objects of each operation are created and kept, a floor is read, they are destroyed, a floor is read: a few times over.
 * It comes last, so that nothing that is judged is disturbed.
 */
export async function holdObjects(parts: HoldParts): Promise<void> {
  const { session, recorder, parameters, signal } = parts;
  if (parameters.footprint === undefined) return;
  if (!session.driver.canHold) {
    recorder.event({
      event: 'warning',
      message:
        '--footprint: the module exports `iterate` alone, so there is nothing to hold; export create and destroy',
    });
    return;
  }
  for (const operation of session.driver.operations) {
    const objects = parameters.footprint === 'auto' ? await affordable(parts, operation) : parameters.footprint;
    for (let repeat = 0; repeat < repeats && !signal.aborted; repeat += 1) {
      const held = await holdOnce(parts, operation, objects);
      if (held.live * 2 >= objects) continue;
      recorder.event({
        event: 'warning',
        message: `--footprint: ${held.failed} of ${objects} creates of ${operation} failed, so it was not held again; try --footprint ${Math.max(1, held.live)}`,
      });
      break;
    }
  }
}

async function holdOnce(parts: HoldParts, operation: string, objects: number): Promise<HoldOutcome> {
  const { session, recorder, measurement, parameters } = parts;
  const { concurrency } = parameters;
  await measurement.heldFloor({ [`held.${operation}`]: 0 }, false);
  const held = await session.driver.hold({ operation, objects, concurrency });
  recorder.addHeld(operation, { created: held.live, destroyed: 0, failed: held.failed });
  await measurement.heldFloor({ [`held.${operation}`]: held.live }, true);
  const released = await session.driver.release({ concurrency });
  recorder.addHeld(operation, { created: 0, destroyed: held.live - released.failed, failed: released.failed });
  await measurement.heldFloor({ [`held.${operation}`]: 0 }, false);
  return held;
}

/** As many as distinguish bytes from noise, and no more than the target has room for, by what the first few took. */
async function affordable(parts: HoldParts, operation: string): Promise<number> {
  const { session, measurement, recorder, parameters } = parts;
  const { concurrency } = parameters;
  const before = await measurement.floorReader.read();
  const held = await session.driver.hold({ operation, objects: firstObjects, concurrency });
  const during = await measurement.floorReader.readHolding();
  const released = await session.driver.release({ concurrency });
  recorder.addHeld(operation, {
    created: held.live,
    destroyed: held.live - released.failed,
    failed: held.failed + released.failed,
  });
  const live = Math.max(1, held.live);
  const each = (metric: string) => ((during[metric] ?? 0) - (before[metric] ?? 0)) / live;
  const limits = [
    objectsMax,
    (createMs / Math.max(held.durationMs, 0.01)) * live,
    bytesMax / Math.max(1, each('rss'), each('heapUsed')),
    ...Object.entries(mostOf).map(([metric, most]) =>
      each(metric) >= 0.5 ? most / Math.ceil(each(metric)) : objectsMax,
    ),
  ];
  return Math.max(firstObjects, Math.floor(Math.min(...limits)));
}
