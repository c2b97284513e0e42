import { join } from 'node:path';
import { PlateauError } from '../../model/errors.js';
import { Checkouts } from '../../repository/checkouts.js';
import { askGit } from '../../repository/git.js';
import { findCommit, findRepository } from '../../repository/repository.js';
import { describeEnvironment } from '../environment.js';

export interface CommitDirectoriesSettings {
  /** That the worker was called in. */
  readonly directory: string;
  /** Shell command that makes what is soaked. */
  readonly build?: string;
  readonly logDirectory: string;
  readonly id: string;
}

/** The same commit as the coordinator's, beside the work tree where that is at another; made once, and kept to the end. */
export class CommitDirectories {
  private checkouts: Checkouts | undefined;
  private readonly prepared = new Map<string, Promise<string>>();

  constructor(private readonly settings: CommitDirectoriesSettings) {}

  /**
   * Absolute path of the configuration at a commit.
   * @param configuration from the directory that plateau was called in
   * @throws {PlateauError} `PLATEAU_INVALID_REVISION` when the commit is not to be had, `PLATEAU_BUILD`
   */
  configurationAt(commit: string | undefined, configuration: string, signal: AbortSignal): Promise<string> {
    const own = join(this.settings.directory, configuration);
    const { gitCommit } = describeEnvironment(this.settings.directory);
    if (commit === undefined || commit === gitCommit) return Promise.resolve(own);
    const known = this.prepared.get(commit);
    if (known !== undefined) return known;
    const preparing = this.prepare(commit, own, signal);
    this.prepared.set(commit, preparing);
    preparing.catch(() => this.prepared.delete(commit));
    return preparing;
  }

  async close(): Promise<void> {
    await this.checkouts?.close();
  }

  private async prepare(sha: string, own: string, signal: AbortSignal): Promise<string> {
    const { directory, build, logDirectory, id } = this.settings;
    const repository = await findRepository(directory);
    if (repository === undefined)
      throw new PlateauError(
        'PLATEAU_INVALID_REVISION',
        `Worker in ${directory}: expected a git repository with commit ${sha.slice(0, 12)}, got none.`,
        { hint: 'start the worker in a clone of the repository that the night is of' },
      );
    if ((await findCommit(repository, sha)) === undefined) await askGit(repository.root, ['fetch', '--quiet', '--all']);
    if ((await findCommit(repository, sha)) === undefined)
      throw new PlateauError(
        'PLATEAU_INVALID_REVISION',
        `Worker in ${directory}: expected commit ${sha.slice(0, 12)}, which no remote has.`,
        { hint: 'push it, or start the night from a commit that was pushed' },
      );
    this.checkouts ??= new Checkouts(repository, id, own);
    const checkout = await this.checkouts.prepare({ sha, logDirectory, signal, ...(build !== undefined && { build }) });
    return checkout.scenarioFile;
  }
}
