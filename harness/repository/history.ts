import { git } from './git.js';
import type { Repository } from './repository.js';

/** Commits that a bisection is about, parents before children, with those parents that are among them. */
export interface History {
  readonly commits: readonly string[];
  readonly parents: ReadonlyMap<string, readonly string[]>;
}

/** What `bad` has and `good` has not. */
export async function readHistory(
  { root }: Repository,
  { good, bad }: { readonly good: readonly string[]; readonly bad: string },
): Promise<History> {
  const without = good.map((sha) => `^${sha}`);
  const output = await git(root, ['rev-list', '--topo-order', '--reverse', '--parents', bad, ...without]);
  const lines = output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' '));
  const commits = lines.map(([sha]) => sha!);
  const among = new Set(commits);
  return {
    commits,
    parents: new Map(lines.map(([sha, ...parents]) => [sha!, parents.filter((parent) => among.has(parent))])),
  };
}
