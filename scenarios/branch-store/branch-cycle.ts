import type { CycleContext } from '../../harness/index.js';
import type { StoreWrite } from './branch-contents.js';

/** A branch of a name of its own, as every request or every pull request gets one. */
export async function createBranch(
  { target, cycle }: CycleContext,
  writes: readonly StoreWrite[] = [],
): Promise<string> {
  const name = `branch-${cycle}`;
  await target.http.post('/branches', { name });
  if (writes.length > 0) await target.http.post(`/branches/${name}/commits`, { writes });
  return name;
}

export async function deleteBranch(name: string, { target }: CycleContext): Promise<void> {
  await target.http.delete(`/branches/${name}`);
}
