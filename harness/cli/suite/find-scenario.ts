import { statSync } from 'node:fs';
import { builtInScenario, builtInScenarios } from '../../../scenarios/index.js';
import { PlateauError } from '../../model/errors.js';
import { type LoadedScenario, loadDefinition, loadScenario } from '../../scenario/load-scenario.js';
import { suggestion } from '../options/closest-names.js';
import { isPathLike } from '../options/path-like.js';

/** The scenario of a path, or of a name that `plateau list` shows. */
export function findScenario(nameOrPath: string, directory: string): Promise<LoadedScenario> {
  return isPathLike(nameOrPath) ? loadScenario(nameOrPath) : findNamedScenario(nameOrPath, directory);
}

/**
 * The scenario of a name that `plateau list` shows; a name goes before a file that is called the same.
 * @param others names that are known beside those of built-in scenarios, for proposals
 * @throws {PlateauError} `PLATEAU_UNKNOWN_SCENARIO` with the names that were probably meant
 */
export async function findNamedScenario(
  name: string,
  directory: string,
  others: readonly string[] = [],
): Promise<LoadedScenario> {
  const builtIn = await builtInScenario(name);
  if (builtIn !== undefined) return loadDefinition(builtIn, directory);
  if (statSync(name, { throwIfNoEntry: false })?.isFile()) return loadScenario(name);
  const names = [...others, ...(await builtInScenarios()).map((scenario) => scenario.name)];
  const loops = names.filter((known) => known.startsWith(`${name}/`));
  throw new PlateauError(
    'PLATEAU_UNKNOWN_SCENARIO',
    `Scenario "${name}": expected a name that plateau list shows or the path of a module, got ${loops.length > 0 ? `a system of ${loops.length} scenarios` : 'neither'}.`,
    { hint: loops.length > 0 ? loops.join(', ') : suggestion(name, names, 'plateau list, or ./<path>') },
  );
}
