import type { CycleContext } from '../../harness/index.js';

/** A key that nobody deletes: it goes by itself. */
export async function putExpiringKey({ target, cycle, input }: CycleContext, ttlMs: number): Promise<void> {
  await target.http.put(`/branches/main/keys/kv/visit-${cycle}`, { value: input, ttlMs });
}
