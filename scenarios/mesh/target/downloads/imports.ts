import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceError } from '../../../service/service-error.js';
import type { Task, Tasks } from '../actors/tasks.js';
import { type ContentSource, fetchContent } from './fetch-content.js';

interface Import {
  readonly task: Task;
  readonly path: string;
  complete: boolean;
}

const timeoutMs = 30_000;

/** Contents on their way into files, which go when their caller lets go of them. */
export class Imports {
  readonly #imports = new Map<number, Import>();
  readonly #tasks: Tasks;
  readonly #directory: string;
  #nextId = 1;

  constructor(tasks: Tasks, directory: string) {
    this.#tasks = tasks;
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  get size(): number {
    return this.#imports.size;
  }

  start(source: ContentSource): { id: number } {
    const id = this.#nextId++;
    const path = join(this.#directory, `import-${id}`);
    const task = this.#tasks.spawn(
      async (signal) => {
        await writeContent(source, path, signal);
        const imported = this.#imports.get(id);
        if (imported === undefined) rmSync(path, { force: true });
        else imported.complete = true;
      },
      { timeoutMs },
    );
    this.#imports.set(id, { task, path, complete: false });
    return { id };
  }

  async result(id: number): Promise<{ path: string }> {
    const imported = this.#imports.get(id);
    if (imported === undefined) throw new ServiceError(404, `import ${id}: not started, or let go of`);
    await imported.task.finished;
    if (!imported.complete) throw new ServiceError(502, `import ${id}: its provider did not deliver`);
    return { path: imported.path };
  }

  forget(id: number): void {
    const imported = this.#imports.get(id);
    imported?.task.cancel();
    if (imported !== undefined) rmSync(imported.path, { force: true });
    this.#imports.delete(id);
  }
}

/** Written beside its place and moved there when complete; nothing is left of what is not. */
async function writeContent(source: ContentSource, path: string, signal: AbortSignal): Promise<void> {
  const partial = `${path}.part`;
  const file = openSync(partial, 'wx');
  try {
    for await (const chunk of fetchContent(source, signal)) writeSync(file, chunk);
    renameSync(partial, path);
  } finally {
    closeSync(file);
    rmSync(partial, { force: true });
  }
}
