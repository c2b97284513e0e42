import type { OpenHandle } from '../../model/http.js';

/** What a scenario holds open. */
export class OpenHandles {
  private readonly open = new Set<OpenHandle>();

  get size(): number {
    return this.open.size;
  }

  add<Handle extends OpenHandle>(handle: Handle): Handle {
    this.open.add(handle);
    void handle.closed.then(() => this.open.delete(handle));
    return handle;
  }

  async close(): Promise<void> {
    await Promise.all([...this.open].map((handle) => handle.close()));
  }
}

export class NothingCameError extends Error {
  override readonly name = 'NothingCameError';
  readonly code = 'TIMEOUT';
}

/** @throws {NothingCameError} after `timeoutMs`; the reason of the signal when it is aborted */
export async function inTime<Value>(
  value: Promise<Value>,
  what: string,
  { timeoutMs = 10_000, signal }: { readonly timeoutMs?: number; readonly signal?: AbortSignal | undefined },
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  let leave = () => {};
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NothingCameError(`${what} did not come within ${timeoutMs} ms`)), timeoutMs);
    leave = () => reject(signal?.reason as Error);
    signal?.addEventListener('abort', leave);
  });
  try {
    signal?.throwIfAborted();
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', leave);
  }
}
