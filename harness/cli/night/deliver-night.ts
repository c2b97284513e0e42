import { join } from 'node:path';
import { formatQuantity } from '../../../reporters/format/quantity.js';
import { nightMarkdownReport } from '../../../reporters/index.js';
import { systemClock } from '../../platform/clock.js';
import type { FinishedNight } from '../../run/nightly/finish-night.js';
import type { OpenNight } from '../../run/nightly/open-night.js';
import { retentionPlan } from '../../run/nightly/retain.js';
import type { LoadedConfiguration } from '../../scenario/load-configuration.js';
import { writeNightRecord } from '../../store/nights/night-store.js';
import { applyRetention } from '../../store/retention/apply-retention.js';
import { writeFileAtomic } from '../../store/write-file.js';
import type { CliContext } from '../context.js';
import { type NightReporterRequest, reportToGithub, writeNightReports } from './night-reports.js';
import { notifyOf } from './notify-night.js';

export interface Delivery {
  readonly night: OpenNight;
  readonly out: string;
  readonly finished: FinishedNight;
  readonly reporters: readonly (NightReporterRequest & { readonly directory: string })[];
  readonly signal: AbortSignal;
}

/**
 * Writes the record and the reports of a night, notifies whom the configuration names, and deletes what retention no
 * longer keeps. The record comes first: whatever fails after it loses nothing. The night is over when everybody was
 * notified.
 */
export async function deliverNight(
  context: CliContext,
  { configuration }: LoadedConfiguration,
  { night, out, finished, reporters, signal }: Delivery,
): Promise<void> {
  writeNightRecord(night.directory, finished.record);
  writeFileAtomic(
    join(night.directory, 'report.md'),
    nightMarkdownReport(finished.record, { directory: context.directory }),
  );
  writeNightReports(context, finished, reporters);
  reportToGithub(context, finished);
  await notifyOf(finished.record, night, configuration.notifications ?? [], context, signal);
  night.record({ event: 'ended' });
  await applyRetentionRules(context, configuration.retention, out);
}

async function applyRetentionRules(
  { output }: CliContext,
  rules: LoadedConfiguration['configuration']['retention'],
  out: string,
): Promise<void> {
  try {
    const { bytes, problems } = await applyRetention(await retentionPlan(out, rules, systemClock.epochMs()));
    if (bytes > 0) output.notes.write(`Retention deleted ${formatQuantity(bytes, 'B')}.\n`);
    for (const problem of problems) output.notes.write(`Retention: ${problem}\n`);
  } catch (error) {
    output.notes.write(`Nothing was deleted: ${(error as Error).message}\n`);
  }
}
