import { createHash } from 'node:crypto';
import { ServiceError } from '../../../service/service-error.js';
import type { Task, Tasks } from '../actors/tasks.js';
import { type ContentSource, fetchContent } from './fetch-content.js';

interface Download {
  readonly task: Task;
  bytes: number | undefined;
}

const timeoutMs = 30_000;

/** Contents on their way into memory, until their caller lets go of them. */
export class Downloads {
  readonly #downloads = new Map<number, Download>();
  readonly #tasks: Tasks;
  #nextId = 1;

  constructor(tasks: Tasks) {
    this.#tasks = tasks;
  }

  get size(): number {
    return this.#downloads.size;
  }

  start(source: ContentSource): { id: number } {
    const id = this.#nextId++;
    const task = this.#tasks.spawn(
      async (signal) => {
        const bytes = await receive(source, signal);
        const download = this.#downloads.get(id);
        if (download !== undefined) download.bytes = bytes;
      },
      { timeoutMs },
    );
    this.#downloads.set(id, { task, bytes: undefined });
    return { id };
  }

  /** Waits until it is there. */
  async result(id: number): Promise<{ bytes: number }> {
    const download = this.#downloads.get(id);
    if (download === undefined) throw new ServiceError(404, `download ${id}: not started, or let go of`);
    await download.task.finished;
    if (download.bytes === undefined) throw new ServiceError(502, `download ${id}: not what its provider promised`);
    return { bytes: download.bytes };
  }

  /** The caller walks away, finished or not. */
  forget(id: number): void {
    this.#downloads.get(id)?.task.cancel();
    this.#downloads.delete(id);
  }
}

/** @returns its length, once its hash was found to be right */
async function receive(source: ContentSource, signal: AbortSignal): Promise<number> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of fetchContent(source, signal)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  if (hash.digest('base64url') !== source.hash) throw new Error(`content ${source.hash}: its bytes are others`);
  return bytes;
}
