import type { Command } from 'commander';
import { addExportFlags, type ExportFlags } from './export-flags.js';
import { daysOption, quietDescription } from './options.js';
import { addReporterFlag, type ReportFlags, reporterNames } from './reporter-option.js';
import { addFaultFlags, addOutFlag, addRunFlags, type RunFlags } from './run-flags.js';

/** Flags of every command that soaks to a verdict and reports it. */
export type SoakFlags = RunFlags &
  ReportFlags &
  ExportFlags & {
    readonly quiet?: true;
    readonly open?: true;
    readonly baseline?: string;
  };

export function addSoakFlags(command: Command): Command {
  const soaking = addExportFlags(addOutFlag(addRunFlags(addFaultFlags(command))));
  return addReporterFlag(soaking, reporterNames)
    .option(
      '--days <n>',
      "with --virtual-time: n days of the target's clock go by between rounds, with the load of each hour",
      daysOption('--days'),
    )
    .option('--baseline <run|file>', 'growth that was there already is known: only what is new or worse fails')
    .option('--json', 'the run record alone on stdout, one line a scenario')
    .option('--open', 'open the HTML report of each run in the browser')
    .option('--quiet', quietDescription);
}
