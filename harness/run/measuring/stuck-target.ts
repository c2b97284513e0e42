import { dirname } from 'node:path';
import { judge } from '../../analyse/judge.js';
import { runFiles } from '../../store/run-layout.js';
import { busyCause } from '../cause/busy-cause.js';
import { keepCause } from '../cause/keep-cause.js';
import { stallCause } from '../cause/stall-cause.js';
import { type PassParts, showProgress } from './pass-parts.js';

/** Looks for the functions that keep a spinning target busy. It still spins, so no second target is needed. */
export async function nameBusy(parts: PassParts): Promise<void> {
  const { source, session, manifest, recorder, measurement, store } = parts;
  const { verdict, findings } = judge(recorder.soFar());
  if (verdict !== 'spinning' || !wantsCause(parts)) return;
  showAttributing(parts);
  const { round } = recorder;
  const cycles = Math.ceil(measurement.sizer.meanCycles);
  const plan = { session, manifest, findings, round, cycles, workingDirectory: source.directory };
  await keepCause(store, () => busyCause(plan));
}

/** Looks for what a hanging target waits for, while it still hangs. */
export async function nameStall(parts: PassParts, isBlocked: boolean): Promise<void> {
  const { source, session, measurement, store, signal } = parts;
  const { agent } = session.target;
  if (agent === undefined || signal.aborted || !wantsCause(parts)) return;
  showAttributing(parts);
  const { heapUsed: heapUsedBytes = 0 } = measurement.lastFloor;
  const directory = dirname(store.pathFor(runFiles.attribution));
  const plan = { agent, isBlocked, heapUsedBytes, directory, workingDirectory: source.directory };
  await keepCause(store, () => stallCause(plan));
}

function wantsCause({ manifest }: PassParts): boolean {
  const { attribution, interpreterOnly } = manifest.parameters;
  return attribution !== 'off' && !interpreterOnly;
}

function showAttributing(parts: PassParts): void {
  parts.live.stage = 'attributing';
  showProgress(parts);
}
