import { appendFileSync, rmSync } from 'node:fs';
import { invalidOption, PlateauError } from '../model/errors.js';
import { isLeakingGrowth } from '../model/finding.js';
import type { Attribution, Manifest } from '../model/run-log.js';
import type { RunOptions } from '../model/run-options.js';
import type { RunRecord } from '../model/run-record.js';
import type { ScenarioDefinition } from '../model/scenario.js';
import { thrownMessage } from '../model/thrown.js';
import type { RunEnd } from '../model/verdict.js';
import { systemClock } from '../platform/clock.js';
import { isScenarioDefinition } from '../scenario/define-scenario.js';
import { type LoadedScenario, loadDefinition, loadScenario } from '../scenario/load-scenario.js';
import { withFaults } from '../scenario/with-faults.js';
import { loadRun } from '../store/load-run.js';
import { runFiles } from '../store/run-layout.js';
import { createPassStore, type RunStore, writeRunRecord } from '../store/run-store.js';
import { analyse } from './analyse-run.js';
import { runAttributionPass } from './cause/attribution-pass.js';
import { keepCause } from './cause/keep-cause.js';
import { createManifest } from './create-manifest.js';
import { measure } from './measuring/measuring-pass.js';
import type { FoundLeak, MeasuredLoad, MeasurePlan } from './measuring/pass-parts.js';
import type { SessionSource } from './measuring/session-source.js';
import { TimeLimit } from './measuring/time-limit.js';
import { openRunStore } from './open-run-store.js';
import { totalLimitMs } from './run-parameters.js';
import { warnOfStrayErrors } from './stray-errors.js';
import { sweepLeftovers } from './sweep-leftovers.js';

/** What can be run: a definition, a module's path, or one that was loaded already. */
export type ScenarioSource = ScenarioDefinition | LoadedScenario | string;

/**
 * Soaks a scenario's target and judges it. The run stays on disk in `options.outDirectory`, whatever happens.
 * @returns the run record, also when the target could not be started (`crashed`) or the run was ended early (`interrupted`)
 * @throws {PlateauError} for what the caller can correct: an unknown or invalid scenario, a bad option; and when the disk refuses
 */
export async function runScenario(source: ScenarioSource, options: RunOptions = {}): Promise<RunRecord> {
  const loaded = withOwnFaults(await resolveSource(source), options);
  await sweepLeftovers(options.listener);
  const manifest = createManifest(loaded, options);
  const store = openRunStore(loaded, manifest, options);
  warnOfUnknown(store, manifest, options.baseline);
  const limit = new TimeLimit(systemClock, totalLimitMs(options));
  try {
    const plan = { source: loaded, manifest, store, options, limit };
    let looking = Promise.resolve<Attribution | undefined>(undefined);
    const whileResting = ({ signal, ...found }: FoundLeak) => {
      // Where a second target does not start beside the first, the cause is looked for once that has ended.
      const pass = runAttributionPass({ ...plan, ...found, options: { ...options, signal }, beside: true });
      looking = pass.catch(() => undefined);
      return looking;
    };
    const besides = manifest.visibility !== 'none' && manifest.parameters.attribution !== 'off';
    // Of a target that dies while it rests, the search goes on: its own target must not outlive the run.
    const load = await measure({ ...plan, ...(besides && { whileResting }) }).finally(() => looking);
    const named = await looking;
    await measureInterpreter(plan);
    const signal = AbortSignal.any([limit.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    await nameSuspects({ ...plan, options: { ...options, signal }, load, ...(named && { named }) });
    if (signal.aborted) await warnOfCutCause(store, manifest, options.signal);
    conclude(store, options.signal);
  } catch (error) {
    if (error instanceof PlateauError && error.exitCode === 3) {
      // Nothing was driven: there is no run to keep.
      await store.close();
      rmSync(store.directory, { recursive: true, force: true });
      throw error;
    }
    recordFault(store, error, options.signal);
  } finally {
    limit.end();
    warnOfStrayErrors((message) => options.listener?.onWarning?.(message));
    await store.close();
  }
  const record = analyse(await loadRun(store.directory));
  writeRunRecord(store.directory, record);
  return record;
}

/** @param interruption aborted: the run is interrupted, as its exit code is, also where its cycles had ended before */
export function conclude(store: RunStore, interruption: AbortSignal | undefined): void {
  const endedAt = new Date(systemClock.epochMs()).toISOString();
  if (interruption?.aborted) store.writeEvent({ event: 'end', reason: 'interrupted', endedAt });
  else store.writeEvent({ event: 'concluded', endedAt });
}

/** A leak without suspects must not look as if there were none to find. */
export async function warnOfCutCause(
  store: RunStore,
  { parameters }: Manifest,
  interruption?: AbortSignal,
): Promise<void> {
  if (parameters.attribution === 'off') return;
  await store.flush();
  const { verdict, findings, suspects } = analyse(await loadRun(store.directory));
  if (verdict === 'interrupted' || !findings.some(isLeakingGrowth) || suspects.length > 0) return;
  const message = interruption?.aborted
    ? 'plateau was interrupted before the cause was found; run again to the end to see it'
    : 'the time of --duration was over before the cause was found; a longer one leaves time to look for it';
  store.writeEvent({ event: 'warning', message });
}

/** The pass of `--thorough`, for Node targets: what the compilers do to the heap is left out. */
async function measureInterpreter({ source, manifest, store, options }: MeasurePlan): Promise<void> {
  if (!manifest.parameters.thorough || options.signal?.aborted) return;
  if (manifest.visibility !== 'node') {
    store.writeEvent({ event: 'warning', message: '--thorough has no second pass for targets that are not Node' });
    return;
  }
  const passManifest: Manifest = { ...manifest, parameters: { ...manifest.parameters, interpreterOnly: true } };
  const passStore = createPassStore(store, runFiles.interpreterPass, passManifest);
  try {
    await measure({ source, manifest: passManifest, store: passStore, options });
  } finally {
    await passStore.close();
  }
}

export interface MeasuredRun {
  readonly source: SessionSource;
  readonly manifest: Manifest;
  readonly store: RunStore;
  readonly options: RunOptions;
  readonly load: MeasuredLoad;
  /** The cause, where it was found already while the target rested. */
  readonly named?: Attribution;
}

/** Runs the attribution pass where it is wanted; its failure is a warning, never the end of a run that was measured. */
export async function nameSuspects({ source, manifest, store, options, load, named }: MeasuredRun): Promise<void> {
  const { attribution } = manifest.parameters;
  if (attribution === 'off' || manifest.visibility === 'none') return;
  await store.flush();
  const { verdict, findings } = analyse(await loadRun(store.directory));
  if (verdict !== 'leak' || !findings.some(isLeakingGrowth)) return;
  // Beside a busy target a pass of a JVM took 65 s, in which entries that were kept for a minute went: it saw nothing grow.
  const sawNothing = named?.suspects.length === 0 && named.warnings.length === 0;
  if (named !== undefined && !sawNothing) {
    store.writeAttribution(named);
    return;
  }
  if (options.signal?.aborted) return;
  options.listener?.onProgress?.({
    scenario: manifest.scenario,
    runId: manifest.id,
    stage: 'attributing',
    round: load.rounds,
    cycles: load.cycles,
    failed: 0,
    cyclesPerSecond: 0,
    elapsedMs: 0,
    undecided: [],
    series: [],
  });
  await keepCause(store, () =>
    runAttributionPass({ source, manifest, store, options, findings, load, isRepeated: sawNothing }),
  );
}

async function resolveSource(source: ScenarioSource): Promise<LoadedScenario> {
  if (typeof source === 'string') return loadScenario(source);
  if (isScenarioDefinition(source)) return loadDefinition(source, process.cwd());
  if ('kind' in source) return source;
  return loadDefinition(source, process.cwd());
}

/** Those that the caller wants. @throws {PlateauError} `PLATEAU_INVALID_OPTION` for a module of functions */
export function withOwnFaults(source: LoadedScenario, { faults }: RunOptions): LoadedScenario {
  if (faults === undefined) return source;
  if (source.kind === 'definition') return { ...source, scenario: withFaults(source.scenario, faults) };
  throw invalidOption(
    `--fault: expected a scenario that sends requests, got functions of ${source.reference}`,
    'define it with defineScenario, with a target that listens',
  );
}

/** A baseline that knows nothing of the scenario makes all growth new, which must be said. */
function warnOfUnknown(store: RunStore, { scenario, baseline }: Manifest, wanted: RunOptions['baseline']): void {
  if (wanted === undefined || baseline !== undefined) return;
  const message = `the baseline ${wanted.source} says nothing of ${scenario}: all growth counts as new`;
  store.writeEvent({ event: 'warning', message });
}

/** @param interruption a target that was still starting then has not failed */
export function recordFault(store: RunStore, error: unknown, interruption?: AbortSignal): void {
  const code = error instanceof PlateauError ? error.code : undefined;
  if (interruption?.aborted && code === 'PLATEAU_TARGET_START') {
    conclude(store, interruption);
    return;
  }
  const crashed = code === 'PLATEAU_TARGET_START' || code === 'PLATEAU_TARGET_CRASHED';
  const detail = thrownMessage(error);
  if (error instanceof Error && !(error instanceof PlateauError)) {
    appendFileSync(store.pathFor('plateau.log'), `${store.redact(error.stack ?? error.message)}\n`, { mode: 0o600 });
  }
  const { hint, lastLines = [] } = error instanceof PlateauError ? error : {};
  store.writeEvent({ event: crashed ? 'crashed' : 'fault', detail, ...(hint !== undefined && { hint }), lastLines });
  const reason: RunEnd = crashed ? 'crashed' : 'fault';
  store.writeEvent({ event: 'end', reason, endedAt: new Date(systemClock.epochMs()).toISOString() });
}
