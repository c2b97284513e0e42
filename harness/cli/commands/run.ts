import type { MetricsExport } from '../../export/metrics-export.js';
import { PlateauError } from '../../model/errors.js';
import type { RunOptions } from '../../model/run-options.js';
import { checkDefects } from '../../run/run-parameters.js';
import { runScenario } from '../../run/run-scenario.js';
import type { LoadedScenario } from '../../scenario/load-scenario.js';
import { loadRun } from '../../store/load-run.js';
import { defaultOutDirectory } from '../../store/run-layout.js';
import type { AddCommand, CliContext } from '../context.js';
import { describeError } from '../describe-error.js';
import { gravestExitCode, interruptedExitCode } from '../exit-codes.js';
import { addExportFlags, type ExportFlags, fannedOut, startExport } from '../export-flags.js';
import { findScenario } from '../find-scenario.js';
import { leaveReports } from '../finished-run.js';
import { repeated } from '../options.js';
import { createProgressDisplay, type ProgressDisplay } from '../progress-display.js';
import { rememberRun } from '../remember-run.js';
import { type ReportFlags, ReportSession, reporterNames, reporterOption } from '../reports.js';
import { addDefectFlag, addOutFlag, addRunFlags, type RunFlags, runOptionsOf } from '../run-flags.js';

type Flags = RunFlags & ReportFlags & ExportFlags & { readonly quiet?: true };

const examples = `
Examples:
  $ plateau run branch-store/branches                          a scenario that comes with plateau
  $ plateau run branch-store/branches --defect commit-locks    the same with a leak planted
  $ plateau run ./checkout.scenario.ts --duration 30m          your own
  $ plateau run ./driver.mjs --budget heapUsed=64B --seed 41   a module of plain functions
  $ plateau run upload download --reporter junit=soak.xml      several, one after another, for CI
  $ plateau run ./driver.mjs --json | jq .verdict              the record alone on stdout`;

export const addRunCommand: AddCommand = (program, act) => {
  const command = program
    .command('run')
    .description('soak a scenario and judge it')
    .argument('<scenario...>', 'names that `plateau list` shows, or paths to modules');
  addExportFlags(addOutFlag(addRunFlags(addDefectFlag(command))))
    .option(
      '--reporter <name[=file]>',
      `${reporterNames.join(', ')}; repeatable; without a file it replaces the report on stdout`,
      repeated(reporterOption('--reporter')),
    )
    .option('--json', 'the run record alone on stdout, one line a scenario')
    .option('--quiet', 'no progress')
    .addHelpText('after', examples)
    .action(act(run));
};

/** Runs scenarios one after another; the exit code is that of the gravest. */
async function run(context: CliContext, names: readonly string[], flags: Flags): Promise<number> {
  const { output, notesStream, nowMs, directory, commandLine } = context;
  const reports = new ReportSession(context, flags, names.length);
  const wanted = { ...runOptionsOf(flags), command: commandLine };
  const scenarios = await findScenarios(names, directory, wanted);
  const metrics = await startExport(context, flags);
  return context.interruptible(async (signal) => {
    const quiet = flags.quiet === true;
    const display = createProgressDisplay({ screen: output.notes, stream: notesStream, quiet, signal, nowMs });
    const listener = fannedOut(display, metrics);
    const exitCodes: number[] = [];
    for (const scenario of scenarios) {
      if (signal.aborted) break;
      exitCodes.push(await soak(context, scenario, { ...wanted, signal, listener }, { display, metrics, reports }));
    }
    reports.end();
    const problem = await metrics?.end(signal);
    if (problem !== undefined) output.notes.write(`${problem}\n`);
    return signal.aborted ? interruptedExitCode : gravestExitCode(exitCodes);
  });
}

/** All of them before the first is run: a mistake in the last name must not come to light after hours. */
async function findScenarios(names: readonly string[], directory: string, { defects = [] }: RunOptions) {
  const scenarios: LoadedScenario[] = [];
  for (const name of names) {
    const loaded = await findScenario(name, directory);
    checkDefects(defects, loaded.kind === 'definition' ? loaded.scenario : undefined, loaded.name);
    scenarios.push(loaded);
  }
  return scenarios;
}

/** Who is told of a run. */
interface Audience {
  readonly display: ProgressDisplay;
  readonly metrics: MetricsExport | undefined;
  readonly reports: ReportSession;
}

async function soak(
  context: CliContext,
  scenario: LoadedScenario,
  options: RunOptions,
  { display, metrics, reports }: Audience,
): Promise<number> {
  try {
    metrics?.begin({ scenario: scenario.name, variant: options.variant ?? (options.defects ?? []).join('+') });
    const record = await runScenario(scenario, options);
    const { outDirectory = defaultOutDirectory } = options;
    const stored = await loadRun(record.id, { outDirectory });
    const finished = leaveReports(context, record, stored);
    metrics?.judged(finished.record);
    await rememberRun(context, outDirectory, stored, finished.record);
    display.clear();
    reports.add(finished);
    return finished.record.exitCode;
  } catch (error) {
    // What is wrong with one scenario must not keep the others from running.
    if (!(error instanceof PlateauError)) throw error;
    display.clear();
    const described = describeError(error, { verbose: context.verbose });
    context.output.notes.write(described.text);
    return described.exitCode;
  }
}
