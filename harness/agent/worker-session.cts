import { clearTimeout, setTimeout } from 'node:timers';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

/** A collection of a large heap takes some hundred milliseconds. */
const answerTimeoutMs = 3_000;

/** The inspector of one worker thread. A worker that has ended, or is in native code, does not answer. */
export class WorkerSession {
  private lastId = 0;
  private readonly waiting = new Map<number, (result: unknown) => void>();
  private readonly listeners = new Map<string, (params: never) => void>();

  /** @param send passes a message on to the worker; throws where the worker is gone */
  constructor(private readonly send: (message: string) => void) {}

  /** @returns undefined where no answer comes, or the worker refuses */
  ask<Result>(method: string, params: object = {}, timeoutMs = answerTimeoutMs): Promise<Result | undefined> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.answer(id, undefined), timeoutMs);
      this.waiting.set(id, (result) => {
        clearTimeout(timer);
        resolve(result as Result | undefined);
      });
      try {
        this.send(JSON.stringify({ id, method, params }));
      } catch {
        this.answer(id, undefined);
      }
    });
  }

  /** @returns what ends it */
  listen<Parameters>(method: string, listener: (params: Parameters) => void): () => void {
    this.listeners.set(method, listener);
    return () => void this.listeners.delete(method);
  }

  receive(text: string): void {
    const { id, method, params, result } = JSON.parse(text) as Message;
    if (id !== undefined) this.answer(id, result);
    else if (method !== undefined) this.listeners.get(method)?.(params as never);
  }

  /** The worker is gone: nobody waits for it. */
  end(): void {
    for (const id of [...this.waiting.keys()]) this.answer(id, undefined);
  }

  private answer(id: number, result: unknown): void {
    const resolve = this.waiting.get(id);
    this.waiting.delete(id);
    resolve?.(result);
  }
}
