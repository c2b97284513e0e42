import { planted } from '../defects.js';
import { Mutex } from './mutex.js';

/** One lock a branch, made by its first commit: a branch's commits are checked and published one after the other. */
export class CommitLocks {
  readonly #locks = new Map<string, Mutex>();

  get size(): number {
    return this.#locks.size;
  }

  async acquire(branchId: string): Promise<void> {
    await this.#lockOf(branchId).acquire();
  }

  release(branchId: string): void {
    this.#lockOf(branchId).release();
  }

  /** Waits until the commits that are under way are done; makes no lock where there is none. */
  async drain(branchId: string): Promise<void> {
    const lock = this.#locks.get(branchId);
    if (lock === undefined) return;
    await lock.acquire();
    lock.release();
  }

  /** Call when the branch is gone and its commits are done: one still under way would make the lock anew. */
  remove(branchId: string): void {
    if (!planted('commit-locks')) this.#locks.delete(branchId);
  }

  #lockOf(branchId: string): Mutex {
    let lock = this.#locks.get(branchId);
    if (lock === undefined) {
      lock = new Mutex();
      this.#locks.set(branchId, lock);
    }
    return lock;
  }
}
