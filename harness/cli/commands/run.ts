import { PlateauError } from '../../model/errors.js';
import type { RunOptions } from '../../model/run-options.js';
import { checkDefects } from '../../run/run-parameters.js';
import { runScenario } from '../../run/run-scenario.js';
import type { LoadedScenario } from '../../scenario/load-scenario.js';
import { loadRun } from '../../store/load-run.js';
import type { AddCommand, CliContext } from '../context.js';
import { describeError } from '../describe-error.js';
import { gravestExitCode, interruptedExitCode } from '../exit-codes.js';
import { findScenario } from '../find-scenario.js';
import { type FinishedRun, leaveReports } from '../finished-run.js';
import { repeated } from '../options.js';
import { createProgressDisplay } from '../progress-display.js';
import { type ReportFlags, ReportSession, reporterNames, reporterOption } from '../reports.js';
import { addDefectFlag, addOutFlag, addRunFlags, type RunFlags, runOptionsOf } from '../run-flags.js';

type Flags = RunFlags & ReportFlags & { readonly quiet?: true };

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
  addOutFlag(addRunFlags(addDefectFlag(command)))
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
  const reports = new ReportSession(context, flags, names.length);
  const options: RunOptions = { ...runOptionsOf(flags), command: context.commandLine };
  return context.interruptible(async (signal) => {
    const scenarios: LoadedScenario[] = [];
    for (const name of names) {
      const loaded = await findScenario(name, context.directory);
      checkDefects(options.defects ?? [], loaded.kind === 'definition' ? loaded.scenario : undefined, loaded.name);
      scenarios.push(loaded);
    }
    const exitCodes: number[] = [];
    for (const scenario of scenarios) {
      if (signal.aborted) break;
      exitCodes.push(await soak(context, scenario, { ...options, signal }, flags, reports));
    }
    reports.end();
    return signal.aborted ? interruptedExitCode : gravestExitCode(exitCodes);
  });
}

async function soak(
  context: CliContext,
  scenario: LoadedScenario,
  options: RunOptions,
  { quiet, out }: Flags,
  reports: ReportSession,
): Promise<number> {
  const { output, notesStream, nowMs } = context;
  const display = createProgressDisplay({ screen: output.notes, stream: notesStream, quiet: quiet === true, nowMs });
  let finished: FinishedRun;
  try {
    const record = await runScenario(scenario, { ...options, listener: display });
    finished = leaveReports(context, record, await loadRun(record.id, { outDirectory: out }));
  } catch (error) {
    // What is wrong with one scenario must not keep the others from running.
    if (!(error instanceof PlateauError)) throw error;
    display.clear();
    const described = describeError(error, { verbose: context.verbose });
    output.notes.write(described.text);
    return described.exitCode;
  }
  display.clear();
  reports.add(finished);
  return finished.record.exitCode;
}
