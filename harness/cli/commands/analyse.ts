import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { compareRecords, compareRuns } from '../../analyse/comparison/compare.js';
import { storedRunFromCurves } from '../../analyse/curves/curve-run.js';
import { companionColumns, storedRunFromSeries } from '../../analyse/series/series-run.js';
import { invalidOption } from '../../model/errors.js';
import { metricDefinition } from '../../model/metric.js';
import type { StoredRun } from '../../model/run-log.js';
import { analyse } from '../../run/analyse-run.js';
import { checkBudgets } from '../../run/budgets.js';
import { readRecording } from '../../series/read-recording.js';
import { loadRun } from '../../store/load-run.js';
import { runFiles, runsDirectory } from '../../store/run-layout.js';
import type { AddCommand, CliContext } from '../context.js';
import { curveBudgets, withLimits } from '../options/curve-options.js';
import { type Limit, limitOption } from '../options/limit-option.js';
import { budgetOption, budgetsOf, confidenceOption, listOption, repeated } from '../options/options.js';
import { addReporterFlag, type ReportFlags, reporterNames, reporterOption } from '../options/reporter-option.js';
import { addOutFlag } from '../options/run-flags.js';
import { comparisonReporterNames, type FinishedComparison, reportComparison } from '../reporting/comparison-reports.js';
import { type FinishedRun, leaveReports } from '../reporting/finished-run.js';
import { rememberRun } from '../reporting/remember-run.js';
import { ReportSession } from '../reporting/reports.js';

interface Flags extends ReportFlags {
  readonly x?: string;
  readonly metric?: readonly string[];
  /** Read once it is known what is judged: curves have names of their own. */
  readonly budget?: readonly string[];
  readonly limit?: readonly Limit[];
  readonly against?: string;
  readonly confidence?: number;
  readonly write?: true;
  readonly out: string;
}

const recordingFile = /\.(csv|tsv|txt|json|jsonl|ndjson|log|om|prom)$/i;

const examples = `
Examples:
  $ plateau analyse latest                                judge the last run again
  $ plateau analyse 20260131 --budget heapUsed=128B       what if the budget were another
  $ plateau analyse soak.csv --x requests                 floors over requests, recorded by anything else
  $ plateau analyse range.json --limit 512MiB             a range query of Prometheus: growth per hour, and when the limit is reached
  $ plateau analyse today.csv --against yesterday.csv     whether one curve grows faster than the other`;

export const addAnalyseCommand: AddCommand = (program, act) => {
  const command = program
    .command('analyse')
    .alias('analyze')
    .description('judge a stored run again, or a series recorded by anything else')
    .argument(
      '<run|file>',
      'a run, or a file: CSV, a Prometheus range query (JSON), OpenMetrics, or logs of pidusage, docker stats or kubectl top',
    )
    .option(
      '--x <column>',
      'file: the column that counts cycles, or holds the time (default: cycles, else a column of time)',
    )
    .option('--metric <name,...>', 'file: what to judge (default: what can leak)', listOption('--metric'))
    .option(
      '--limit <[metric=]value>',
      'file: forecast when a curve reaches it, e.g. 512MiB, 90% or fds=1024; repeatable',
      repeated(limitOption('--limit')),
    )
    .option('--against <file>', 'file: compare with an earlier recording of the same')
    .option('--budget <metric=value>', 'judge with another budget; repeatable', repeated(String))
    .option('--confidence <p>', 'judge with another confidence', confidenceOption('--confidence'))
    .option('--write', 'replace run.json and report.html (they are written when there are none)');
  addReporterFlag(addOutFlag(command), reporterNames)
    .option('--json', 'the run record alone on stdout')
    .addHelpText('after', examples)
    .action(act(analyseReference));
};

async function analyseReference(context: CliContext, reference: string, flags: Flags): Promise<number> {
  const fromFile = isRecording(reference);
  if (flags.against !== undefined) return compareRecordings(context, reference, flags.against, flags);
  const reports = new ReportSession(context, flags);
  const finished = fromFile
    ? await analyseRecording(context, reference, flags)
    : await analyseRun(context, reference, flags);
  reports.add(finished);
  reports.end();
  return finished.record.exitCode;
}

/** A file by its name, or any other file that is there and none of those that make a run. */
function isRecording(reference: string): boolean {
  if (basename(reference) === runFiles.record) return false;
  const isOfRun = [runFiles.manifest, runFiles.samples].some((name) => name === basename(reference));
  if (isOfRun && existsSync(join(dirname(reference), runFiles.manifest))) return false;
  return recordingFile.test(reference) || (statSync(reference, { throwIfNoEntry: false })?.isFile() ?? false);
}

async function analyseRecording(context: CliContext, path: string, flags: Flags): Promise<FinishedRun> {
  if (flags.write)
    throw invalidOption(
      `--write: expected a stored run, got the file "${path}".`,
      'use --reporter json=<file> to keep the record of a series',
    );
  const run = await runOfRecording(context, path, flags);
  return { record: analyse(run), samples: run.samples };
}

async function runOfRecording(context: CliContext, path: string, flags: Flags): Promise<StoredRun> {
  const { x, metric: metrics } = flags;
  const isMetric = (column: string) => metricDefinition(column) !== undefined;
  const recording = await readRecording(path, {
    ...(x !== undefined && { x }),
    isMetric,
    companions: companionColumns,
    ...(metrics && { metrics }),
  });
  const command = { command: context.commandLine, rerun: context.commandLine };
  if (recording.kind === 'cycles') {
    const run = storedRunFromSeries(recording.series);
    return withFlags({ ...run, manifest: { ...run.manifest, ...command } }, flags, ownBudgets(run, flags));
  }
  const run = storedRunFromCurves(withLimits(recording.curves, flags.limit ?? []));
  const budgets = curveBudgets(recording.curves, flags.budget ?? []);
  return withFlags({ ...run, manifest: { ...run.manifest, ...command } }, flags, budgets);
}

/** The file in the light of an earlier one. */
async function compareRecordings(context: CliContext, path: string, against: string, flags: Flags): Promise<number> {
  if (!isRecording(path))
    throw invalidOption(
      `--against: expected a file, got the run "${path}".`,
      'plateau compare <before> <after> compares two runs',
    );
  const before = await runOfRecording(context, against, flags);
  const after = alike(await runOfRecording(context, path, flags), before);
  const finished: FinishedComparison =
    isOverCycles(before) && isOverCycles(after)
      ? { comparison: compareRuns(before, after), samples: { before: before.samples, after: after.samples } }
      : { comparison: compareRecords(analyse(before), analyse(after)) };
  const comparisonReporter = reporterOption('--reporter', comparisonReporterNames);
  const reporter = (flags.reporter ?? []).map(({ name, file }) =>
    comparisonReporter(file === undefined ? name : `${name}=${file}`),
  );
  reportComparison(context, finished, { ...(flags.json && { json: true }), reporter });
  return finished.comparison.exitCode;
}

function isOverCycles({ manifest }: StoredRun): boolean {
  return manifest.curves === undefined;
}

/** Two files have two names, and their only curves may have too: they are compared all the same. */
function alike(run: StoredRun, before: StoredRun): StoredRun {
  const manifest = { ...run.manifest, scenario: before.manifest.scenario };
  const [own, other] = [run, before].map(({ samples }) => [...samples.metrics.keys()]);
  const [from] = own!;
  const [to] = other!;
  const { curves } = manifest;
  if (own!.length !== 1 || other!.length !== 1 || from === undefined || to === undefined || from === to || !curves)
    return { ...run, manifest };
  const renamed = <Value>(values: Readonly<Record<string, Value>>) => (from in values ? { [to]: values[from]! } : {});
  return {
    ...run,
    manifest: {
      ...manifest,
      budgets: renamed(manifest.budgets),
      curves: {
        ...curves,
        units: renamed(curves.units),
        limits: renamed(curves.limits),
        restarts: renamed(curves.restarts),
      },
    },
    samples: { ...run.samples, metrics: new Map([[to, run.samples.metrics.get(from)!]]) },
  };
}

async function analyseRun(context: CliContext, reference: string, flags: Flags): Promise<FinishedRun> {
  const forSeries = (['x', 'metric', 'limit'] as const).find((flag) => flags[flag] !== undefined);
  if (forSeries !== undefined)
    throw invalidOption(
      `--${forSeries}: expected a file, got the run "${reference}".`,
      'a run is judged in all its metrics, by the cycles that it drove',
    );
  const stored = await loadRun(reference, { outDirectory: flags.out });
  const run = withFlags(stored, flags, ownBudgets(stored, flags));
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

/** Of metrics that plateau knows. */
function ownBudgets({ manifest }: StoredRun, { budget = [] }: Flags): Record<string, number> {
  const budgets = budgetsOf(budget.map(budgetOption('--budget')));
  checkBudgets(budgets, manifest.gauges);
  return budgets;
}

function withFlags(run: StoredRun, { confidence }: Flags, budgets: Readonly<Record<string, number>>): StoredRun {
  const { manifest } = run;
  const parameters = confidence === undefined ? manifest.parameters : { ...manifest.parameters, confidence };
  return { ...run, manifest: { ...manifest, parameters, budgets: { ...manifest.budgets, ...budgets } } };
}
