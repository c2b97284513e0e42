import { basename } from 'node:path';
import { historyChanges } from '../../analyse/nights/history-changes.js';
import type { RetentionConfiguration } from '../../model/configuration.js';
import { durationMsOf, sizeBytesOf } from '../../scenario/validate-configuration.js';
import { resolveRun } from '../../store/resolve-run.js';

import { planRetention, type RetentionLimits, type RetentionPlan } from '../../store/retention/plan-retention.js';
import { surveyRuns } from '../../store/retention/survey-runs.js';
import { readHistory } from './keep-history.js';

const defaults = { size: '20 GiB', age: '90d', snapshotAge: '14d' } as const;

export function retentionLimits(wanted: RetentionConfiguration = {}): RetentionLimits {
  const sizeBytes = sizeBytesOf(wanted.size ?? defaults.size);
  return {
    sizeBytes,
    ageMs: durationMsOf(wanted.age ?? defaults.age, true),
    snapshotAgeMs: durationMsOf(wanted.snapshotAge ?? defaults.snapshotAge, true),
    snapshotSizeBytes: wanted.snapshotSize === undefined ? sizeBytes / 2 : sizeBytesOf(wanted.snapshotSize),
  };
}

/**
 * What of an output directory has to go.
 * @throws {PlateauError} `PLATEAU_UNKNOWN_RUN` for a run to keep that is not there: nothing is deleted on a mistake
 */
export async function retentionPlan(
  outDirectory: string,
  wanted: RetentionConfiguration | undefined,
  nowEpochMs: number,
): Promise<RetentionPlan> {
  const pinned = await pinnedRuns(outDirectory, wanted?.keep ?? []);
  return planRetention(await surveyRuns(outDirectory, nowEpochMs), retentionLimits(wanted), pinned, nowEpochMs);
}

/** Runs to keep by name, and both sides of every change that history shows: the run where it begins and the one before. */
async function pinnedRuns(outDirectory: string, keep: readonly string[]): Promise<Set<string>> {
  const directories = await Promise.all(keep.map((reference) => resolveRun(reference, outDirectory)));
  const pinned = new Set(directories.map((directory) => basename(directory)));
  const history = await readHistory(outDirectory);
  for (const { runId, scenario, variant } of historyChanges(history)) {
    pinned.add(runId);
    const series = history.filter(({ run }) => run.scenario === scenario && run.variant === variant);
    const before = series[series.findIndex(({ run }) => run.runId === runId) - 1];
    if (before !== undefined) pinned.add(before.run.runId);
  }
  return pinned;
}
