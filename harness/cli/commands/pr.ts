import { resolve } from 'node:path';
import { invalidOption } from '../../model/errors.js';
import { interruptedExitCode } from '../../model/exit-codes.js';
import { exitCodeOfChanges, type ScenarioChange } from '../../model/pull-request.js';
import { findRepository, mergeBases, type Repository, resolveCommit } from '../../repository/repository.js';
import type { LoadedScenario } from '../../scenario/load-scenario.js';
import { makeOutDirectory } from '../../store/run-store.js';
import type { AddCommand, CliContext } from '../context.js';
import { durationOption } from '../options/options.js';
import { outputOption } from '../options/output-option.js';
import { addOutFlag } from '../options/run-flags.js';
import { findCandidates } from '../pull-request/candidates.js';
import { type ComparePlan, compareScenario } from '../pull-request/compare-scenario.js';
import { type OutputFlags, writeOutputs } from '../pull-request/write-outputs.js';

interface Flags extends OutputFlags {
  readonly base: string;
  readonly time: number;
  readonly build?: string;
  readonly out: string;
}

/** Less decides nothing: both sides are started, warmed up and driven in turns. */
const scenarioMsMin = 20_000;
const scenarioMsMax = 180_000;
const defaultTime = '10m';

const help = `
A scenario is touched when the change is in what it or its Node target imports, or,
for other targets, below its directory. Scenarios are those of plateau.config.ts,
else all files that are called *.scenario.ts, .mts, .js or .mjs.

On GitHub, the job summary, annotations and the output \`news\` are written too.

Examples:
  $ plateau pr --base origin/main
  $ plateau pr ./uploads.scenario.ts --base origin/main --time 5m
  $ plateau pr --base origin/main --comment comment.md --sarif plateau.sarif
  $ plateau pr --base origin/main --code-quality gl-code-quality-report.json --junit plateau.xml

Exit codes: 0 nothing is worse, 1 something is, 2 it is not known.`;

export const addPrCommand: AddCommand = (program, act) => {
  const command = program
    .command('pr')
    .description('soak what a change touches at its base and as it is now, and report what became worse')
    .argument('[scenario...]', 'these, whatever the change touches')
    .requiredOption('--base <ref>', 'the branch or commit that the change will be merged into')
    .option(
      '--time <time>',
      'for all scenarios together',
      durationOption('--time'),
      durationOption('--time')(defaultTime),
    )
    .option('--build <command>', 'run in the checkout of the base before it is soaked')
    .option(
      '--comment <file>',
      'a comment for the pull request, in Markdown; begins with a marker to find it again',
      outputOption('--comment', 'comment.md'),
    )
    .option('--sarif <file>', 'what leaks now, as SARIF 2.1.0', outputOption('--sarif', 'plateau.sarif'))
    .option('--code-quality <file>', 'the same for GitLab', outputOption('--code-quality', 'quality.json'))
    .option('--junit <file>', 'a test case for each scenario', outputOption('--junit', 'junit.xml'));
  addOutFlag(command).addHelpText('after', help).action(act(pullRequest));
};

async function pullRequest(context: CliContext, names: readonly string[], flags: Flags): Promise<number> {
  const { directory, nowMs } = context;
  const repository = await findRepository(directory);
  if (repository === undefined)
    throw invalidOption(
      `--base: expected a git repository around ${directory}, got none.`,
      'run plateau pr in a checkout of the change',
    );
  const baseSha = await commonCommit(repository, flags.base);
  const { touched, untouched, broken } = await findCandidates(names, { directory, root: repository.root, baseSha });
  makeOutDirectory(resolve(flags.out));
  const deadlineMs = nowMs() + flags.time;
  return context.interruptible(async (signal) => {
    const scenarios: ScenarioChange[] = [...broken];
    for (const [index, source] of touched.entries()) {
      const durationMs = shareOf(deadlineMs - nowMs(), touched.length - index);
      const { base, build, out } = flags;
      const plan = { base, baseSha, repository, build, outDirectory: out, durationMs, context, signal };
      scenarios.push(await changeOf(source, plan));
      if (signal.aborted) {
        context.output.notes.write(interruptedNote(scenarios));
        return interruptedExitCode;
      }
    }
    writeOutputs(context, { base: flags.base, baseSha, scenarios, untouched }, flags, repository.root);
    return exitCodeOfChanges(scenarios);
  });
}

/** A comment about a part of a change would be taken for one about all of it; what was soaked is kept. */
function interruptedNote(scenarios: readonly ScenarioChange[]): string {
  const commands = scenarios.flatMap((change) => {
    if (change.kind === 'compared')
      return [`plateau compare ${change.comparison.before.id} ${change.comparison.after.id}`];
    return change.kind === 'added' ? [`plateau analyse ${change.after.id}`] : [];
  });
  return ['Interrupted: nothing is reported of the change.', ...commands.map((command) => `Try: ${command}`), ''].join(
    '\n',
  );
}

/** What the base has had since is no part of the change. */
async function commonCommit(repository: Repository, base: string): Promise<string> {
  const sha = await resolveCommit(repository, base, '--base');
  const [common = sha] = await mergeBases(repository, sha, 'HEAD');
  return common;
}

function shareOf(leftMs: number, scenarios: number): number {
  return Math.min(scenarioMsMax, leftMs / scenarios);
}

async function changeOf(source: LoadedScenario, plan: ComparePlan): Promise<ScenarioChange> {
  if (plan.durationMs < scenarioMsMin) return { name: source.name, kind: 'skipped' };
  plan.context.output.notes.write(`${source.name}: ${Math.round(plan.durationMs / 1_000)} s at most\n`);
  return compareScenario(source, plan);
}
