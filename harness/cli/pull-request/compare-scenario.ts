import { relative, resolve } from 'node:path';
import { PlateauError } from '../../model/errors.js';
import type { ScenarioChange } from '../../model/pull-request.js';
import { shellWords } from '../../model/shell-words.js';
import { systemClock } from '../../platform/clock.js';
import { drawSeed, seededRandom } from '../../platform/random.js';
import { askGit } from '../../repository/git.js';
import type { Repository } from '../../repository/repository.js';
import { runPair } from '../../run/pair/run-pair.js';
import { Sides } from '../../run/pair/sides.js';
import { runScenario } from '../../run/run-scenario.js';
import type { LoadedScenario } from '../../scenario/load-scenario.js';
import { createRunId } from '../../store/run-id.js';
import type { CliContext } from '../context.js';

/** The rest is for starting both sides, for counting, resting and the cause. */
const driveShare = 0.6;

export interface ComparePlan {
  readonly base: string;
  readonly baseSha: string;
  readonly repository: Repository;
  readonly build: string | undefined;
  readonly outDirectory: string;
  /** For this scenario, cause included. */
  readonly durationMs: number;
  readonly context: CliContext;
  readonly signal: AbortSignal;
}

/** Soaks a scenario at the base and as it is now, in turns; what cannot be compared is no reason to compare nothing else. */
export async function compareScenario(source: LoadedScenario, plan: ComparePlan): Promise<ScenarioChange> {
  const { name } = source;
  try {
    return (await isNew(source, plan)) ? await soakAlone(source, plan) : await soakBoth(source, plan);
  } catch (error) {
    if (plan.signal.aborted || !(error instanceof PlateauError)) throw error;
    return { name, kind: 'failed', reason: error.message };
  }
}

async function isNew({ file }: LoadedScenario, { baseSha, repository }: ComparePlan): Promise<boolean> {
  if (file === undefined) return false;
  const path = relative(repository.root, file);
  return !(await askGit(repository.root, ['cat-file', '-e', `${baseSha}:${path}`])).ok;
}

async function soakAlone(source: LoadedScenario, plan: ComparePlan): Promise<ScenarioChange> {
  const { durationMs, outDirectory, signal } = plan;
  const after = await runScenario(source, { durationMs, outDirectory, signal, purpose: 'compare' });
  return { name: source.name, kind: 'added', after };
}

async function soakBoth(source: LoadedScenario, plan: ComparePlan): Promise<ScenarioChange> {
  const { base, baseSha, repository, build, outDirectory, durationMs, context, signal } = plan;
  const sides = new Sides({
    source,
    file: source.file,
    directory: context.directory,
    repository,
    build,
    logDirectory: resolve(outDirectory, 'builds'),
    id: createRunId(systemClock.epochMs(), seededRandom(drawSeed())),
    signal,
    onBuild: (reference) => context.output.notes.write(`building ${reference}: ${build}\n`),
  });
  try {
    const before = await sides.prepare({ kind: 'revision', reference: base, sha: baseSha });
    const after = await sides.prepare({ kind: 'defects', defects: [] });
    const result = await runPair(
      { before, after },
      {
        variants: { before: base, after: 'HEAD' },
        durationMs: durationMs * driveShare,
        outDirectory,
        command: context.commandLine,
        rerun: (seed) => rerunCommand(source, plan, seed),
        signal,
      },
    );
    return { name: source.name, kind: 'compared', comparison: result.comparison, after: result.after.record };
  } finally {
    await sides.close();
  }
}

/** One scenario of the change alone; the base by its commit, since a branch goes on. */
function rerunCommand({ name, file }: LoadedScenario, plan: ComparePlan, seed: number): string {
  const { baseSha, build, context } = plan;
  const path = file === undefined ? name : `./${relative(context.directory, file)}`;
  const built = build === undefined ? [] : ['--build', build];
  const sides = ['--before', `ref:${baseSha.slice(0, 10)}`, '--after', 'sound'];
  return shellWords(['plateau', 'ab', path, ...sides, ...built, '--seed', String(seed)]);
}
