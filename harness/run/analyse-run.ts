import { combinePasses } from '../analyse/findings/combine-passes.js';
import { footprintOf } from '../analyse/findings/footprint.js';
import { judge } from '../analyse/judge.js';
import { PlateauError } from '../model/errors.js';
import type { Judgement } from '../model/judgement.js';
import { type RunEvent, restAudit, type StoredRun } from '../model/run-log.js';
import { type RunRecord, runRecordSchema, schemaVersion } from '../model/run-record.js';
import { exitCodeOf, type RunVerdict } from '../model/verdict.js';
import { sortedArtifacts } from './sorted-artifacts.js';

/**
 * Judges a run from what lies on disk, finished or not: the same run gives the same record, to the byte.
 * Paths of artifacts are relative to the run directory, so a run that was moved still gives the same record.
 * @throws {PlateauError} `PLATEAU_INTERNAL` when the record does not have the shape that it promises
 */
export function analyse(run: StoredRun): RunRecord {
  const { manifest, attribution } = run;
  const judgement = judgePasses(run);
  const end = lastEvent(run, 'end');
  const { verdict, reason } = conclusion(run, judgement);
  const latency = lastEvent(run, 'latency')?.latency;
  const failures = lastEvent(run, 'failures')?.failures;
  const footprint = footprintOf(run);
  const record: RunRecord = {
    schemaVersion,
    id: manifest.id,
    scenario: manifest.scenario,
    defects: [...manifest.defects],
    seed: manifest.seed,
    startedAt: manifest.startedAt,
    endedAt: lastEvent(run, 'concluded')?.endedAt ?? end?.endedAt ?? lastMoment(run),
    ...(end && { end: end.reason }),
    command: manifest.command,
    environment: manifest.environment,
    parameters: { ...manifest.parameters },
    counts: countsOf(run, judgement),
    verdict,
    exitCode: exitCodeOf(verdict),
    reason,
    findings: [...judgement.findings],
    suspects: [...(attribution?.suspects ?? [])],
    ...(attribution && { explained: { ...attribution.explained } }),
    ...(manifest.baseline && {
      baseline: {
        source: manifest.baseline.source,
        run: manifest.baseline.entry.run,
        recordedAt: manifest.baseline.entry.recordedAt,
      },
    }),
    ...(manifest.tags && { tags: { ...manifest.tags } }),
    ...(footprint && { footprint }),
    ...(latency && { latency: { ...latency } }),
    ...(failures && { failures: [...failures] }),
    ...failureOf(run),
    audit: [...judgement.audit],
    warnings: [...new Set([...judgement.warnings, ...(attribution?.warnings ?? []), ...unfinished(run)])],
    artifacts: sortedArtifacts([...(run.artifacts ?? []), ...(attribution?.artifacts ?? [])]),
    rerun: manifest.rerun,
  };
  const checked = runRecordSchema.safeParse(record);
  if (checked.success) return checked.data;
  throw new PlateauError('PLATEAU_INTERNAL', `run record of ${manifest.id}: ${checked.error.message}`, {
    hint: 'this is a defect of plateau: report it with the run directory',
    cause: checked.error,
  });
}

function judgePasses(run: StoredRun): Judgement {
  const { interpreterPass } = run;
  return interpreterPass === undefined ? judge(run) : combinePasses(judge(run), judge(interpreterPass));
}

/** An interrupted run ends as `interrupted`, whatever its samples show by then; what they show is said beside it. */
function conclusion(run: StoredRun, judgement: Judgement): { verdict: RunVerdict; reason: string } {
  const { verdict, reason, audit } = judgement;
  const unrested = audit.find(({ check, ok }) => check === restAudit && !ok);
  if (verdict === 'leak' && unrested !== undefined)
    return {
      verdict: 'inconclusive',
      reason: `${reason}; but ${unrested.detail}: growth may still go away${longer(run)}`,
    };
  if (lastEvent(run, 'end')?.reason !== 'interrupted' || verdict === 'crashed' || verdict === 'interrupted')
    return { verdict, reason };
  return { verdict: 'interrupted', reason: `interrupted; what was sampled until then says ${verdict}: ${reason}` };
}

/** What a rest, its cycles and the cause take on top of what the run has taken. */
const furtherMs = 90_000;

function longer({ samples }: StoredRun): string {
  const wantedMs = (samples.elapsedMs.at(-1) ?? 0) + furtherMs;
  return `; --duration ${Math.ceil(wantedMs / 60_000)}m would decide`;
}

function countsOf(run: StoredRun, { warmupRounds }: Judgement): RunRecord['counts'] {
  const { samples } = run;
  const counts = lastEvent(run, 'counts');
  let rounds = 0;
  for (const [row, kind] of samples.kinds.entries()) {
    const phase = samples.phases[row];
    if (kind === 'floor' && (phase === 'measure' || phase === 'census')) rounds += 1;
  }
  return {
    cycles: Math.round(samples.cycles.at(-1) ?? 0),
    created: counts?.created ?? 0,
    destroyed: counts?.destroyed ?? 0,
    failed: counts?.failed ?? 0,
    rounds,
    warmupRounds,
  };
}

/** When a run was last heard of that did not say when it ended. */
function lastMoment({ manifest, samples }: StoredRun): string {
  return new Date(Date.parse(manifest.startedAt) + (samples.elapsedMs.at(-1) ?? 0)).toISOString();
}

function unfinished(run: StoredRun): string[] {
  if (run.directory === undefined || lastEvent(run, 'end') !== undefined) return [];
  return ['the run has no end: plateau was killed, or is still at work; judged from what was sampled'];
}

/** What to do about a run that failed, and what its target printed last, which mostly shows why. */
function failureOf(run: StoredRun): Pick<RunRecord, 'targetOutput' | 'hint'> {
  const failed = lastEvent(run, 'crashed') ?? lastEvent(run, 'fault');
  const lastLines = (failed?.lastLines ?? []).filter((line) => line.trim() !== '');
  const log = run.artifacts?.find(({ kind }) => kind === 'log')?.path;
  if (failed === undefined) return {};
  const hasOutput = lastLines.length > 0 || log !== undefined;
  return {
    ...(failed.hint !== undefined && { hint: failed.hint }),
    ...(hasOutput && { targetOutput: { lastLines, ...(log !== undefined && { log }) } }),
  };
}

function lastEvent<Name extends RunEvent['event']>(run: StoredRun, name: Name) {
  return run.events.findLast((event): event is Extract<RunEvent, { event: Name }> => event.event === name);
}
