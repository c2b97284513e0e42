import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { PlateauError } from '../harness/index.js';

/**
 * Checks that packages which only a built-in target needs are at hand.
 * Why: they are optional, so that soaking a service of one's own installs neither a database nor a validator.
 * @throws {PlateauError} `PLATEAU_MISSING_PACKAGE`, with the command that installs them
 */
export function requirePackages(
  system: string,
  packages: readonly string[],
  resolvePackage: (name: string) => string = import.meta.resolve,
): void {
  const missing = packages.filter((name) => !resolves(name, resolvePackage));
  if (missing.length === 0) return;
  throw new PlateauError(
    'PLATEAU_MISSING_PACKAGE',
    `system ${system}: expected the package${packages.length > 1 ? 's' : ''} ${packages.join(', ')}, got no ${missing.join(', ')}`,
    { hint: `npm install --save-dev ${missing.join(' ')}` },
  );
}

/**
 * The same for packages of Python, which are looked for without being loaded.
 * @throws {PlateauError} `PLATEAU_MISSING_PACKAGE`, with the command that installs them
 */
export function requirePythonPackages(system: string, packages: readonly string[], python: string): void {
  const script = 'import importlib.util, sys; print(*[n for n in sys.argv[1:] if importlib.util.find_spec(n) is None])';
  const { status, stdout } = spawnSync(python, ['-c', script, ...packages], { encoding: 'utf8' });
  const missing = status === 0 ? stdout.split(/\s+/).filter(Boolean) : packages;
  if (missing.length === 0) return;
  throw new PlateauError(
    'PLATEAU_MISSING_PACKAGE',
    `system ${system}: expected the Python packages ${packages.join(', ')} in ${python}, got no ${missing.join(', ')}`,
    { hint: `${python} -m pip install ${missing.join(' ')}; PLATEAU_PYTHON names another interpreter` },
  );
}

/**
 * The same for a command that compiles or starts a service.
 * @throws {PlateauError} `PLATEAU_MISSING_PACKAGE`, with what installs it
 */
export function requireCommand(service: string, command: string, hint: string): void {
  const directories = (process.env.PATH ?? '').split(delimiter);
  if (directories.some((directory) => existsSync(join(directory, command)))) return;
  throw new PlateauError('PLATEAU_MISSING_PACKAGE', `${service}: expected ${command} in the PATH, got none`, { hint });
}

function resolves(name: string, resolvePackage: (name: string) => string): boolean {
  try {
    resolvePackage(name);
    return true;
  } catch {
    return false;
  }
}
