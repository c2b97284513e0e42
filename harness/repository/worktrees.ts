import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, sep } from 'node:path';
import { PlateauError } from '../model/errors.js';
import { endProcesses } from '../platform/end-processes.js';
import { findMarked, readProcessTable } from '../platform/process-tree.js';
import {
  createRunTemporaryDirectory,
  listRunTemporaryDirectories,
  removeRunTemporaryDirectory,
} from '../platform/run-temporary-directory.js';
import { isOwnerDead } from '../platform/sweep-orphans.js';
import { askGit, git } from './git.js';
import type { Repository } from './repository.js';

/** Ids of sessions that have worktrees start so: their directories are distinguished from those of runs. */
const idPrefix = 'worktrees-';
const repositoryFile = 'repository';

/** Worktrees of some commits in a temporary directory; the user's own work tree, index and branches are not touched. */
export class Worktrees {
  private added = 0;

  private constructor(
    private readonly repository: Repository,
    private readonly id: string,
    private readonly directory: string,
    private readonly checkouts: string,
  ) {}

  /**
   * @param id unique; names the directory, and marks what builds start
   * @throws {PlateauError} `PLATEAU_STORE`
   */
  static create(repository: Repository, id: string): Worktrees {
    const { path, targetPath } = createRunTemporaryDirectory(idPrefix + id);
    writeFileSync(join(path, repositoryFile), repository.root, { mode: 0o600 });
    return new Worktrees(repository, idPrefix + id, path, targetPath);
  }

  /** What marks processes that are started for these worktrees. */
  get runId(): string {
    return this.id;
  }

  /** Checks a commit out. @returns its directory @throws {PlateauError} `PLATEAU_GIT` */
  async add(sha: string): Promise<string> {
    this.added += 1;
    const path = join(this.checkouts, `${this.added}-${sha.slice(0, 12)}`);
    // Hooks and filters of a checkout are the user's; hooks may write anywhere, so they are left out.
    const given = ['-c', 'core.hooksPath=/dev/null', 'worktree', 'add', '--detach', '--force', '--quiet', path, sha];
    await git(this.repository.root, given);
    return realpathSync(path);
  }

  /** Removes one of them, whatever was built in it. */
  async remove(path: string): Promise<void> {
    await removeWorktree(this.repository.root, path);
  }

  /** Ends what builds left running and removes all of them; may be called again. */
  async close(): Promise<void> {
    await endProcesses(() => findMarked(readProcessTable(), (mark) => mark.runId === this.id));
    await removeAll(this.repository.root, this.directory);
  }
}

/** Worktrees of a plateau that is dead, and the repository that has entries of them. */
export interface LeftWorktrees {
  readonly root: string;
  readonly directory: string;
}

/** To be asked before their directories are removed. */
export function findLeftWorktrees(): readonly LeftWorktrees[] {
  return listRunTemporaryDirectories().flatMap(({ path: directory, ownership }) => {
    if (!ownership.runId.startsWith(idPrefix) || !isOwnerDead(ownership)) return [];
    const root = readRepository(directory);
    return root === undefined ? [] : [{ root, directory }];
  });
}

/** Takes the entries of worktrees out of their repository, and the worktrees with them where they are still there. */
export async function forgetLeftWorktrees({ root, directory }: LeftWorktrees): Promise<void> {
  for (const path of await listWorktrees(root)) if (isWithin(path, directory)) await removeWorktree(root, path);
}

/** Entries of worktrees whose directories somebody else has removed; `git worktree prune` would take the user's too. */
export async function forgetLostWorktrees({ root }: Repository): Promise<void> {
  for (const path of await listWorktrees(root)) {
    const [directory] = sessionOf(path);
    if (directory !== undefined && !existsSync(directory)) await removeWorktree(root, path);
  }
}

async function removeAll(root: string, directory: string): Promise<void> {
  const ours = (await listWorktrees(root)).filter((path) => isWithin(path, directory));
  for (const path of ours) await removeWorktree(root, path);
  const gone = removeRunTemporaryDirectory(directory);
  // What git could not remove (a directory without write permission) is gone by now, and its entry can go too.
  for (const path of ours) if (!existsSync(path)) await removeWorktree(root, path);
  if (gone) return;
  throw new PlateauError('PLATEAU_STORE', `Temporary directory ${directory}: expected to remove it, got a refusal.`, {
    hint: 'remove it by hand',
  });
}

async function removeWorktree(root: string, path: string): Promise<void> {
  // Twice forced: a locked one goes too. A repository that is gone has no entry left to remove.
  await askGit(root, ['worktree', 'remove', '--force', '--force', path]);
}

async function listWorktrees(root: string): Promise<readonly string[]> {
  if (!existsSync(root)) return [];
  const result = await askGit(root, ['worktree', 'list', '--porcelain', '-z']);
  if (!result.ok) return [];
  return result.output
    .split('\0')
    .filter((line) => line.startsWith('worktree '))
    .map((line) => line.slice('worktree '.length));
}

/** `<tmp>/plateau-worktrees-<id>` of one of our worktrees. */
function sessionOf(path: string): [directory: string] | [] {
  const checkouts = dirname(path);
  const directory = dirname(checkouts);
  return basename(checkouts) === 'target' && basename(directory).startsWith(`plateau-${idPrefix}`) ? [directory] : [];
}

function isWithin(path: string, directory: string): boolean {
  const roots = [
    directory,
    existsSync(directory) ? realpathSync(directory) : join(realpathSync(tmpdir()), basename(directory)),
  ];
  return roots.some((root) => path.startsWith(root + sep));
}

function readRepository(directory: string): string | undefined {
  try {
    return readFileSync(join(directory, repositoryFile), 'utf8');
  } catch {
    return undefined;
  }
}
