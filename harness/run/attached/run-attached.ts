import type { RunOptions } from '../../model/run-options.js';
import type { RunRecord } from '../../model/run-record.js';
import { systemClock } from '../../platform/clock.js';
import { loadRun } from '../../store/load-run.js';
import { writeRunRecord } from '../../store/run-store.js';
import { analyse } from '../analyse-run.js';
import { createManifest } from '../create-manifest.js';
import { measure } from '../measuring/measuring-pass.js';
import type { AttachedFunction } from '../measuring/session-source.js';
import { TimeLimit } from '../measuring/time-limit.js';
import { openRunStore } from '../open-run-store.js';
import { totalLimitMs } from '../run-parameters.js';
import { conclude, nameSuspects, recordFault, warnOfCutCause } from '../run-scenario.js';
import { CallSizer } from './call-sizer.js';

export interface AttachedRun {
  readonly record: RunRecord;
  /** Absolute; removed by whoever does not want to keep the run. */
  readonly directory: string;
}

/**
 * Soaks a function of a process that runs already, and judges it as any other target. There is no fresh target to look
 * for a cause in: where something leaks, the hooks for that are installed in the same process, and taken away again.
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION`, and when the disk refuses
 */
export async function runAttached(source: AttachedFunction, options: RunOptions): Promise<AttachedRun> {
  const manifest = createManifest(source, options);
  const store = openRunStore(source, manifest, options);
  const limit = new TimeLimit(systemClock, totalLimitMs(options));
  const plan = { source, manifest, store, options };
  try {
    const load = await measure({ ...plan, limit, sizer: new CallSizer(), isBrief: true });
    const signal = AbortSignal.any([limit.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    await nameSuspects({ ...plan, options: { ...options, signal }, load });
    if (signal.aborted) await warnOfCutCause(store, manifest, options.signal);
    conclude(store, options.signal);
  } catch (error) {
    recordFault(store, error, options.signal);
  } finally {
    limit.end();
    await store.close();
  }
  const record = analyse(await loadRun(store.directory));
  writeRunRecord(store.directory, record);
  return { record, directory: store.directory };
}
