import { randomBytes } from 'node:crypto';
import { conflict, notFound } from '../client-errors.js';
import { planted } from '../defects.js';
import type { RetentionSetting } from '../store/retention.js';
import { systemBranchId } from '../store/store.js';
import type { CommitPipeline } from '../transactions/commit-pipeline.js';
import type { Branch } from './branch-catalogue.js';
import type { DatabaseState } from './database-state.js';

/** Creates, configures and deletes branches; each is one record of the system shard. */
export class Branches {
  readonly #state: DatabaseState;
  readonly #pipeline: CommitPipeline;
  /** Names whose change is not durable yet. */
  readonly #changing = new Set<string>();

  constructor(state: DatabaseState, pipeline: CommitPipeline) {
    this.#state = state;
    this.#pipeline = pipeline;
  }

  require(name: string): Branch {
    const branch = this.#state.branches.named(name);
    if (branch === undefined) throw notFound(`branch "${name}"`);
    return branch;
  }

  create(name: string, retention?: RetentionSetting): Promise<Branch> {
    if (this.#state.branches.named(name) !== undefined) throw conflict(`branch "${name}" exists`);
    const branch = { id: randomBytes(16).toString('hex'), name, ...(retention && { retention }) };
    return this.#reserving(name, () => this.#put(branch));
  }

  configure(name: string, retention: RetentionSetting): Promise<Branch> {
    const branch = this.require(name);
    return this.#reserving(name, () => this.#put({ ...branch, retention }));
  }

  /** Refuses new commits, lets those under way finish, then drops all that the branch has. */
  delete(name: string): Promise<void> {
    const { id } = this.require(name);
    const { deleting, locks } = this.#pipeline;
    return this.#reserving(name, async () => {
      if (!planted('fixed-racy')) {
        deleting.add(id);
        await locks.drain(id);
      }
      try {
        await this.#pipeline.write(systemBranchId, [{ family: 'branch', key: name }]);
        locks.remove(id);
      } finally {
        if (!planted('deleting-unmarked')) deleting.delete(id);
      }
    });
  }

  async #put({ name, ...value }: Branch): Promise<Branch> {
    await this.#pipeline.write(systemBranchId, [{ family: 'branch', key: name, value }]);
    return { name, ...value };
  }

  async #reserving<Result>(name: string, change: () => Promise<Result>): Promise<Result> {
    if (this.#changing.has(name)) throw conflict(`branch "${name}" is being changed`);
    this.#changing.add(name);
    try {
      return await change();
    } finally {
      this.#changing.delete(name);
    }
  }
}
