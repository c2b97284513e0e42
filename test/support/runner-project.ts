import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * A project of a user, made of the fixtures of `test/fixtures/matchers`: plateau is installed in it, built, and so are
 * the test runners.
 * @param directory empty
 */
export function createRunnerProject(directory: string): void {
  cpSync(join(root, 'test/fixtures/matchers'), directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{"private":true}');
  const modules = join(directory, 'node_modules');
  mkdirSync(join(modules, 'plateau'), { recursive: true });
  for (const name of ['dist', 'package.json'])
    cpSync(join(root, name), join(modules, 'plateau', name), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')))
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
}
