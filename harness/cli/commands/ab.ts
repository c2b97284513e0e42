import { resolve } from 'node:path';
import { terminalPairClosing } from '../../../reporters/index.js';
import { faultExitCode, interruptedExitCode } from '../../model/exit-codes.js';
import { systemClock } from '../../platform/clock.js';
import { drawSeed, seededRandom } from '../../platform/random.js';
import { findRepository } from '../../repository/repository.js';
import { type PairResult, type PairSide, runPair } from '../../run/pair/run-pair.js';
import { Sides } from '../../run/pair/sides.js';
import type { Variant } from '../../run/pair/variant.js';
import type { LoadedScenario } from '../../scenario/load-scenario.js';
import { createRunId } from '../../store/run-id.js';
import { makeOutDirectory } from '../../store/run-store.js';
import { type AddCommand, type CliContext, shownOn } from '../context.js';
import { createPairDisplay, type PairDisplay } from '../display/pair-display.js';
import { progressSettings } from '../display/progress-display.js';
import { quietDescription } from '../options/options.js';
import { addReporterFlag } from '../options/reporter-option.js';
import { addOutFlag, addRunFlags, type RunFlags, runOptionsOf } from '../options/run-flags.js';
import { withSeed } from '../options/shell-words.js';
import { readVariant, variantName } from '../options/variant-option.js';
import {
  type ComparisonReportFlags,
  comparisonReporterNames,
  reportComparison,
} from '../reporting/comparison-reports.js';
import { leaveReports } from '../reporting/finished-run.js';
import { findScenario } from '../suite/find-scenario.js';

type Flags = RunFlags &
  ComparisonReportFlags & {
    readonly before: string;
    readonly after: string;
    readonly build?: string;
    readonly force?: true;
  };

const help = `
A side (X, Y) is one of:
  sound, ""            the scenario as it is
  defect:<name,...>    with defects planted; also "--defect <name>"
  ref:<commit>         its module at a commit, branch or tag, in a checkout of
                       its own; your work tree is not touched
  dir:<path>           its module in another directory
  cmd:<command>        with another command as its target, started here
The form may be left out where it is plain: main~1 is a commit, ../old a
directory, "node old.js" a command.

Examples:
  $ plateau ab branch-store/branches --before defect:commit-locks --after sound
  $ plateau ab ./driver.mjs --before main --after HEAD --build "npm run build"
  $ plateau ab ./my.scenario.ts --before ref:v1.4.0 --after dir:.
  $ plateau ab ./my.scenario.ts --before "node old.js" --after "node new.js"

Exit codes: 0 nothing is worse, 1 something is, 2 it is not known.`;

export const addAbCommand: AddCommand = (program, act) => {
  const command = program
    .command('ab')
    .description('soak two variants in one session, round by round in turns, and compare them')
    .argument('<scenario>', 'a name that `plateau list` shows, or the path of a module')
    .requiredOption('--before <X>', 'what it was')
    .requiredOption('--after <Y>', 'what it is now')
    .option('--build <command>', 'run in each checkout of a commit before it is soaked');
  addReporterFlag(addOutFlag(addRunFlags(command, { thorough: false })), comparisonReporterNames)
    .option('--force', 'compare what is not comparable all the same')
    .option('--json', 'the comparison alone on stdout, as JSON')
    .option('--quiet', quietDescription)
    .addHelpText('after', help)
    .action(act(ab));
};

async function ab(context: CliContext, name: string, flags: Flags): Promise<number> {
  const { directory } = context;
  const source = await findScenario(name, directory);
  const { file } = source;
  const repository = await findRepository(file === undefined ? directory : source.directory);
  const world = { defects: defectsOf(source), directory, repository };
  const variants = {
    before: await readVariant('--before', flags.before, world),
    after: await readVariant('--after', flags.after, world),
  };
  const titles = { before: `before ${variantName(variants.before)}`, after: `after ${variantName(variants.after)}` };
  makeOutDirectory(resolve(flags.out));
  return context.interruptible(async (signal) => {
    const display = createPairDisplay(progressSettings(context, flags, signal), titles);
    const sides = new Sides({
      source,
      file,
      directory,
      repository,
      build: flags.build,
      logDirectory: resolve(flags.out, 'builds'),
      id: createRunId(systemClock.epochMs(), seededRandom(drawSeed())),
      signal,
      onBuild: (reference) => display.note(`building ${reference}: ${flags.build}`),
    });
    try {
      const result = await runSides(sides, variants, { context, flags, signal, display });
      display.clear();
      return report(context, result, flags);
    } catch (error) {
      // Whatever it was that ended by it: git, a build, a target that was about to start.
      if (signal.aborted) return interruptedExitCode;
      throw error;
    } finally {
      display.clear();
      await sides.close();
    }
  });
}

function defectsOf(source: LoadedScenario): readonly string[] {
  return source.kind === 'definition' ? Object.keys(source.scenario.defects ?? {}) : [];
}

interface Session {
  readonly context: CliContext;
  readonly flags: Flags;
  readonly signal: AbortSignal;
  readonly display: PairDisplay;
}

async function runSides(
  sides: Sides,
  variants: Readonly<Record<PairSide, Variant>>,
  { context, flags, signal, display }: Session,
): Promise<PairResult> {
  const before = await sides.prepare(variants.before);
  const after = await sides.prepare(variants.after);
  for (const [side, { notes }] of Object.entries({ before, after }))
    for (const note of notes) display.note(`${side}: ${note}`);
  return runPair(
    { before, after },
    {
      ...runOptionsOf(flags),
      variants: { before: variantName(variants.before), after: variantName(variants.after) },
      command: context.commandLine,
      rerun: (seed) => withSeed(context.commandLine, seed),
      listeners: display.listeners,
      signal,
      ...(flags.force && { force: true }),
    },
  );
}

function report(context: CliContext, result: PairResult, flags: Flags): number {
  const { comparison } = result;
  for (const { record, run } of [result.before, result.after]) leaveReports(context, record, run);
  const samples = { before: result.before.run.samples, after: result.after.run.samples };
  const { quiet: _, ...reporting } = flags;
  reportComparison(context, { comparison, samples }, reporting);
  const names = (flags.reporter ?? []).filter(({ file }) => file === undefined).map(({ name }) => name);
  if (!flags.json && (names.length === 0 || names.includes('terminal')))
    context.output.report.write(terminalPairClosing(result.after.record, result.rerun, shownOn(context)));
  const ended = [result.before, result.after].map(({ record }) => record.verdict);
  if (ended.includes('interrupted')) return interruptedExitCode;
  return ended.includes('crashed') ? faultExitCode : comparison.exitCode;
}
