import { resolve } from 'node:path';
import type { MetricsExport } from '../export/metrics-export.js';
import { PlateauError } from '../model/errors.js';
import type { RunOptions } from '../model/run-options.js';
import { loadBaseline } from '../run/load-baseline.js';
import { checkDefects, runBudgets } from '../run/run-parameters.js';
import { runScenario } from '../run/run-scenario.js';
import { type LoadedScenario, loadScenario } from '../scenario/load-scenario.js';
import { loadRun } from '../store/load-run.js';
import { defaultOutDirectory } from '../store/run-layout.js';
import type { CliContext } from './context.js';
import { describeError } from './describe-error.js';
import { gravestExitCode, interruptedExitCode } from './exit-codes.js';
import { type ExportFlags, fannedOut, startExport } from './export-flags.js';
import { findNamedScenario } from './find-scenario.js';
import { leaveReports } from './finished-run.js';
import { isPathLike } from './path-like.js';
import { createProgressDisplay, type ProgressDisplay } from './progress-display.js';
import { rememberRun } from './remember-run.js';
import type { ReportFlags } from './reporter-option.js';
import { ReportSession } from './reports.js';
import { type RunFlags, runOptionsOf } from './run-flags.js';
import { isChosen } from './suite.js';
import { suiteOfDirectory } from './suite-of-directory.js';

export type RunCommandFlags = RunFlags &
  ReportFlags &
  ExportFlags & { readonly quiet?: true; readonly config?: string; readonly baseline?: string };

/** Runs scenarios one after another; the exit code is that of the gravest. */
export async function runScenarios(
  context: CliContext,
  names: readonly string[],
  flags: RunCommandFlags,
): Promise<number> {
  const { output, notesStream, nowMs, commandLine, directory } = context;
  const outDirectory = resolve(directory, flags.out);
  const baseline =
    flags.baseline === undefined ? undefined : await loadBaseline(flags.baseline, { outDirectory, directory });
  const wanted = { ...runOptionsOf(flags), command: commandLine, ...(baseline && { baseline }) };
  const runs = await wantedRuns(context, names, wanted, flags.config);
  const reports = new ReportSession(context, flags, runs.length);
  const metrics = await startExport(context, flags);
  return context.interruptible(async (signal) => {
    const quiet = flags.quiet === true;
    const display = createProgressDisplay({ screen: output.notes, stream: notesStream, quiet, signal, nowMs });
    const listener = fannedOut(display, metrics);
    const exitCodes: number[] = [];
    for (const { scenario, options } of runs) {
      if (signal.aborted) break;
      exitCodes.push(await soak(context, scenario, { ...options, signal, listener }, { display, metrics, reports }));
    }
    reports.end();
    const problem = await metrics?.end(signal);
    if (problem !== undefined) output.notes.write(`${problem}\n`);
    return signal.aborted ? interruptedExitCode : gravestExitCode(exitCodes);
  });
}

interface WantedRun {
  readonly scenario: LoadedScenario;
  readonly options: RunOptions;
}

/**
 * All of them before the first is run: a mistake in the last name must not come to light after hours. A name of the
 * configuration brings its options along, and all its variants; what the command line says goes before them.
 */
async function wantedRuns(
  { directory }: CliContext,
  names: readonly string[],
  wanted: RunOptions,
  config: string | undefined,
): Promise<WantedRun[]> {
  const needsSuite = config !== undefined || names.some((name) => !isPathLike(name));
  const suite = needsSuite ? await suiteOfDirectory(directory, config) : [];
  const runs: WantedRun[] = [];
  for (const name of names) {
    const entries = isPathLike(name) ? [] : suite.filter((entry) => isChosen(entry, name));
    if (entries.length > 0) runs.push(...entries.map(({ source, options }) => configured(source, options, wanted)));
    else if (isPathLike(name)) runs.push({ scenario: await loadScenario(name), options: wanted });
    else {
      const known = suite.map((entry) => entry.name);
      runs.push({ scenario: await findNamedScenario(name, directory, known), options: wanted });
    }
  }
  for (const { scenario, options } of runs) {
    const definition = scenario.kind === 'definition' ? scenario.scenario : undefined;
    checkDefects(options.defects ?? [], definition, scenario.name);
    runBudgets(options, definition);
  }
  return runs;
}

function configured(scenario: LoadedScenario, own: RunOptions, wanted: RunOptions): WantedRun {
  const budgets = { ...own.budgets, ...wanted.budgets };
  return { scenario, options: { ...own, ...wanted, ...(Object.keys(budgets).length > 0 && { budgets }) } };
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
