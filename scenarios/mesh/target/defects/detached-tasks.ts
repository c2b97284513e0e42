import type { Task, Tasks, Work } from '../actors/tasks.js';

/** Spawned and let go: nobody can cancel them, they have no time limit, and the end does not wait for them. */
export class DetachedTasks implements Tasks {
  #spawned = 0;
  #finished = 0;

  get spawned(): number {
    return this.#spawned;
  }

  get finished(): number {
    return this.#finished;
  }

  spawn(work: Work): Task {
    this.#spawned += 1;
    const finished = work(new AbortController().signal)
      .catch(() => undefined)
      .then(() => {
        this.#finished += 1;
      });
    return { finished, cancel: () => undefined };
  }

  async close(): Promise<void> {}
}
