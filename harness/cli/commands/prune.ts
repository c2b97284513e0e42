import { alignColumns } from '../../../reporters/format/layout.js';
import { formatQuantity } from '../../../reporters/format/quantity.js';
import { styleFor } from '../../../reporters/format/style.js';
import { invalidOption } from '../../model/errors.js';
import { faultExitCode } from '../../model/exit-codes.js';
import { readDurationMs, readSizeBytes } from '../../model/quantity.js';
import { systemClock } from '../../platform/clock.js';
import { retentionPlan } from '../../run/nightly/retain.js';
import { findConfiguration, type LoadedConfiguration, loadConfiguration } from '../../scenario/load-configuration.js';
import { applyRetention } from '../../store/retention/apply-retention.js';
import type { RetentionPlan } from '../../store/retention/plan-retention.js';
import type { AddCommand, CliContext } from '../context.js';
import { outDirectoryOf } from './nightly.js';

interface Flags {
  readonly config?: string;
  readonly out?: string;
  readonly age?: number;
  readonly size?: number;
  readonly dryRun?: true;
  readonly json?: true;
}

export const addPruneCommand: AddCommand = (program, act) => {
  program
    .command('prune')
    .description('delete runs, snapshots and nights that are too old or too large, as plateau nightly does at its end')
    .option('--config <file>', 'configuration (default: plateau.config.ts, where there is one)')
    .option('--age <time>', 'keep runs that are younger, e.g. 30d (default: retention.age, else 90d)', ageOption)
    .option('--size <size>', 'keep no more, e.g. 5GiB (default: retention.size, else 20 GiB)', sizeOption)
    .option('--dry-run', 'show what would be deleted')
    .option('--out <dir>', 'where runs are kept (default: of the configuration, else .plateau)')
    .option('--json', 'for scripts')
    .action(act(prune));
};

function ageOption(text: string): number {
  const ageMs = readDurationMs(text, { days: true });
  if (ageMs !== undefined && ageMs > 0) return ageMs;
  throw invalidOption(`--age: expected a time above 0 with h or d, got "${text}".`, '--age 30d');
}

function sizeOption(text: string): number {
  const bytes = readSizeBytes(text);
  if (bytes !== undefined && bytes > 0) return bytes;
  throw invalidOption(`--size: expected a size above 0 in MiB or GiB, got "${text}".`, '--size 5GiB');
}

/** Exit code 4 when something could not be deleted. */
async function prune(context: CliContext, flags: Flags): Promise<number> {
  const { directory, output } = context;
  const loaded: LoadedConfiguration =
    flags.config === undefined && findConfiguration(directory) === undefined
      ? { configuration: { scenarios: [] }, file: '', directory }
      : await loadConfiguration(directory, flags.config);
  const wanted = {
    ...loaded.configuration.retention,
    ...(flags.age !== undefined && { age: flags.age }),
    ...(flags.size !== undefined && { size: flags.size }),
  };
  const plan = await retentionPlan(outDirectoryOf(context, loaded, flags), wanted, systemClock.epochMs());
  const applied = flags.dryRun ? { bytes: 0, problems: [] } : await applyRetention(plan);
  if (flags.json) output.report.write(`${JSON.stringify({ ...plan, dryRun: flags.dryRun === true, ...applied })}\n`);
  else output.report.write(planText(context, plan, flags.dryRun === true));
  for (const problem of applied.problems) output.notes.write(`${problem}\n`);
  return applied.problems.length === 0 ? 0 : faultExitCode;
}

function planText({ output }: CliContext, plan: RetentionPlan, dryRun: boolean): string {
  const style = styleFor(output.report.color);
  const rows = plan.deletions.map(({ kind, id, bytes, why }) => [
    `  ${kind} ${id}`,
    formatQuantity(bytes, 'B'),
    style.dim(why),
  ]);
  const spared = Object.entries(plan.spared).filter(([, count]) => count > 0);
  const verb = dryRun ? 'would delete' : 'deleted';
  const freed = plan.bytesBefore - plan.bytesAfter;
  return `${[
    `${verb} ${formatQuantity(freed, 'B')} of ${formatQuantity(plan.bytesBefore, 'B')}`,
    ...alignColumns(rows, { alignments: ['left', 'right', 'left'] }),
    ...(spared.length > 0 ? [`kept in any case: ${spared.map(([why, count]) => `${count} ${why}`).join(', ')}`] : []),
    ...(plan.exceeds
      ? ['What must be kept takes more room than there is: a larger retention.size, or fewer in retention.keep.']
      : []),
  ].join('\n')}\n`;
}
