import { realpathSync } from 'node:fs';
import { PlateauError } from '../model/errors.js';
import { askGit, git } from './git.js';

/** A git repository with a work tree; nothing here writes to it. */
export interface Repository {
  /** Absolute, links resolved. */
  readonly root: string;
}

export interface Commit {
  readonly sha: string;
  readonly author: string;
  /** ISO 8601 with the author's time zone. */
  readonly authorDate: string;
  readonly subject: string;
}

/** The repository around a directory; `undefined` outside of one, or in a bare one. */
export async function findRepository(directory: string): Promise<Repository | undefined> {
  const found = await askGit(directory, ['rev-parse', '--show-toplevel']);
  const root = found.ok ? found.output.replace(/\r?\n$/, '') : '';
  return root === '' ? undefined : { root: realpathSync(root) };
}

/** Full name of the commit that a reference names; `undefined` when it names none. */
export async function findCommit({ root }: Repository, reference: string): Promise<string | undefined> {
  if (reference === '' || reference.startsWith('-')) return undefined;
  const found = await askGit(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${reference}^{commit}`]);
  return found.ok ? found.output.trim() : undefined;
}

/** @throws {PlateauError} `PLATEAU_INVALID_REVISION` */
export async function resolveCommit(repository: Repository, reference: string, option: string): Promise<string> {
  const sha = await findCommit(repository, reference);
  if (sha !== undefined) return sha;
  throw new PlateauError(
    'PLATEAU_INVALID_REVISION',
    `${option}: expected a commit, branch or tag of ${repository.root}, got "${reference}".`,
    { hint: 'git log --oneline shows commits; a shallow clone may lack it: git fetch --unshallow' },
  );
}

export async function describeCommit({ root }: Repository, sha: string): Promise<Commit> {
  const format = ['%H', '%an', '%aI', '%s'].join('%x00');
  const output = await git(root, ['show', '--no-patch', '--no-show-signature', `--format=${format}`, sha]);
  const [full = sha, author = '', authorDate = '', subject = ''] = output.trimEnd().split('\0');
  return { sha: full, author, authorDate, subject };
}

export async function isAncestor({ root }: Repository, older: string, newer: string): Promise<boolean> {
  const result = await askGit(root, ['merge-base', '--is-ancestor', older, newer]);
  if (result.ok) return true;
  if (result.failure.exitCode === 1) return false;
  throw new PlateauError('PLATEAU_GIT', `git merge-base ${older} ${newer} failed: ${result.failure.message}`);
}

/** Best common ancestors; none when the histories are unrelated. */
export async function mergeBases({ root }: Repository, one: string, other: string): Promise<readonly string[]> {
  const result = await askGit(root, ['merge-base', '--all', one, other]);
  return result.ok ? result.output.split('\n').filter((line) => line !== '') : [];
}
