import { dirname, resolve } from 'node:path';
import { shrinkJson, terminalShrink } from '../../../reporters/index.js';
import { invalidOption } from '../../model/errors.js';
import { interruptedExitCode } from '../../model/exit-codes.js';
import type { ShrinkResult } from '../../model/shrink.js';
import { shrink } from '../../run/shrink/shrink.js';
import { loadRun } from '../../store/load-run.js';
import { type AddCommand, type CliContext, shownOn } from '../context.js';
import { progressSettings } from '../display/progress-display.js';
import { createShrinkDisplay } from '../display/shrink-display.js';
import { requireNewModule, writeNewModule } from '../init/new-module.js';
import { durationOption, quietDescription } from '../options/options.js';
import { addOutFlag } from '../options/run-flags.js';
import type { RunSource } from '../shrink/run-source.js';

interface Flags {
  readonly metric?: string;
  readonly output?: string;
  readonly search?: number;
  readonly out: string;
  readonly json?: true;
  readonly quiet?: true;
}

/** Most searches take three to ten trials of two to four seconds each. */
const defaultSearchMs = 40_000;

const help = `
Operations, faults, inputs and cycles at once are left out as long as the loop
still leaks at the rate of the run. Each trial is a short soak with the run's
seed; what is left is judged in full, and written as a module.

Exit codes: 0 a smaller loop is shown to leak, 2 it is not known, 3 the run
shows no growth by cycles, or its scenario cannot be found, 130 interrupted.

Examples:
  $ plateau shrink latest
  $ plateau shrink latest --metric fds --output fds-leak.scenario.ts`;

export const addShrinkCommand: AddCommand = (program, act) => {
  const command = program
    .command('shrink')
    .description('the smallest loop of a run that still leaks, as a module')
    .argument('<run>', 'a run that found a leak: an id, a unique prefix, latest, or a path')
    .option('--metric <name>', 'the metric that must grow (default: the one that shows soonest)')
    .option('--output <file>', 'the module to write (default: <scenario>-smallest.scenario.ts beside its scenario)')
    .option(
      '--search <time>',
      'longest time for trials; what is left by then is judged (default: 40s)',
      durationOption('--search'),
    );
  addOutFlag(command)
    .option('--json', 'the result alone on stdout')
    .option('--quiet', quietDescription)
    .addHelpText('after', help)
    .action(act(shrinkRun));
};

async function shrinkRun(context: CliContext, reference: string, flags: Flags): Promise<number> {
  const { directory } = context;
  const outDirectory = resolve(directory, flags.out);
  const run = await loadRun(reference, { outDirectory });
  const { sourceOfRun } = await import('../shrink/run-source.js');
  const found = await sourceOfRun(run.manifest, directory);
  const path = await modulePath(found, flags, directory);
  if (path !== undefined) requireNewModule('--output', path, directory);
  return context.interruptible(async (signal) => {
    const display = createShrinkDisplay(progressSettings(context, flags, signal));
    const options = { ...found.options, outDirectory, command: context.commandLine, signal };
    const { metric, search: searchMs = defaultSearchMs } = flags;
    const plan = {
      source: found.source,
      run,
      options,
      searchMs,
      listener: display,
      ...(metric !== undefined && { metric }),
    };
    let result: ShrinkResult;
    try {
      result = await shrink(plan);
    } catch (error) {
      if (signal.aborted) return interruptedExitCode;
      throw error;
    } finally {
      display.clear();
    }
    return report(context, await withModule(result, found, path, context), flags);
  });
}

function report(context: CliContext, result: ShrinkResult, flags: Flags): number {
  context.output.report.write(flags.json ? shrinkJson(result) : terminalShrink(result, shownOn(context)));
  return result.outcome === 'unshown' ? 2 : 0;
}

/** @returns undefined for a scenario that comes with plateau, which no module of the user's can import */
async function modulePath(
  { source, requests }: RunSource,
  { output }: Flags,
  directory: string,
): Promise<string | undefined> {
  if (requests === undefined && source.file === undefined) return undefined;
  const { defaultModulePath } = await import('../shrink/module-text.js');
  const path = resolve(directory, output ?? defaultModulePath(source, directory));
  if (requests !== undefined || dirname(path) === source.directory) return path;
  throw invalidOption(
    `--output: expected a file in ${source.directory}, beside the scenario that it imports, got ${path}.`,
    'leave --output out, or give a name in that directory',
  );
}

/** Writes the loop that is left, where there is one and a module can hold it. */
async function withModule(
  result: ShrinkResult,
  { source, requests, options }: RunSource,
  path: string | undefined,
  { directory }: CliContext,
): Promise<ShrinkResult> {
  if (path === undefined || result.outcome === 'unshown') return result;
  const { loopText, requestLoopText } = await import('../shrink/module-text.js');
  const text =
    requests === undefined
      ? loopText(source, result, options.defects ?? [])
      : requestLoopText(source, result, requests, { directory, path });
  writeNewModule('--output', path, text, directory);
  return { ...result, module: path };
}
