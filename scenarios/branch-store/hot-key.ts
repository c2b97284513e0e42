import type { CycleContext } from '../../harness/index.js';

/** One more version of one key. */
export async function putHotKey({ target, input }: CycleContext, branch = 'main'): Promise<void> {
  await target.http.put(`/branches/${branch}/keys/kv/hot`, { value: { visits: input } });
}
