import { join, resolve } from 'node:path';
import type { EntryRequest } from '../../model/night-process.js';
import type { RunListener } from '../../model/run-options.js';
import type { RunRecord } from '../../model/run-record.js';
import { readRunRecord } from '../../store/load-run.js';
import { runsDirectory } from '../../store/run-layout.js';
import { type EntryAttempt, type EntryPlace, thisMachine } from './entry-place.js';
import type { NightState } from './night-state.js';
import { isRecord, openAttempts } from './night-state.js';
import type { OpenNight } from './open-night.js';
import { type Allotment, nextAllotment } from './plan-night.js';

export interface EntryRunner {
  /** Absolute path of the configuration. */
  readonly configuration: string;
  readonly outDirectory: string;
  /** The module that runs an entry in a process of its own. */
  readonly worker: string;
  /** @defaultValue processes of this machine */
  readonly place?: EntryPlace;
  readonly command: string;
  /** Kept with each run. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly verbose: boolean;
  readonly signal: AbortSignal;
  readonly listener: NightListener;
}

/** Notified of a night while it goes on. */
export interface NightListener extends RunListener {
  onStart?(entry: string, attempt: number, durationMs: number): void;
  onFinish?(entry: string, verdict: string, reason: string): void;
  /** Of a run that counts. */
  onRecord?(record: RunRecord): void;
}

/** Runs what is left of a night, until all is decided, the time is over, or the signal is aborted. */
export async function runEntries(night: OpenNight, state: NightState, runner: EntryRunner): Promise<void> {
  const place = placeOf(night, runner);
  const running = new Map<string, Promise<void>>();
  while (!runner.signal.aborted) {
    const next =
      running.size < place.atOnce()
        ? nextAllotment(state.entryStates(), new Set(running.keys()), night.remainingMs)
        : undefined;
    if (next === undefined) {
      if (running.size === 0) return;
      await Promise.race(running.values());
      continue;
    }
    const attempt = runEntry(next, night, state, runner).finally(() => running.delete(next.name));
    running.set(next.name, attempt);
  }
  await Promise.all(running.values());
}

function placeOf({ plan }: OpenNight, { place, worker }: EntryRunner): EntryPlace {
  return place ?? thisMachine({ worker, nightId: plan.id, targetsAtOnce: plan.targetsAtOnce });
}

function runEntry(
  { name: entry, durationMs }: Allotment,
  night: OpenNight,
  state: NightState,
  runner: EntryRunner,
): Promise<void> {
  return runAttempt({ entry, attempt: state.start(entry, durationMs), durationMs }, night, state, runner);
}

/** Attempts that go on elsewhere although the half of the night that began them is dead are waited for, and count. */
export async function awaitAttempts(night: OpenNight, state: NightState, runner: EntryRunner): Promise<void> {
  const { place } = runner;
  if (place === undefined) return;
  const open = openAttempts(night);
  const known = await Promise.all(open.map((attempt) => place.isKnown(attempt)));
  await Promise.all(open.filter((_, index) => known[index]).map((each) => runAttempt(each, night, state, runner)));
}

async function runAttempt(
  attempt: EntryAttempt & { readonly durationMs: number },
  night: OpenNight,
  state: NightState,
  runner: EntryRunner,
): Promise<void> {
  const { signal, listener, outDirectory } = runner;
  const { entry, durationMs } = attempt;
  listener.onStart?.(entry, attempt.attempt, durationMs);
  const request: EntryRequest = {
    kind: 'run',
    source: { configuration: runner.configuration, entry },
    verbose: runner.verbose,
    options: {
      durationMs,
      outDirectory: resolve(outDirectory),
      command: runner.command,
      purpose: 'night',
      night: night.plan.id,
      ...(runner.tags !== undefined && { tags: runner.tags }),
    },
  };
  const remainingMs = () => night.remainingMs;
  const outcome = await placeOf(night, runner).run(request, attempt, { signal, listener, remainingMs });
  if (outcome.state === 'untaken') {
    listener.onWarning?.(`${entry}: no worker took it before the time of the night was over`);
    return state.giveUp(entry, attempt.attempt, undefined);
  }
  if (outcome.state === 'failed') {
    if (signal.aborted) return state.giveUp(entry, attempt.attempt, undefined);
    state.fail(attempt, outcome.exitCode, outcome.message);
  } else {
    const record = await readRunRecord(join(runsDirectory(outDirectory), outcome.run));
    if (signal.aborted && record?.verdict === 'interrupted') return state.giveUp(entry, attempt.attempt, outcome.run);
    if (record === undefined) state.fail(attempt, 4, `its run ${outcome.run} left no record`);
    else if (record.verdict === 'interrupted') state.fail(attempt, 4, 'somebody else interrupted it');
    else {
      state.finish(attempt, record);
      listener.onRecord?.(record);
    }
  }
  const last = state.of(entry).at(-1)!.outcome;
  if (isRecord(last)) listener.onFinish?.(entry, last.verdict, last.reason);
  else listener.onFinish?.(entry, 'failed', last.message);
}
