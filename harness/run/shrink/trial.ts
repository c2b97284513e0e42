import { judgeByRate, type LeakRate, type RateVerdict } from '../../analyse/comparison/leak-rate.js';
import { judgeDelivery } from '../../analyse/findings/delivery.js';
import { PlateauError } from '../../model/errors.js';
import type { StoredRun } from '../../model/run-log.js';
import type { RunOptions } from '../../model/run-options.js';
import { loadRun } from '../../store/load-run.js';
import { writeRunRecord } from '../../store/run-store.js';
import { analyse } from '../analyse-run.js';
import { createManifest } from '../create-manifest.js';
import { driveUntilKnown } from '../measuring/looks.js';
import { MeasuringPass } from '../measuring/measuring-pass.js';
import { openRunStore } from '../open-run-store.js';
import type { DefinedScenario } from './loop.js';

export interface SoakQuestion {
  readonly source: DefinedScenario;
  readonly options: RunOptions;
}

export interface TrialQuestion extends SoakQuestion {
  readonly rate: LeakRate;
  /** Of a wrong answer. */
  readonly errorRate: number;
}

export interface TrialAnswer extends RateVerdict {
  readonly run: StoredRun;
}

/**
 * Soaks a part of a scenario until it is known whether it grows as fast as the whole, and no longer than that takes.
 * @throws {PlateauError} when the target does not start; the reason of the signal when it was aborted
 */
export async function tryLoop(question: TrialQuestion): Promise<TrialAnswer> {
  const { options, rate, errorRate } = question;
  let verdict: RateVerdict = { state: 'undecided' };
  const run = await soakLoop(question, async (pass) => {
    ({ verdict } = await driveUntilKnown(pass, {
      errorRate,
      signal: options.signal,
      metricOf: () => rate,
      judge: judgeByRate,
    }));
  });
  return { ...(isFounded(run) ? verdict : { state: 'undecided' }), run };
}

/**
 * Drives a part of a scenario, and keeps the run.
 * @throws {PlateauError} when the target does not start; the reason of the signal when it was aborted
 */
export async function soakLoop(
  { source, options }: SoakQuestion,
  drive: (pass: MeasuringPass) => Promise<void>,
): Promise<StoredRun> {
  const manifest = createManifest(source, { ...options, attribution: 'off' });
  const store = openRunStore(source, manifest, options);
  try {
    const pass = await MeasuringPass.open({ source, manifest, store, options });
    try {
      await drive(pass);
    } catch (error) {
      // What is left out may be what the rest needs: then no cycle succeeds.
      if (!(error instanceof PlateauError)) throw error;
    } finally {
      await pass.close();
    }
  } finally {
    await store.close();
  }
  options.signal?.throwIfAborted();
  const run = await loadRun(store.directory);
  writeRunRecord(store.directory, analyse(run));
  return run;
}

/** A load that did not land says nothing of growth. */
function isFounded(run: StoredRun): boolean {
  const hasEnded = run.events.some(({ event }) => event === 'crashed' || event === 'stalled');
  return !hasEnded && judgeDelivery(run).notLanded === undefined;
}
