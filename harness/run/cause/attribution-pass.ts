import { dirname } from 'node:path';
import type { AttributionEvidence, AttributionPlan } from '../../attribute/evidence/attribution-session.js';
import { collectEvidence } from '../../attribute/evidence/collect-evidence.js';
import { planAttribution, planForWarmTarget } from '../../attribute/plan-attribution.js';
import { SnapshotsApart } from '../../attribute/snapshot/read-in-process.js';
import { isLeakingGrowth } from '../../model/finding.js';
import type { Attribution, Manifest } from '../../model/run-log.js';
import type { RunOptions } from '../../model/run-options.js';
import type { Finding } from '../../model/run-record.js';
import { msPerDay } from '../../model/units.js';
import { systemClock } from '../../platform/clock.js';
import { untilAborted } from '../../platform/until-aborted.js';
import { runFiles } from '../../store/run-layout.js';
import type { RunStore } from '../../store/run-store.js';
import { firstCycleOf } from '../measuring/first-cycle.js';
import { createFloorReader } from '../measuring/floor-reader.js';
import type { MeasuredLoad } from '../measuring/pass-parts.js';
import { roundPlan } from '../measuring/round-plan.js';
import { openSession, type Session } from '../measuring/session.js';
import type { SessionSource } from '../measuring/session-source.js';
import { MissedLoad } from './missed-load.js';

export interface AttributionPassPlan {
  readonly source: SessionSource;
  readonly manifest: Manifest;
  readonly store: RunStore;
  readonly options: RunOptions;
  readonly findings: readonly Finding[];
  /** Those that are explained, where more are found while evidence is gathered. @defaultValue the same */
  readonly laterFindings?: Promise<readonly Finding[]>;
  readonly load: MeasuredLoad;
  /** The target that was measured still runs: what belongs to this one must not be taken for its own. */
  readonly beside?: boolean;
  /** A pass before this one saw nothing grow. @defaultValue false */
  readonly isRepeated?: boolean;
  /** Aborted when what was gathered by then must do. */
  readonly enough?: AbortSignal;
}

/**
 * A second, short pass against a fresh target under the same seed and load, with hooks that show where things are made
 * and who holds them. The measuring pass stays undisturbed by them.
 * @returns undefined when nothing leaks, and when `options.signal` was aborted meanwhile
 */
export async function runAttributionPass(parts: AttributionPassPlan): Promise<Attribution | undefined> {
  const { source, manifest, findings, laterFindings, load, options, isRepeated = false } = parts;
  const { visibility, parameters } = manifest;
  const isNode = visibility === 'node';
  const plan = planAttribution({ findings, ...load, universe: parameters.universe, isNode, isRepeated });
  if (plan === undefined) return undefined;
  const reader = new SnapshotsApart(options.signal);
  try {
    // What explains the evidence is loaded meanwhile: it takes 200 ms of CPU, which a run without a leak does not need.
    const loading = import('../../attribute/attribute.js');
    const evidence = await gather(plan, parts, reader);
    const { attribute } = await loading;
    return await attribute({
      findings: await (laterFindings ?? findings),
      evidence,
      workingDirectory: source.directory,
      reader,
      ...(options.signal && { signal: options.signal }),
    });
  } catch (error) {
    if (options.signal?.aborted) return undefined;
    throw error;
  } finally {
    reader.close();
  }
}

async function gather(
  plan: AttributionPlan,
  { source, manifest, store, options, findings, load, beside, enough }: AttributionPassPlan,
  reader: SnapshotsApart,
): Promise<AttributionEvidence> {
  const stop = new AbortController();
  const over = AbortSignal.any([stop.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const signal = AbortSignal.any([over, ...(enough === undefined ? [] : [enough])]);
  const warnings: string[] = [];
  const session = await openSession({
    source,
    runId: beside ? `${manifest.id}-cause` : manifest.id,
    defects: manifest.defects,
    seed: manifest.seed,
    parameters: manifest.parameters,
    logPath: store.pathFor(runFiles.attributionDirectory, 'target.log'),
    agentEnvironment: plan.environment,
    purpose: 'cause',
    nativeMemory: plan.nativeMemory,
    attachedFirstCycle: firstCycleOf(manifest.startedAt) + load.cycles,
    warn: (message) => warnings.push(message),
    signal,
  });
  // Functions are called in the target itself: they cannot speak to another one.
  const missed = new MissedLoad(source.kind === 'definition' ? session.probe : undefined, load);
  try {
    // One that plateau did not start is the one that was measured.
    const passPlan = session.target.isStarted ? plan : planForWarmTarget(plan);
    const collected = collectEvidence(passPlan, {
      target: session.target,
      inside: session.inside,
      directory: dirname(store.pathFor(runFiles.attribution)),
      round: roundsOf({
        session,
        manifest,
        missed,
        signal,
        rounds: passPlan.warmupRounds + passPlan.rounds,
        favoured: findings.filter(isLeakingGrowth).flatMap(({ operation }) => operation ?? []),
      }),
      onFirstSnapshot: (path) => reader.readEarlier(path),
      signal,
      nowMs: () => systemClock.monotonicMs(),
    });
    // A snapshot takes seconds, and nothing in it looks at the signal.
    const evidence = await untilAborted(collected, over);
    const unreached = missed.warning(findings.filter(isLeakingGrowth), evidence.rounds);
    if (unreached !== undefined) warnings.push(unreached);
    return { ...evidence, warnings: [...warnings, ...evidence.warnings] };
  } finally {
    stop.abort();
    await session.close();
  }
}

interface PassRounds {
  readonly session: Session;
  readonly manifest: Manifest;
  readonly missed: MissedLoad;
  readonly signal: AbortSignal;
  /** How many there will be. */
  readonly rounds: number;
  /** Operations that grow by a finding. */
  readonly favoured: readonly string[];
}

/** Rounds like those of the measuring pass, but of a given size; where days went by in that, they do in as few rounds. */
function roundsOf({ session, manifest, missed, signal, rounds, favoured }: PassRounds) {
  const passesMs = Math.ceil(((manifest.parameters.days ?? 0) * msPerDay) / rounds);
  const floorReader = createFloorReader({ ...session, clock: systemClock, signal });
  let round = 0;
  const driven: Record<string, number> = {};
  return async (cycles: number) => {
    const plan = { ...roundPlan(manifest, round, Math.max(cycles, manifest.parameters.concurrency)), favoured };
    const roundEnds = missed.watchRound();
    const outcome = await session.driver.round(plan);
    roundEnds(outcome.created + outcome.failed);
    round += 1;
    if (passesMs > 0) await session.clock?.moveOn(passesMs);
    for (const [operation, started] of Object.entries(outcome.cyclesByOperation))
      driven[operation] = (driven[operation] ?? 0) + started;
    const all = Object.values(driven).reduce((sum, started) => sum + started, 0);
    return { cycles: all, cyclesByOperation: { ...driven }, values: await floorReader.read() };
  };
}
