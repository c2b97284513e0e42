import { basename, extname, resolve } from 'node:path';
import { PlateauError, withHint } from '../../model/errors.js';
import type { ScenarioChange } from '../../model/pull-request.js';
import { git } from '../../repository/git.js';
import { findConfiguration, loadConfiguration } from '../../scenario/load-configuration.js';
import { type LoadedScenario, loadScenario } from '../../scenario/load-scenario.js';
import { isPathLike } from '../options/path-like.js';
import { findScenario } from '../suite/find-scenario.js';
import { declaredScenarios, loadDeclared } from '../suite/suite.js';
import { isModuleTouched, isTouched } from './touched.js';

const scenarioFiles = ['ts', 'mts', 'js', 'mjs'].map((extension) => `*.scenario.${extension}`);

type FailedChange = Extract<ScenarioChange, { readonly kind: 'failed' }>;

export interface Candidates {
  readonly touched: readonly LoadedScenario[];
  readonly untouched: readonly string[];
  /** Touched as well, and they cannot be loaded. */
  readonly broken: readonly FailedChange[];
}

/** A scenario that may be looked at: the others are judged even where this one cannot be loaded. */
interface Candidate {
  readonly name: string;
  /** Its module, where it is one. */
  readonly file?: string;
  load(): Promise<LoadedScenario>;
}

/**
 * The scenarios that a change touches: of those in the configuration, or else of those that git knows as `*.scenario.*`.
 * Scenarios that are named are taken, whatever the change touches.
 * @throws {PlateauError} for a name that nothing has, and for a configuration that cannot be loaded
 */
export async function findCandidates(
  names: readonly string[],
  { directory, root, baseSha }: { readonly directory: string; readonly root: string; readonly baseSha: string },
): Promise<Candidates> {
  const isNamed = names.length > 0;
  const changed = isNamed ? [] : await changedFiles(root, baseSha);
  const candidates = isNamed ? names.map((name) => candidateOf(name, directory)) : await knownScenarios(directory);
  const touched = new Map<string, LoadedScenario>();
  const untouched = new Set<string>();
  const broken: FailedChange[] = [];
  for (const { name, file, load } of candidates) {
    try {
      const source = await load();
      if (isNamed || (await isTouched(source, changed))) touched.set(source.name, source);
      else untouched.add(source.name);
    } catch (error) {
      if (!(error instanceof PlateauError) || (isNamed && error.code === 'PLATEAU_UNKNOWN_SCENARIO')) throw error;
      if (isNamed || file === undefined || (await isModuleTouched(file, changed)))
        broken.push({ name, kind: 'failed', reason: withHint(error) });
      else untouched.add(name);
    }
  }
  return { touched: [...touched.values()], untouched: [...untouched], broken };
}

function candidateOf(reference: string, directory: string, load = () => findScenario(reference, directory)): Candidate {
  const file = resolve(directory, reference);
  const name = isPathLike(reference) ? basename(reference, extname(reference)) : reference;
  return { name, file, load };
}

/** Also what is not committed yet. */
async function changedFiles(root: string, baseSha: string): Promise<string[]> {
  const output = await git(root, ['diff', '--name-only', '-z', '--no-renames', baseSha]);
  return output.split('\0').flatMap((path) => (path === '' ? [] : [resolve(root, path)]));
}

async function knownScenarios(directory: string): Promise<Candidate[]> {
  if (findConfiguration(directory) !== undefined) {
    const loaded = await loadConfiguration(directory);
    return declaredScenarios(loaded).map((declared) => {
      const { scenario, name } = declared;
      const load = () => loadDeclared(declared, loaded.directory);
      const candidate =
        typeof scenario === 'string' ? candidateOf(scenario, loaded.directory, load) : { name: scenario.name, load };
      return name === undefined ? candidate : { ...candidate, name };
    });
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
  return files.map((file) => candidateOf(file, directory, () => loadScenario(`./${file}`)));
}
