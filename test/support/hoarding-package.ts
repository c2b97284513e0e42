import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface HoardingPackage {
  /** Function module whose second line calls the package, once a cycle. */
  readonly module: string;
  /** The package's only file. */
  readonly file: string;
}

/** A package that keeps what it sees, installed beside a function module that calls it. */
export function writeHoardingPackage(
  directory: string,
  source = ['const seen = [];', 'exports.see = (what) => {', '  seen.push({ what });', '};', ''].join('\n'),
): HoardingPackage {
  const dependency = join(directory, 'node_modules', 'hoarder');
  mkdirSync(dependency, { recursive: true });
  writeFileSync(join(dependency, 'package.json'), JSON.stringify({ name: 'hoarder', version: '1.2.3' }));
  const file = join(dependency, 'index.js');
  writeFileSync(file, source);
  const module = join(directory, 'driver.mjs');
  writeFileSync(module, "import hoarder from 'hoarder';\nexport const iterate = (cycle) => hoarder.see(cycle);\n");
  return { module, file };
}
