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

function resolves(name: string, resolvePackage: (name: string) => string): boolean {
  try {
    resolvePackage(name);
    return true;
  } catch {
    return false;
  }
}
