import type { SpawnOptions, Task, Tasks, Work } from './tasks.js';

/** Tasks that can be cancelled, run out of time, and are waited for at the end. */
export class TaskSet implements Tasks {
  readonly #running = new Set<Task>();
  #spawned = 0;

  get spawned(): number {
    return this.#spawned;
  }

  get finished(): number {
    return this.#spawned - this.#running.size;
  }

  spawn(work: Work, { timeoutMs }: SpawnOptions = {}): Task {
    const stop = new AbortController();
    const cancel = () => stop.abort();
    const timer = timeoutMs === undefined ? undefined : setTimeout(cancel, timeoutMs);
    // A task that was cancelled ends with an error of its own making; what it was for has been reported already.
    const settled = work(stop.signal).catch(() => undefined);
    const task: Task = {
      cancel,
      finished: settled.then(() => {
        clearTimeout(timer);
        this.#running.delete(task);
      }),
    };
    this.#spawned += 1;
    this.#running.add(task);
    return task;
  }

  async close(): Promise<void> {
    const running = [...this.#running];
    for (const task of running) task.cancel();
    await Promise.all(running.map(({ finished }) => finished));
  }
}
