import { compareRecords, compareRuns } from '../../analyse/comparison/compare.js';
import type { ComparisonOptions } from '../../model/comparison.js';
import { analyse } from '../../run/analyse-run.js';
import { type Comparable, loadComparable } from '../../store/load-comparable.js';
import type { AddCommand, CliContext } from '../context.js';
import { confidenceOption } from '../options/options.js';
import { addReporterFlag } from '../options/reporter-option.js';
import { addOutFlag } from '../options/run-flags.js';
import {
  type ComparisonReportFlags,
  comparisonReporterNames,
  type FinishedComparison,
  reportComparison,
} from '../reporting/comparison-reports.js';

interface Flags extends ComparisonReportFlags {
  readonly confidence?: number;
  readonly force?: true;
  readonly out: string;
}

const examples = `
Exit codes:
  0  nothing is worse: fixed, improved or unchanged
  1  something is worse: a new leak, more growth, or slower
  2  it is not known; the report says how long a run would show

Examples:
  $ plateau compare latest~1 latest                            the last run against the one before it
  $ plateau compare 20260131-1 20260131-2 --reporter html=fix.html
  $ plateau compare main/run.json branch/run.json --reporter markdown >> "$GITHUB_STEP_SUMMARY"
  $ plateau compare latest~1 latest --json | jq -r .verdict`;

export const addCompareCommand: AddCommand = (program, act) => {
  const command = program
    .command('compare')
    .description('what changed from one stored run to another')
    .argument('<before>', 'an id, a unique prefix of one, latest~1, a run directory, or an exported run.json')
    .argument('<after>', 'the same')
    .option('--confidence <p>', 'of the whole comparison (default: that of the runs)', confidenceOption('--confidence'))
    .option('--force', 'compare runs of different scenarios or loads all the same');
  addReporterFlag(addOutFlag(command), comparisonReporterNames)
    .option('--json', 'the comparison alone on stdout, as JSON')
    .option('--quiet', 'no report on stdout, only files and the exit code')
    .addHelpText('after', examples)
    .action(act(compare));
};

async function compare(context: CliContext, before: string, after: string, flags: Flags): Promise<number> {
  const sides: [Comparable, Comparable] = [
    await loadComparable(before, { outDirectory: flags.out }),
    await loadComparable(after, { outDirectory: flags.out }),
  ];
  const options: ComparisonOptions = {
    ...(flags.confidence !== undefined && { confidence: flags.confidence }),
    force: flags.force ?? false,
  };
  const finished = compared(sides, options);
  reportComparison(context, finished, flags);
  return finished.comparison.exitCode;
}

/** By samples where both have them; else the one that has them is judged, and records are compared. */
function compared([before, after]: [Comparable, Comparable], options: ComparisonOptions): FinishedComparison {
  if (before.kind === 'run' && after.kind === 'run')
    return {
      comparison: compareRuns(before.run, after.run, options),
      samples: { before: before.run.samples, after: after.run.samples },
    };
  const recordOf = (side: Comparable) => (side.kind === 'record' ? side.record : analyse(side.run));
  return { comparison: compareRecords(recordOf(before), recordOf(after), options) };
}
