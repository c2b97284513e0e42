import { resolve } from 'node:path';
import { git } from '../../repository/git.js';
import { findConfiguration, loadConfiguration } from '../../scenario/load-configuration.js';
import { type LoadedScenario, loadScenario } from '../../scenario/load-scenario.js';
import { findScenario } from '../suite/find-scenario.js';
import { suiteEntries } from '../suite/suite.js';
import { isTouched } from './touched.js';

const scenarioFiles = ['ts', 'mts', 'js', 'mjs'].map((extension) => `*.scenario.${extension}`);

export interface Candidates {
  readonly touched: readonly LoadedScenario[];
  readonly untouched: readonly string[];
}

/**
 * The scenarios that a change touches: of those in the configuration, or else of those that git knows as `*.scenario.*`.
 * Scenarios that are named are taken, whatever the change touches.
 * @throws {PlateauError} for a scenario or a configuration that cannot be loaded
 */
export async function findCandidates(
  names: readonly string[],
  { directory, root, baseSha }: { readonly directory: string; readonly root: string; readonly baseSha: string },
): Promise<Candidates> {
  if (names.length > 0) {
    const touched = await Promise.all(names.map((name) => findScenario(name, directory)));
    return { touched, untouched: [] };
  }
  const changed = await changedFiles(root, baseSha);
  const touched: LoadedScenario[] = [];
  const untouched: string[] = [];
  for (const source of await knownScenarios(directory)) {
    if (await isTouched(source, changed)) touched.push(source);
    else untouched.push(source.name);
  }
  return { touched, untouched };
}

/** Also what is not committed yet. */
async function changedFiles(root: string, baseSha: string): Promise<string[]> {
  const output = await git(root, ['diff', '--name-only', '-z', '--no-renames', baseSha]);
  return output.split('\0').flatMap((path) => (path === '' ? [] : [resolve(root, path)]));
}

async function knownScenarios(directory: string): Promise<LoadedScenario[]> {
  if (findConfiguration(directory) !== undefined) {
    const entries = await suiteEntries(await loadConfiguration(directory));
    return [...new Map(entries.map(({ source }) => [source.name, source])).values()];
  }
  const output = await git(directory, [
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
    ...scenarioFiles,
  ]);
  const files = output.split('\0').filter((path) => path !== '');
  return Promise.all(files.map((file) => loadScenario(`./${file}`)));
}
