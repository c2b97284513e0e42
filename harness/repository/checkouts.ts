import { copyFileSync, existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { invalidOption } from '../model/errors.js';
import { build } from './build.js';
import { installsPackages, linkModules } from './link-modules.js';
import type { Repository } from './repository.js';
import { Worktrees } from './worktrees.js';

export interface CheckoutRequest {
  readonly sha: string;
  /** Shell command that is run in the checkout; absent: nothing is built. */
  readonly build?: string;
  /** Directory for the output of builds. */
  readonly logDirectory: string;
  readonly signal: AbortSignal;
}

export interface Checkout {
  readonly directory: string;
  /** The module of the scenario in it. */
  readonly scenarioFile: string;
  /** What is not quite as it would have been at that commit. */
  readonly notes: readonly string[];
}

/** Commits of a repository ready to be run, each in a directory of its own. */
export class Checkouts {
  private readonly worktrees: Worktrees;

  /**
   * @param id unique
   * @param scenarioFile module in the user's work tree
   * @throws {PlateauError} `PLATEAU_INVALID_OPTION` when the module lies outside of the repository
   */
  constructor(
    private readonly repository: Repository,
    id: string,
    private readonly scenarioFile: string,
  ) {
    this.path = pathWithin(repository, scenarioFile);
    this.worktrees = Worktrees.create(repository, id);
  }

  /** Of the scenario's module, from the root of the repository. */
  readonly path: string;

  /** @throws {PlateauError} `PLATEAU_GIT`, `PLATEAU_BUILD`; the reason of the signal when it was aborted */
  async prepare({ sha, build: command, logDirectory, signal }: CheckoutRequest): Promise<Checkout> {
    signal.throwIfAborted();
    const directory = await this.worktrees.add(sha);
    const notes = installsPackages(command) ? [] : [...(await linkModules(this.repository, directory))];
    const scenarioFile = join(directory, this.path);
    if (!existsSync(scenarioFile)) {
      mkdirSync(dirname(scenarioFile), { recursive: true });
      copyFileSync(this.scenarioFile, scenarioFile);
      notes.push(`${this.path} is not in that commit: the one of your work tree is used`);
    } else if (readFileSync(scenarioFile, 'utf8') !== readFileSync(this.scenarioFile, 'utf8'))
      notes.push(`${this.path} is that of the commit, which differs from the one of your work tree`);
    if (command !== undefined) {
      const logPath = join(logDirectory, `${sha.slice(0, 12)}.log`);
      await build({ command, directory, runId: this.worktrees.runId, logPath, signal });
    }
    return { directory, scenarioFile, notes };
  }

  async remove({ directory }: Checkout): Promise<void> {
    await this.worktrees.remove(directory);
  }

  /** Removes all of them; may be called again. */
  async close(): Promise<void> {
    await this.worktrees.close();
  }
}

function pathWithin({ root }: Repository, file: string): string {
  const path = relative(root, realpathSync(file));
  if (path !== '..' && !path.startsWith(`..${sep}`)) return path;
  throw invalidOption(
    `Scenario ${file}: expected a module within the repository ${root}, got one outside of it.`,
    'a commit is soaked by a module that lies in the same repository',
  );
}
