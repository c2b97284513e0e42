import type { History } from './history.js';

/** What is known of a commit. `skipped`: it cannot be judged (it does not build, it does not start). */
export type CommitVerdict = 'good' | 'bad' | 'skipped';

/** Where a bisection stands. */
export type BisectionStep =
  | {
      readonly state: 'next';
      /** The commit to judge. */
      readonly commit: string;
      /** Commits that may still be the one. */
      readonly candidates: number;
      /** Judgements that are left when nothing more is skipped. */
      readonly stepsLeft: number;
    }
  /** The first bad commit; or several, parents first, of which it is one, since all but the last cannot be judged. */
  | { readonly state: 'found'; readonly commits: readonly string[] };

/**
 * The state of a search for the first bad commit, as a pure function of what is known. The last commit of the history is
 * bad, what is not in it is good, and a commit is bad once one of its ancestors is.
 *
 * The commit that is judged next splits what can still be distinguished most evenly. A commit that cannot be judged is not
 * distinguished from its only child, so it has no weight of its own: with n commits that can be judged, log2(n) judgements do,
 * whatever is skipped.
 */
export function bisectionStep(history: History, known: ReadonlyMap<string, CommitVerdict>): BisectionStep {
  const candidates = candidatesOf(history, known);
  const skipped = new Set(candidates.filter((commit) => known.get(commit) === 'skipped'));
  const tip = candidates.at(-1)!;
  const weights = weigh(history, candidates, skipped);
  const total = sum(candidates, weights);
  const judgeable = candidates.filter((commit) => commit !== tip && !skipped.has(commit));
  let best: { commit: string; evenness: number } | undefined;
  const ancestry = new Ancestry(history, candidates);
  for (const commit of judgeable) {
    const within = ancestry.weightOf(commit, weights);
    const evenness = Math.min(within, total - within);
    if (best === undefined || evenness > best.evenness) best = { commit, evenness };
  }
  if (best !== undefined && best.evenness > 0)
    return {
      state: 'next',
      commit: best.commit,
      candidates: candidates.length,
      stepsLeft: Math.ceil(Math.log2(total)),
    };
  return { state: 'found', commits: candidates };
}

/** Commits that may be the first bad one, parents first; the last of them is known to be bad. */
function candidatesOf(history: History, known: ReadonlyMap<string, CommitVerdict>): readonly string[] {
  let candidates: readonly string[] = history.commits;
  for (const commit of history.commits) {
    const verdict = known.get(commit);
    if (verdict !== 'good' && verdict !== 'bad') continue;
    const ancestors = ancestorsOf(history, commit);
    if (verdict === 'good') candidates = candidates.filter((candidate) => !ancestors.has(candidate));
    else if (candidates.includes(commit)) candidates = candidates.filter((candidate) => ancestors.has(candidate));
  }
  return candidates;
}

/** The commit itself included. */
function ancestorsOf({ parents }: History, commit: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [commit];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    if (found.has(current)) continue;
    found.add(current);
    open.push(...(parents.get(current) ?? []));
  }
  return found;
}

/** 1 for each commit that can be distinguished from the others, 0 for one that is not distinguished from its only child. */
function weigh(
  { parents }: History,
  candidates: readonly string[],
  skipped: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const children = new Map<string, number>();
  for (const commit of candidates)
    for (const parent of parents.get(commit) ?? []) children.set(parent, (children.get(parent) ?? 0) + 1);
  return new Map(
    candidates.map((commit) => [commit, skipped.has(commit) && children.get(commit) === 1 ? 0 : 1] as const),
  );
}

function sum(commits: readonly string[], weights: ReadonlyMap<string, number>): number {
  return commits.reduce((total, commit) => total + (weights.get(commit) ?? 0), 0);
}

/** Ancestors of every candidate as bit sets: merges must not be counted twice. */
class Ancestry {
  private readonly index: ReadonlyMap<string, number>;
  private readonly sets: readonly Uint32Array[];

  constructor(
    { parents }: History,
    private readonly candidates: readonly string[],
  ) {
    this.index = new Map(candidates.map((commit, position) => [commit, position]));
    const words = Math.ceil(candidates.length / 32);
    const sets: Uint32Array[] = [];
    for (const [position, commit] of candidates.entries()) {
      const set = new Uint32Array(words);
      set[position >> 5]! |= 1 << (position & 31);
      for (const parent of parents.get(commit) ?? []) {
        const inherited = this.index.get(parent);
        if (inherited !== undefined) for (const [at, word] of sets[inherited]!.entries()) set[at]! |= word;
      }
      sets.push(set);
    }
    this.sets = sets;
  }

  weightOf(commit: string, weights: ReadonlyMap<string, number>): number {
    const set = this.sets[this.index.get(commit)!]!;
    let total = 0;
    for (const [position, candidate] of this.candidates.entries())
      if ((set[position >> 5]! >>> (position & 31)) & 1) total += weights.get(candidate)!;
    return total;
  }
}
