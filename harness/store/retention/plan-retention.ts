import { basename } from 'node:path';
import { bytesOf, type Survey, type SurveyedRun } from './survey-runs.js';

export interface RetentionLimits {
  readonly sizeBytes: number;
  readonly ageMs: number;
  readonly snapshotAgeMs: number;
  readonly snapshotSizeBytes: number;
}

const dayMs = 86_400_000;

/** Something to delete. */
export interface Deletion {
  readonly kind: 'run' | 'snapshots' | 'night' | 'leftover';
  /** Of the run or night. */
  readonly id: string;
  /** A directory, or the snapshots. */
  readonly paths: readonly string[];
  readonly bytes: number;
  readonly why: string;
}

export interface RetentionPlan {
  readonly deletions: readonly Deletion[];
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Runs that are kept although they are old or large, by reason. */
  readonly spared: Readonly<Record<'in use' | 'pinned' | 'last of its scenario', number>>;
  /** What must be kept takes more room than there is. */
  readonly exceeds: boolean;
}

/**
 * What has to go: what is too old, then the oldest until the rest fits. Snapshots go before runs, since they are the
 * largest part and say nothing that the suspects do not. Never: a run that is in use, that is pinned (with its
 * snapshots), or that is the last of its scenario.
 * @param pinned ids of baselines and of runs that history names
 */
export function planRetention(
  survey: Survey,
  limits: RetentionLimits,
  pinned: ReadonlySet<string>,
  nowEpochMs: number,
): RetentionPlan {
  const ageOf = ({ startedEpochMs }: { startedEpochMs: number }) => nowEpochMs - startedEpochMs;
  const sparing = sparedRuns(survey, pinned);
  const gone = new Map<string, Deletion>();
  const add = (deletion: Deletion) => void gone.set(`${deletion.kind} ${deletion.id}`, deletion);

  for (const { directory, bytes } of survey.leftovers)
    add({
      kind: 'leftover',
      id: basename(directory),
      paths: [directory],
      bytes,
      why: 'left by a deletion that was cut short',
    });
  for (const run of survey.runs)
    if (ageOf(run) > limits.ageMs && !sparing.has(run.id)) add(deletionOf(run, `older than ${ageText(limits.ageMs)}`));
  for (const night of survey.nights)
    if (ageOf(night) > limits.ageMs && !night.inUse)
      add({
        kind: 'night',
        id: night.id,
        paths: [night.directory],
        bytes: night.bytes,
        why: `older than ${ageText(limits.ageMs)}`,
      });

  const left = () => survey.runs.filter(({ id }) => !gone.has(`run ${id}`));
  const withSnapshots = left().filter((run) => run.snapshots.length > 0 && !keepsSnapshots(sparing.get(run.id)));
  let snapshotBytes = left().reduce((sum, run) => sum + bytesOf(run.snapshots), 0);
  for (const run of withSnapshots) {
    const old = ageOf(run) > limits.snapshotAgeMs;
    if (!old && snapshotBytes <= limits.snapshotSizeBytes) continue;
    snapshotBytes -= bytesOf(run.snapshots);
    add(
      snapshotDeletion(
        run,
        old ? `snapshots older than ${ageText(limits.snapshotAgeMs)}` : 'snapshots take too much room',
      ),
    );
  }

  const bytesBefore = bytesOf([...survey.runs, ...survey.nights, ...survey.leftovers]);
  const excess = () => bytesBefore - bytesOf(gone.values()) - limits.sizeBytes;
  for (const run of withSnapshots) {
    if (excess() <= 0) break;
    if (!gone.has(`snapshots ${run.id}`)) add(snapshotDeletion(run, 'everything takes too much room'));
  }
  for (const run of left()) {
    if (excess() <= 0) break;
    if (sparing.has(run.id)) continue;
    gone.delete(`snapshots ${run.id}`);
    add(deletionOf(run, 'everything takes too much room'));
  }
  return {
    deletions: [...gone.values()],
    bytesBefore,
    bytesAfter: bytesBefore - bytesOf(gone.values()),
    spared: {
      'in use': countOf(sparing, 'in use'),
      pinned: countOf(sparing, 'pinned'),
      'last of its scenario': countOf(sparing, 'last of its scenario'),
    },
    exceeds: excess() > 0,
  };
}

function ageText(ms: number): string {
  const [amount, unit] = ms < 2 * dayMs ? [ms / (dayMs / 24), 'hours'] : [ms / dayMs, 'days'];
  return `${Number(amount.toPrecision(2))} ${unit}`;
}

type Reason = keyof RetentionPlan['spared'];

function sparedRuns({ runs, nights }: Survey, pinned: ReadonlySet<string>): Map<string, Reason> {
  const underWay = new Set(nights.filter(({ inUse }) => inUse).map(({ id }) => id));
  const last = new Map(runs.map((run) => [run.series, run.id]));
  const spared = new Map<string, Reason>();
  for (const run of runs) {
    if (run.inUse || (run.night !== undefined && underWay.has(run.night))) spared.set(run.id, 'in use');
    else if (pinned.has(run.id)) spared.set(run.id, 'pinned');
    else if (last.get(run.series) === run.id && !run.series.startsWith('damaged '))
      spared.set(run.id, 'last of its scenario');
  }
  return spared;
}

function keepsSnapshots(reason: Reason | undefined): boolean {
  return reason === 'in use' || reason === 'pinned';
}

function countOf(spared: ReadonlyMap<string, Reason>, reason: Reason): number {
  return [...spared.values()].filter((one) => one === reason).length;
}

function deletionOf({ id, directory, bytes }: SurveyedRun, why: string): Deletion {
  return { kind: 'run', id, paths: [directory], bytes, why };
}

function snapshotDeletion({ id, snapshots }: SurveyedRun, why: string): Deletion {
  return { kind: 'snapshots', id, paths: snapshots.map(({ path }) => path), bytes: bytesOf(snapshots), why };
}
