import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Option } from 'commander';
import { nightPlanText } from '../../../reporters/index.js';
import { invalidOption } from '../../model/errors.js';
import { interruptedExitCode } from '../../model/exit-codes.js';
import { systemClock } from '../../platform/clock.js';
import { canariesOf } from '../../run/nightly/canaries.js';
import type { FinishedNight } from '../../run/nightly/finish-night.js';
import { type OpenNight, openNight } from '../../run/nightly/open-night.js';
import { runNight } from '../../run/nightly/run-night.js';
import { type LoadedConfiguration, loadConfiguration } from '../../scenario/load-configuration.js';
import { defaultOutDirectory } from '../../store/run-layout.js';
import { type AddCommand, type CliContext, shownOn } from '../context.js';
import { createNightDisplay } from '../display/night-display.js';
import { deliverNight } from '../night/deliver-night.js';
import { exportedNight, startNightExport } from '../night/night-export.js';
import { configuredReporter, type NightReporterRequest, nightReporterNames } from '../night/night-reports.js';
import { openFleet } from '../night/open-fleet.js';
import { type NightSelection, wantedNight } from '../night/wanted-night.js';
import { addExportFlags, type ExportFlags } from '../options/export-flags.js';
import { durationOption, listOption, quietDescription, repeated, shardOption } from '../options/options.js';
import { addReporterFlag, requireJsonAlone } from '../options/reporter-option.js';
import { type Tag, tagOption } from '../options/tag-option.js';
import { openLivePage } from '../ui/open-page.js';

interface Flags extends ExportFlags, NightSelection {
  readonly config?: string;
  readonly queue?: string;
  readonly silence: number;
  readonly fresh?: true;
  readonly resume?: true;
  readonly dryRun?: true;
  readonly json?: true;
  readonly quiet?: true;
  readonly reporter?: readonly NightReporterRequest[];
  readonly tag?: readonly Tag[];
  readonly out?: string;
}

const worker = fileURLToPath(new URL('../night/night-entry.js', import.meta.url));

/** A Redis that is started again reads its data within a minute or two. */
const usualSilenceMs = 120_000;

const help = `
Exit codes: 1 when anything leaks that is not a known leak, whether it is new or not; 4 when the canaries failed (the
night is void), the build failed or a target crashed; 2 when something stayed undecided; 0 else. What is reported on
webhooks is news alone. A night that was killed or interrupted goes on where it stopped when it is started again.

Examples:
  $ plateau nightly                                   everything in plateau.config.ts
  $ plateau nightly --dry-run                         what it would do, and when
  $ plateau nightly --shard 2/4 --reporter junit=night.xml
  $ plateau nightly --only sessions,uploads --time 30m`;

export const addNightlyCommand: AddCommand = (program, act) => {
  const command = addExportFlags(program.command('nightly'));
  addReporterFlag(command, nightReporterNames, 'is for stdout; added to those of the configuration')
    .description('run a suite within a time budget, canaries first, and show what is new')
    .option('--config <file>', 'configuration (default: plateau.config.ts)')
    .option(
      '--only <names>',
      'scenarios of the configuration, with commas between them; repeatable',
      listOption('--only'),
    )
    .option('--shard <n/m>', 'one part of the suite, e.g. 2/4', shardOption('--shard'))
    .option('--queue <url>', 'Redis: entries are run by those who call plateau worker --queue <url>')
    .addOption(
      new Option('--silence <time>', 'how long the queue may be away before the night stops')
        .argParser(durationOption('--silence'))
        .default(usualSilenceMs, '2m'),
    )
    .option('--time <time>', 'of the whole night (default: nightly.time, else 2h)', durationOption('--time'))
    .option('--fresh', 'begin anew, even where a night that stopped could be gone on with')
    .option('--resume', 'go on with a night that stopped, or do nothing: for the start of a machine')
    .option('--dry-run', 'show the plan and its times, run nothing')
    .option(
      '--tag <key=value>',
      'kept in the record and the history of each run; repeatable',
      repeated(tagOption('--tag')),
    )
    .option('--out <dir>', 'where runs and nights are kept (default: of the configuration, else .plateau)')
    .option('--json', 'the record of the night alone on stdout')
    .option('--quiet', quietDescription)
    .addHelpText('after', help)
    .action(act(nightly));
};

async function nightly(context: CliContext, flags: Flags): Promise<number> {
  const loaded = await loadConfiguration(context.directory, flags.config);
  const reporters = reportersOf(context, loaded, flags);
  const plan = await wantedNight(context, loaded, flags);
  if (flags.fresh && flags.resume)
    throw invalidOption('--resume: expected to be without --fresh, got both.', 'one of them');
  if (flags.dryRun) {
    context.output.report.write(flags.json ? `${JSON.stringify(plan)}\n` : nightPlanText(plan, shownOn(context)));
    return 0;
  }
  const out = outDirectoryOf(context, loaded, flags);
  return context.interruptible(async (signal) => {
    const { fresh = false, resume = false } = flags;
    const night = openNight(out, plan, { fresh, resumeOnly: resume, clock: systemClock });
    if (night === undefined) {
      context.output.notes.write('No night to go on with.\n');
      return 0;
    }
    try {
      if (flags.ui) await openLivePage(context, out);
      const finished = await run(context, loaded, { night, out, flags, signal });
      if (finished === undefined) return interruptedExitCode;
      await deliverNight(context, loaded, { night, out, finished, reporters, signal });
      return finished.record.exitCode;
    } finally {
      night.close();
    }
  });
}

export function outDirectoryOf(
  { directory }: CliContext,
  { configuration, directory: base }: LoadedConfiguration,
  { out }: { readonly out?: string },
): string {
  return out === undefined ? resolve(base, configuration.out ?? defaultOutDirectory) : resolve(directory, out);
}

/** @throws {PlateauError} when stdout cannot hold what was asked for */
function reportersOf(
  context: CliContext,
  { configuration, directory }: LoadedConfiguration,
  { json, reporter = [] }: Flags,
) {
  requireJsonAlone(json, reporter);
  const configured = (configuration.reporters ?? []).map((wanted, index) => ({
    ...configuredReporter(wanted, `reporters.${index}`),
    directory,
  }));
  const given = reporter.map((request) => ({ ...request, directory: context.directory }));
  const all = [...configured, ...given];
  if (!json) return all;
  return [...all.filter(({ file }) => file !== undefined), { name: 'json' as const, directory }];
}

interface NightRun {
  readonly night: OpenNight;
  readonly out: string;
  readonly flags: Flags;
  readonly signal: AbortSignal;
}

async function run(
  context: CliContext,
  { configuration, file, directory }: LoadedConfiguration,
  { night, out, flags, signal }: NightRun,
): Promise<FinishedNight | undefined> {
  const { output, notesStream, nowMs, verbose, commandLine } = context;
  const { build, knownLeaks = [], nightly: wanted } = configuration;
  const display = createNightDisplay({
    screen: output.notes,
    stream: notesStream,
    quiet: flags.quiet === true,
    signal,
    nowMs,
  });
  if (night.resumed > 0 && !flags.quiet)
    output.notes.write(
      `Going on with night ${night.plan.id}, which stopped before it was over (--fresh begins anew).\n`,
    );
  const tags = flags.tag === undefined ? undefined : Object.fromEntries(flags.tag);
  const metrics = await startNightExport(context, configuration, flags, night.plan);
  const fleet =
    flags.queue === undefined
      ? undefined
      : await openFleet(flags.queue, { night, out, file, context, silenceMs: flags.silence });
  const finished = await runNight(night, {
    runner: {
      configuration: file,
      outDirectory: out,
      worker,
      ...(fleet !== undefined && { place: fleet.place }),
      command: commandLine,
      ...(tags !== undefined && { tags }),
      verbose,
      signal,
      listener: exportedNight(display, metrics, night.plan, tags),
    },
    canaries: canariesOf(configuration, directory),
    directory,
    ...(build !== undefined && { build }),
    finish: {
      knownLeaks,
      ...(wanted?.undecidedNights !== undefined && { undecidedNights: wanted.undecidedNights }),
    },
  }).finally(() => fleet?.close());
  display.clear();
  const problem = await metrics?.end(signal);
  if (problem !== undefined) output.notes.write(`${problem}\n`);
  return finished;
}
