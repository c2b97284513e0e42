import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { git } from './git.js';
import type { Repository } from './repository.js';

const modules = 'node_modules';
/** Caches that tools write into; through a link they would write to the user's. */
const keptDotEntries: ReadonlySet<string> = new Set(['.bin', '.pnpm', '.package-lock.json', '.modules.yaml']);
const lockFiles = ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock'];

/** Whether a build command installs packages itself. */
export function installsPackages(command: string | undefined): boolean {
  return (
    command !== undefined &&
    /\b(npm|pnpm|yarn|bun|corepack)\b[^&|;]*\b(ci|i|install|add|immutable)\b|\byarn\s*($|[&|;])/.test(command)
  );
}

/**
 * Lends a checkout the installed packages of the user's tree, for each package.json in it. Packages of a workspace come
 * from the checkout itself, everything else from the user's tree.
 * @returns what may differ from what that commit would have installed
 */
export async function linkModules({ root }: Repository, checkout: string): Promise<readonly string[]> {
  const listed = await git(checkout, ['ls-files', '-z', '--', 'package.json', '*/package.json']);
  const directories = listed
    .split('\0')
    .filter((path) => path !== '')
    .map((path) => dirname(path));
  for (const directory of new Set(['.', ...directories])) {
    const installed = join(root, directory, modules);
    const wanted = join(checkout, directory, modules);
    if (existsSync(installed) && !existsSync(wanted)) linkEntries({ installed, wanted, root, checkout });
  }
  return lockFiles
    .filter((name) => isOther(join(root, name), join(checkout, name)))
    .map(
      (name) =>
        `${name} differs from that of your work tree, whose installed packages are used; --build 'npm ci' installs its own`,
    );
}

interface Links {
  readonly installed: string;
  readonly wanted: string;
  readonly root: string;
  readonly checkout: string;
}

function linkEntries(links: Links): void {
  const { installed, wanted } = links;
  mkdirSync(wanted);
  for (const name of readdirSync(installed)) {
    if (name.startsWith('.') && !keptDotEntries.has(name)) continue;
    const path = join(installed, name);
    if (name.startsWith('@')) linkEntries({ ...links, installed: path, wanted: join(wanted, name) });
    else symlinkSync(originOf(path, links), join(wanted, name), lstatSync(path).isFile() ? 'file' : 'junction');
  }
}

/** A link to a package of the same workspace means that package in the checkout. */
function originOf(path: string, { root, checkout }: Links): string {
  if (!lstatSync(path).isSymbolicLink() || !existsSync(path)) return path;
  const real = realpathSync(path);
  const within = relative(root, real);
  const inWorkspace = !within.startsWith('..') && !within.split(sep).includes(modules);
  return inWorkspace ? join(checkout, within) : real;
}

function isOther(one: string, other: string): boolean {
  const [here, there] = [one, other].map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined));
  return here !== there && there !== undefined;
}
