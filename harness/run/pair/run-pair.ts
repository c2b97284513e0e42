import { existsSync, readFileSync, rmSync } from 'node:fs';
import { compareRuns } from '../../analyse/comparison/compare.js';
import type { Comparison, ComparisonOptions } from '../../model/comparison.js';
import { PlateauError, withMessage } from '../../model/errors.js';
import type { Attribution, Manifest, StoredRun } from '../../model/run-log.js';
import type { RunListener, RunOptions } from '../../model/run-options.js';
import type { RunRecord } from '../../model/run-record.js';
import { SampleTableBuilder } from '../../model/sample-table.js';
import { drawSeed } from '../../platform/random.js';
import { loadRun } from '../../store/load-run.js';
import { runFiles } from '../../store/run-layout.js';
import { type RunStore, writeRunRecord } from '../../store/run-store.js';
import { analyse } from '../analyse-run.js';
import { createManifest } from '../create-manifest.js';
import { MeasuringPass } from '../measuring/measuring-pass.js';
import type { MeasuredLoad, MeasurePlan } from '../measuring/pass-parts.js';
import { openRunStore } from '../open-run-store.js';
import { conclude, nameSuspects, recordFault } from '../run-scenario.js';
import { sweepLeftovers } from '../sweep-leftovers.js';
import { DifferenceWatch } from './difference-watch.js';
import { PairSizer } from './pair-sizer.js';
import type { Side } from './sides.js';
import { takeTurns } from './take-turns.js';

export const pairSides = ['before', 'after'] as const;
export type PairSide = (typeof pairSides)[number];

/** Something of each side. */
type Both<T> = Readonly<Record<PairSide, T>>;

export interface PairOptions extends Omit<RunOptions, 'listener' | 'defects' | 'thorough'> {
  /** What each side is, in the words of the user; goes into the manifests. */
  readonly variants: Both<string>;
  /** The command that repeats both. */
  readonly rerun: (seed: number) => string;
  readonly listeners?: Both<RunListener>;
  /** Compares even what differs in ways that void the comparison. @defaultValue false */
  readonly force?: boolean;
}

export interface PairedRun {
  readonly record: RunRecord;
  readonly run: StoredRun;
}

export interface PairResult extends Both<PairedRun> {
  readonly comparison: Comparison;
  readonly rerun: string;
}

/**
 * Soaks two variants of a scenario in one session: rounds of the same size and with the same inputs, in turns. Leaves two
 * ordinary runs on disk whose manifests name each other.
 * @throws {PlateauError} for what the caller can correct, and when a target does not start
 */
export async function runPair(sides: Both<Side>, options: PairOptions): Promise<PairResult> {
  await sweepLeftovers(options.listeners?.before);
  const comparing: ComparisonOptions = { force: options.force ?? false };
  const manifests = pairManifests(sides, options);
  compareRuns(notYetRun(manifests.before), notYetRun(manifests.after), comparing);
  const { cyclesPerRound, concurrency } = manifests.before.parameters;
  const sizer = new PairSizer(cyclesPerRound, concurrency);
  const plans = mapSides((side) =>
    planOf(manifests[side], { side: sides[side], listener: options.listeners?.[side], options, sizer }),
  );
  try {
    const loads = await measurePair(plans, sizer, comparing);
    await nameCause(plans, loads, comparing);
    for (const side of pairSides) {
      relocate(plans[side].store, sides[side]);
      conclude(plans[side].store, options.signal);
    }
  } catch (error) {
    await abandon(plans, error);
    throw error;
  } finally {
    for (const side of pairSides) await plans[side].store.close();
  }
  const before = await judged(plans.before.store);
  const after = await judged(plans.after.store);
  return { before, after, comparison: compareRuns(before.run, after.run, comparing), rerun: manifests.before.rerun };
}

function mapSides<T>(make: (side: PairSide) => T): Both<T> {
  return { before: make('before'), after: make('after') };
}

function pairManifests(sides: Both<Side>, options: PairOptions): Both<Manifest> {
  const seed = options.seed ?? drawSeed();
  const rerun = options.rerun(seed);
  const manifests = mapSides((side): Manifest => {
    const manifest = createManifest(sides[side].source, {
      ...options,
      seed,
      defects: sides[side].defects,
      purpose: 'compare',
    });
    return { ...manifest, command: options.command ?? rerun, rerun };
  });
  return mapSides((side) => ({
    ...manifests[side],
    pair: { id: manifests[side === 'before' ? 'after' : 'before'].id, side, variant: options.variants[side] },
  }));
}

/** What would void the comparison is said before a soak, not after it. */
function notYetRun(manifest: Manifest): StoredRun {
  return { manifest, samples: new SampleTableBuilder().table(), events: [] };
}

interface PlanParts {
  readonly side: Side;
  readonly listener: RunListener | undefined;
  readonly options: PairOptions;
  readonly sizer: PairSizer;
}

function planOf(manifest: Manifest, { side, listener, options, sizer }: PlanParts): MeasurePlan {
  const store = openRunStore(side.source, manifest, options);
  for (const message of side.notes) store.writeEvent({ event: 'warning', message });
  const { signal } = options;
  return {
    source: side.source,
    manifest,
    store,
    sizer,
    options: { ...(signal && { signal }), ...(listener && { listener }) },
  };
}

/** Drives both until each is decided and so is their difference. */
async function measurePair(
  plans: Both<MeasurePlan>,
  sizer: PairSizer,
  comparing: ComparisonOptions,
): Promise<Both<MeasuredLoad>> {
  const passes: MeasuringPass[] = [];
  try {
    const opening = await Promise.allSettled(pairSides.map((side) => opened(plans[side])));
    passes.push(...opening.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])));
    for (const result of opening) if (result.status === 'rejected') throw result.reason;
    const [before, after] = passes as [MeasuringPass, MeasuringPass];
    for (const pass of passes) await pass.attempt(() => pass.begin());
    const watch = new DifferenceWatch(before, after, comparing);
    const { untilDecided } = plans.before.manifest.parameters;
    await takeTurns([turnsOf(before), turnsOf(after)], {
      endTurn: () => sizer.endTurn(),
      enough: () => untilDecided && watch.enough(),
    });
    // Counting is exact, and resting is waiting: neither needs the machine for itself.
    await Promise.all(passes.map((pass) => pass.attempt(() => pass.finish())));
    return { before: before.load, after: after.load };
  } finally {
    await Promise.all(passes.map((pass) => pass.close()));
  }
}

function turnsOf(pass: MeasuringPass) {
  return {
    get mayGoOn() {
      return pass.mayGoOn;
    },
    round: () => pass.attempt(() => pass.round()),
  };
}

/** Of two that start, it must be said which one does not. */
async function opened(plan: MeasurePlan): Promise<MeasuringPass> {
  try {
    return await MeasuringPass.open(plan);
  } catch (error) {
    const { side, variant } = plan.manifest.pair!;
    throw withMessage(error, (message) => `${side} (${variant}): ${message}`);
  }
}

/** A leak that came with the change is followed to its line; what leaked before is known. */
async function nameCause(
  plans: Both<MeasurePlan>,
  loads: Both<MeasuredLoad>,
  comparing: ComparisonOptions,
): Promise<void> {
  const { attribution } = plans.after.manifest.parameters;
  if (attribution === 'off' || plans.after.options.signal?.aborted) return;
  for (const side of pairSides) await plans[side].store.flush();
  const runs = {
    before: await loadRun(plans.before.store.directory),
    after: await loadRun(plans.after.store.directory),
  };
  const worse = compareRuns(runs.before, runs.after, comparing).exitCode === 1;
  if (worse || attribution === 'always') await nameSuspects({ ...plans.after, load: loads.after });
  if (attribution === 'always') await nameSuspects({ ...plans.before, load: loads.before });
}

/** What is said of files in a checkout is said of those that stay when it is gone. */
function relocate(store: RunStore, { checkout }: Side): void {
  if (checkout === undefined) return;
  const path = store.pathFor(runFiles.attribution);
  if (!existsSync(path)) return;
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
  const text = readFileSync(path, 'utf8').replaceAll(inJson(checkout.directory), inJson(checkout.root));
  store.writeAttribution(JSON.parse(text) as Attribution);
}

/** What was driven is kept and can be judged; where nothing could be, there is no run to keep. */
async function abandon(plans: Both<MeasurePlan>, error: unknown): Promise<void> {
  for (const side of pairSides) {
    const { store } = plans[side];
    const nothingDriven =
      error instanceof PlateauError && (error.exitCode === 3 || error.code === 'PLATEAU_TARGET_START');
    if (!nothingDriven) recordFault(store, error, plans[side].options.signal);
    await store.close();
    if (nothingDriven) rmSync(store.directory, { recursive: true, force: true });
  }
}

async function judged(store: RunStore): Promise<PairedRun> {
  const run = await loadRun(store.directory);
  const record = analyse(run);
  writeRunRecord(store.directory, record);
  return { record, run };
}
