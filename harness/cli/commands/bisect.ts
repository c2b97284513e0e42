import { resolve } from 'node:path';
import { bisectionJson, terminalBisection } from '../../../reporters/index.js';
import type { BisectionResult } from '../../model/bisection.js';
import { invalidOption } from '../../model/errors.js';
import { interruptedExitCode } from '../../model/exit-codes.js';
import { metricDefinition, metricDefinitions } from '../../model/metric.js';
import { shellWords } from '../../model/shell-words.js';
import { findRepository, type Repository, resolveCommit } from '../../repository/repository.js';
import { bisect } from '../../run/bisect/bisect.js';
import { type AddCommand, type CliContext, shownOn } from '../context.js';
import { createBisectDisplay } from '../display/bisect-display.js';
import { progressSettings } from '../display/progress-display.js';
import { suggestion } from '../options/closest-names.js';
import { quietDescription } from '../options/options.js';
import { addOutFlag, addRunFlags, type RunFlags, runOptionsOf } from '../options/run-flags.js';
import { withFlag, withSeed } from '../options/shell-words.js';
import { findScenario } from '../suite/find-scenario.js';

type Flags = RunFlags & {
  readonly good: string;
  readonly bad: string;
  readonly build?: string;
  readonly metric?: string;
  readonly restart?: true;
  readonly json?: true;
  readonly quiet?: true;
};

const help = `
Commits are checked out into worktrees of their own in a temporary directory,
and removed again; your work tree, index, branches and stash are not touched.
The scenario is the module as it is in each commit; where a commit has none,
yours is laid over it. Installed packages are lent to each checkout unless the
build installs its own. A commit that does not build or start is skipped, as
git bisect skip does. What was judged is kept under <out>/bisect: the same
command goes on after a crash or Ctrl-C.

Exit codes: 0 found, 2 it is not known (what lies between cannot be judged,
or an end is not what it is named for), 3 a mistake in the command, 4 an end
does not build or start, 130 interrupted.

Examples:
  $ plateau bisect ./soak/sessions.mjs --good v1.4.0 --bad main
  $ plateau bisect ./soak/sessions.mjs --good v1.4.0 --bad main -- npm run build
  $ plateau bisect ./soak/sessions.mjs --good v1.4.0 --bad main -- 'npm ci && npm run build'`;

export const addBisectCommand: AddCommand = (program, act) => {
  const command = program
    .command('bisect')
    .description('find the commit that brought a leak')
    .argument('<scenario>', 'the path of a module in a git repository')
    .argument('[build...]', 'after --: what builds a checkout; one word is a shell command')
    .requiredOption('--good <commit>', 'a commit without the leak')
    .requiredOption('--bad <commit>', 'a later one with it')
    .option('--build <command>', 'the same as the words after --')
    .option('--metric <name>', 'the metric to follow (default: the one that shows soonest)', metricOption)
    .option('--restart', 'forget what an earlier call has judged');
  addOutFlag(addRunFlags(command, { thorough: false, ending: false }))
    .option('--json', 'the result alone on stdout')
    .option('--quiet', quietDescription)
    .addHelpText('after', help)
    .action(act(bisectScenario));
};

async function bisectScenario(
  context: CliContext,
  name: string,
  words: readonly string[],
  flags: Flags,
): Promise<number> {
  const { directory, output } = context;
  const { file, repository } = await locate(context, name);
  const good = await resolveCommit(repository, flags.good, '--good');
  const bad = await resolveCommit(repository, flags.bad, '--bad');
  const build = buildCommand(words, flags);
  return context.interruptible(async (signal) => {
    const display = createBisectDisplay(progressSettings(context, flags, signal));
    const result = await settled(
      bisect({
        repository,
        reference: name,
        scenarioFile: file,
        good,
        bad,
        ...(build !== undefined && { build }),
        ...(flags.metric !== undefined && { metric: flags.metric }),
        ...(flags.restart && { restart: true }),
        options: {
          ...runOptionsOf(flags),
          outDirectory: resolve(directory, flags.out),
          command: context.commandLine,
          signal,
        },
        listener: display,
        rerun: (seed) => withFlag(withSeed(context.commandLine, seed), '--restart'),
        proof: (before, after, seed) => proofOf(name, { before, after, seed, build }),
      }),
    );
    display.clear();
    if (signal.aborted) {
      output.notes.write('Interrupted: what was judged is kept; the same command goes on.\n');
      return interruptedExitCode;
    }
    if (!result.ok) throw result.error;
    output.report.write(flags.json ? bisectionJson(result.value) : terminalBisection(result.value, shownOn(context)));
    return exitCodeOf(result.value);
  });
}

function exitCodeOf({ outcome }: BisectionResult): number {
  return outcome === 'found' ? 0 : 2;
}

type Settled<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/** An interruption is no error, whatever it was that ended by it. */
function settled<T>(work: Promise<T>): Promise<Settled<T>> {
  return work.then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error }),
  );
}

/** @throws {PlateauError} `PLATEAU_INVALID_OPTION` for a scenario that no commit has */
async function locate({ directory }: CliContext, name: string): Promise<{ file: string; repository: Repository }> {
  const source = await findScenario(name, directory);
  if (source.file === undefined)
    throw invalidOption(
      `Scenario "${name}": expected a module of yours, got one that comes with plateau.`,
      'pass the path of a module in your repository',
    );
  const repository = await findRepository(source.directory);
  if (repository !== undefined) return { file: source.file, repository };
  throw invalidOption(
    `Scenario "${name}": expected a module in a git repository, got one in ${source.directory}, which is in none.`,
    'commits are soaked by a module that lies in the same repository',
  );
}

function buildCommand(words: readonly string[], { build }: Flags): string | undefined {
  if (words.length === 0) return build;
  if (build !== undefined)
    throw invalidOption('--build: expected no words after --, got both.', 'give the build command once');
  return words.length === 1 ? words[0] : shellWords(words);
}

interface Proof {
  readonly before: string;
  readonly after: string;
  readonly seed: number;
  readonly build: string | undefined;
}

function proofOf(name: string, { before, after, seed, build }: Proof): string {
  const short = (sha: string) => `ref:${sha.slice(0, 12)}`;
  const built = build === undefined ? [] : ['--build', build];
  const words = ['plateau', 'ab', name, '--before', short(before), '--after', short(after), ...built];
  return shellWords([...words, '--seed', String(seed)]);
}

function metricOption(text: string): string {
  const definition = metricDefinition(text);
  if (definition !== undefined && definition.channel !== 'context') return text;
  const names = metricDefinitions().map(({ name }) => name);
  throw invalidOption(
    `--metric: expected a metric, got "${text}".`,
    suggestion(text, names, '--metric heapUsed or --metric gauge.sessions'),
  );
}
