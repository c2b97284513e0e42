import type { RunOptions } from '../../model/run-options.js';
import { type LoadedScenario, loadScenario } from '../../scenario/load-scenario.js';
import type { CliContext } from '../context.js';
import { isPathLike } from '../options/path-like.js';
import type { SoakFlags } from '../options/soak-flags.js';
import { findNamedScenario } from './find-scenario.js';
import { checkWanted, soakOptionsOf, soakRuns, type WantedRun } from './soak.js';
import { isChosen } from './suite.js';
import { suiteOfDirectory } from './suite-of-directory.js';

export type RunCommandFlags = SoakFlags & { readonly config?: string };

/** Runs scenarios one after another; the exit code is that of the gravest. */
export async function runScenarios(
  context: CliContext,
  names: readonly string[],
  flags: RunCommandFlags,
): Promise<number> {
  const { commandLine, directory } = context;
  const wanted = { ...(await soakOptionsOf(flags, directory)), command: commandLine };
  const runs = await wantedRuns(context, names, wanted, flags.config);
  return soakRuns(context, runs, flags);
}

/**
 * All of them before the first is run: a mistake in the last name must not come to light after hours. A name of the
 * configuration brings its options along, and all its variants; what the command line says goes before them.
 */
export async function wantedRuns(
  { directory }: Pick<CliContext, 'directory'>,
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
  runs.forEach(checkWanted);
  return runs;
}

function configured(scenario: LoadedScenario, own: RunOptions, wanted: RunOptions): WantedRun {
  const budgets = { ...own.budgets, ...wanted.budgets };
  return { scenario, options: { ...own, ...wanted, ...(Object.keys(budgets).length > 0 && { budgets }) } };
}
