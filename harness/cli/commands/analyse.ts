import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { companionColumns, storedRunFromSeries } from '../../analyse/series/series-run.js';
import { PlateauError } from '../../model/errors.js';
import { metricDefinition } from '../../model/metric.js';
import type { StoredRun } from '../../model/run-log.js';
import { analyse } from '../../run/analyse-run.js';
import { checkBudgets } from '../../run/run-parameters.js';
import { loadRun } from '../../store/load-run.js';
import { readSeries } from '../../store/read-series.js';
import { runFiles, runsDirectory } from '../../store/run-layout.js';
import type { AddCommand, CliContext } from '../context.js';
import { type Budget, budgetOption, budgetsOf, confidenceOption, listOption, repeated } from '../options/options.js';
import { type ReportFlags, reporterNames, reporterOption } from '../options/reporter-option.js';
import { addOutFlag } from '../options/run-flags.js';
import { type FinishedRun, leaveReports } from '../reporting/finished-run.js';
import { rememberRun } from '../reporting/remember-run.js';
import { ReportSession } from '../reporting/reports.js';

interface Flags extends ReportFlags {
  readonly x?: string;
  readonly metric?: readonly string[];
  readonly budget?: readonly Budget[];
  readonly confidence?: number;
  readonly write?: true;
  readonly out: string;
}

const seriesFile = /\.(csv|tsv|txt)$/i;
const defaultX = 'cycles';

const examples = `
Examples:
  $ plateau analyse latest                                judge the last run again
  $ plateau analyse 20260131 --budget heapUsed=128B       what if the budget were another
  $ plateau analyse soak.csv --x requests                 a series recorded by anything else
  $ plateau analyse soak.csv --metric rss,fds --json`;

export const addAnalyseCommand: AddCommand = (program, act) => {
  const command = program
    .command('analyse')
    .alias('analyze')
    .description('judge a stored run again, or a series recorded by anything else')
    .argument('<run|file.csv>', 'a run, or a table with a header: comma, semicolon or tab')
    .option('--x <column>', `CSV: the column that counts cycles (default: ${defaultX})`)
    .option(
      '--metric <column,...>',
      'CSV: the columns to judge (default: those named after metrics)',
      listOption('--metric'),
    )
    .option('--budget <metric=value>', 'judge with another budget; repeatable', repeated(budgetOption('--budget')))
    .option('--confidence <p>', 'judge with another confidence', confidenceOption('--confidence'))
    .option('--write', 'replace run.json and report.html (they are written when there are none)');
  addOutFlag(command)
    .option(
      '--reporter <name[=file]>',
      `${reporterNames.join(', ')}; repeatable; without a file it replaces the report on stdout`,
      repeated(reporterOption('--reporter')),
    )
    .option('--json', 'the run record alone on stdout')
    .addHelpText('after', examples)
    .action(act(analyseReference));
};

async function analyseReference(context: CliContext, reference: string, flags: Flags): Promise<number> {
  const reports = new ReportSession(context, flags);
  const fromFile = seriesFile.test(reference);
  const finished = fromFile
    ? await analyseSeries(context, reference, flags)
    : await analyseRun(context, reference, flags);
  reports.add(finished);
  reports.end();
  return finished.record.exitCode;
}

async function analyseSeries(context: CliContext, path: string, flags: Flags): Promise<FinishedRun> {
  const { x = defaultX, metric: metrics } = flags;
  if (flags.write)
    throw new PlateauError('PLATEAU_INVALID_OPTION', `--write: expected a stored run, got the file "${path}".`, {
      hint: 'use --reporter json=<file> to keep the record of a series',
    });
  const isMetric = (column: string) => metricDefinition(column) !== undefined;
  const series = await readSeries(path, { x, isMetric, companions: companionColumns, ...(metrics && { metrics }) });
  const run = storedRunFromSeries(series);
  const command = { command: context.commandLine, rerun: context.commandLine };
  const judged = withFlags({ ...run, manifest: { ...run.manifest, ...command } }, flags);
  return { record: analyse(judged), samples: judged.samples };
}

async function analyseRun(context: CliContext, reference: string, flags: Flags): Promise<FinishedRun> {
  const forSeries = flags.x === undefined ? (flags.metric === undefined ? undefined : '--metric') : '--x';
  if (forSeries !== undefined)
    throw new PlateauError('PLATEAU_INVALID_OPTION', `${forSeries}: expected a CSV file, got the run "${reference}".`, {
      hint: 'the name of a CSV file ends with .csv, .tsv or .txt; a run is judged in all its metrics',
    });
  const stored = await loadRun(reference, { outDirectory: flags.out });
  const run = withFlags(stored, flags);
  const record = analyse(run);
  const asRecorded = flags.budget === undefined && flags.confidence === undefined;
  const judgedBefore = stored.directory !== undefined && existsSync(join(stored.directory, runFiles.record));
  if (flags.write || (asRecorded && !judgedBefore)) {
    const finished = leaveReports(context, record, run);
    const ofOut = resolve(runsDirectory(flags.out)) === dirname(run.directory ?? '');
    if (ofOut) await rememberRun(context, flags.out, run, finished.record);
    return finished;
  }
  return { record, samples: run.samples };
}

function withFlags(run: StoredRun, { budget, confidence }: Flags): StoredRun {
  const { manifest } = run;
  checkBudgets(budgetsOf(budget), manifest.gauges);
  const parameters = confidence === undefined ? manifest.parameters : { ...manifest.parameters, confidence };
  return { ...run, manifest: { ...manifest, parameters, budgets: { ...manifest.budgets, ...budgetsOf(budget) } } };
}
