import { statSync } from 'node:fs';
import { builtInScenario, builtInScenarios } from '../../scenarios/index.js';
import { PlateauError } from '../model/errors.js';
import { type LoadedScenario, loadDefinition, loadScenario } from '../scenario/load-scenario.js';
import { suggestion } from './closest-names.js';

const pathLike = /^\.{0,2}[/\\]|^[a-z]:[/\\]|\.[cm]?[jt]s$/i;

/**
 * The scenario of a name that `plateau list` shows, or of a path. A name goes before a file that is called the same.
 * @throws {PlateauError} `PLATEAU_UNKNOWN_SCENARIO` with the names that were probably meant, `PLATEAU_INVALID_SCENARIO`
 */
export async function findScenario(nameOrPath: string, directory: string): Promise<LoadedScenario> {
  if (pathLike.test(nameOrPath)) return loadScenario(nameOrPath);
  const builtIn = await builtInScenario(nameOrPath);
  if (builtIn !== undefined) return loadDefinition(builtIn, directory);
  if (statSync(nameOrPath, { throwIfNoEntry: false })?.isFile()) return loadScenario(nameOrPath);
  const names = (await builtInScenarios()).map(({ name }) => name);
  const loops = names.filter((name) => name.startsWith(`${nameOrPath}/`));
  throw new PlateauError(
    'PLATEAU_UNKNOWN_SCENARIO',
    `Scenario "${nameOrPath}": expected a name that plateau list shows or the path of a module, got ${loops.length > 0 ? `a system of ${loops.length} scenarios` : 'neither'}.`,
    { hint: loops.length > 0 ? loops.join(', ') : suggestion(nameOrPath, names, 'plateau list, or ./<path>') },
  );
}
