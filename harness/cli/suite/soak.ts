import { resolve } from 'node:path';
import type { MetricsExport } from '../../export/metrics-export.js';
import { PlateauError } from '../../model/errors.js';
import { faultExitCode, gravestExitCode, interruptedExitCode } from '../../model/exit-codes.js';
import { seriesVariant } from '../../model/history.js';
import type { RunOptions } from '../../model/run-options.js';
import { runBudgets } from '../../run/budgets.js';
import { checkDefects } from '../../run/check-defects.js';
import { loadBaseline } from '../../run/load-baseline.js';
import { runScenario } from '../../run/run-scenario.js';
import type { LoadedScenario } from '../../scenario/load-scenario.js';
import { loadRun } from '../../store/load-run.js';
import { defaultOutDirectory } from '../../store/run-layout.js';
import type { CliContext } from '../context.js';
import { createProgressDisplay, type ProgressDisplay, progressSettings } from '../display/progress-display.js';
import { fannedOut, startExport } from '../options/export-flags.js';
import { runOptionsOf } from '../options/run-flags.js';
import type { SoakFlags } from '../options/soak-flags.js';
import { describeError } from '../reporting/describe-error.js';
import { leaveReports } from '../reporting/finished-run.js';
import { openReport } from '../reporting/open-report.js';
import { rememberRun } from '../reporting/remember-run.js';
import { ReportSession } from '../reporting/reports.js';
import { openLivePage } from '../ui/open-page.js';

/** @throws {PlateauError} `PLATEAU_INVALID_BASELINE`, `PLATEAU_UNKNOWN_RUN` */
export async function soakOptionsOf(flags: SoakFlags, directory: string): Promise<RunOptions> {
  const { baseline: reference } = flags;
  if (reference === undefined) return runOptionsOf(flags);
  const outDirectory = resolve(directory, flags.out);
  return { ...runOptionsOf(flags), baseline: await loadBaseline(reference, { outDirectory, directory }) };
}

export interface WantedRun {
  readonly scenario: LoadedScenario;
  readonly options: RunOptions;
}

/** Before the first of several is run. @throws {PlateauError} for defects and budgets that the scenario cannot have */
export function checkWanted({ scenario, options }: WantedRun): void {
  const definition = scenario.kind === 'definition' ? scenario.scenario : undefined;
  checkDefects(options.defects ?? [], definition, scenario.name);
  runBudgets(options, definition);
}

/** Runs scenarios one after another; the exit code is that of the gravest. */
export async function soakRuns(context: CliContext, runs: readonly WantedRun[], flags: SoakFlags): Promise<number> {
  const { output } = context;
  const reports = new ReportSession(context, flags, runs.length);
  const metrics = await startExport(context, flags);
  if (flags.ui) await openLivePage(context, resolve(context.directory, flags.out));
  return context.interruptible(async (signal) => {
    const display = createProgressDisplay(progressSettings(context, flags, signal));
    const listener = fannedOut(display, metrics);
    const exitCodes: number[] = [];
    for (const { scenario, options } of runs) {
      if (signal.aborted) break;
      const finished = await soak(context, scenario, { ...options, signal, listener }, { display, metrics, reports });
      exitCodes.push(finished.exitCode);
      if (flags.open && finished.reportPath !== undefined) await openReport(context, finished.reportPath);
    }
    reports.end();
    const problem = await metrics?.end(signal);
    if (problem !== undefined) output.notes.write(`${problem}\n`);
    // One that was judged before the signal came has said what its exit code is.
    return exitCodes.length < runs.length ? interruptedExitCode : gravestExitCode(exitCodes);
  });
}

/** Who is notified of a run. */
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
): Promise<{ readonly exitCode: number; readonly reportPath?: string | undefined }> {
  try {
    metrics?.begin({ scenario: scenario.name, variant: seriesVariant(options), tags: options.tags });
    const record = await runScenario(scenario, options);
    const { outDirectory = defaultOutDirectory } = options;
    const stored = await loadRun(record.id, { outDirectory });
    const finished = leaveReports(context, record, stored);
    metrics?.judged(finished.record);
    const isRemembered = await rememberRun(context, outDirectory, stored, finished.record);
    display.clear();
    reports.add(finished);
    // What could not be kept is a fault of plateau, whatever the run has shown.
    const isKept = isRemembered && finished.isIncomplete !== true;
    return { exitCode: isKept ? finished.record.exitCode : faultExitCode, reportPath: finished.reportPath };
  } catch (error) {
    // What is wrong with one scenario must not keep the others from running.
    if (!(error instanceof PlateauError)) throw error;
    display.clear();
    const described = describeError(error, { verbose: context.verbose });
    context.output.notes.write(described.text);
    return { exitCode: described.exitCode };
  }
}
