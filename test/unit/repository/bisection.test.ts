import { describe, expect, test } from 'vitest';
import { randomInteger, seededRandom } from '../../../harness/platform/random.js';
import { bisectionStep, type CommitVerdict } from '../../../harness/repository/bisection.js';
import type { History } from '../../../harness/repository/history.js';

function historyOf(parents: readonly (readonly number[])[]): History {
  const name = (index: number) => `c${index}`;
  return {
    commits: parents.map((_, index) => name(index)),
    parents: new Map(parents.map((of, index) => [name(index), of.map(name)])),
  };
}

function line(length: number): History {
  return historyOf(Array.from({ length }, (_, index) => (index === 0 ? [] : [index - 1])));
}

/** Merges of two lines that part and meet again, at random; the last commit has all the others behind it. */
function branched(length: number, random: () => number): History {
  const parents: number[][] = [[]];
  let heads = [0];
  for (let index = 1; index < length; index += 1) {
    const ending = index >= length - heads.length;
    if (heads.length > 1 && (ending || random() < 0.3)) {
      const [one, other, ...rest] = heads;
      parents.push([one!, other!]);
      heads = [...rest, index];
    } else if (random() < 0.3 && !ending) {
      parents.push([heads[0]!]);
      heads = [...heads, index];
    } else {
      parents.push([heads[0]!]);
      heads = [...heads.slice(1), index];
    }
  }
  while (heads.length > 1) {
    parents.push([heads[0]!, heads[1]!]);
    heads = [...heads.slice(2), parents.length - 1];
  }
  return historyOf(parents);
}

interface Search {
  readonly found: readonly string[];
  readonly judged: number;
  readonly skipped: number;
}

/** Answers as the commits would: bad from `first` on. */
function search(history: History, first: string, isBroken: (commit: string) => boolean = () => false): Search {
  const bad = new Set([first]);
  for (const commit of history.commits)
    if (history.parents.get(commit)!.some((parent) => bad.has(parent))) bad.add(commit);
  const known = new Map<string, CommitVerdict>();
  for (;;) {
    const step = bisectionStep(history, known);
    if (step.state === 'found') {
      const skipped = [...known.values()].filter((verdict) => verdict === 'skipped').length;
      return { found: step.commits, judged: known.size - skipped, skipped };
    }
    expect(known.has(step.commit)).toBe(false);
    known.set(step.commit, isBroken(step.commit) ? 'skipped' : bad.has(step.commit) ? 'bad' : 'good');
  }
}

describe('a line of 63 commits', () => {
  const history = line(63);

  test('finds each of them with at most 6 judgements', () => {
    for (const first of history.commits) {
      const { found, judged } = search(history, first);
      expect(found).toEqual([first]);
      expect(judged).toBeLessThanOrEqual(6);
    }
  });

  test('commits that cannot be judged cost no further judgements, and are in the answer where they are not distinguished', () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const random = seededRandom('broken', seed);
      const broken = new Set(history.commits.slice(0, -1).filter(() => random() < 0.3));
      const first = history.commits[randomInteger(random, 0, 62)]!;
      const { found, judged } = search(history, first, (commit) => broken.has(commit));
      expect(judged).toBeLessThanOrEqual(6);
      expect(found).toContain(first);
      // All but the last are broken, and so is everything between them.
      expect(found.slice(0, -1).every((commit) => broken.has(commit))).toBe(true);
      expect(broken.has(found.at(-1)!)).toBe(false);
    }
  });

  test('says the whole range where nothing can be judged', () => {
    const { found, judged } = search(history, 'c40', () => true);
    expect(found).toEqual(history.commits);
    expect(judged).toBe(0);
  });

  test('shows how many judgements are left', () => {
    expect(bisectionStep(history, new Map())).toMatchObject({ state: 'next', candidates: 63, stepsLeft: 6 });
    expect(bisectionStep(history, new Map([['c31', 'good']]))).toMatchObject({ candidates: 31, stepsLeft: 5 });
  });
});

test('one commit is found without a judgement', () => {
  expect(bisectionStep(line(1), new Map())).toEqual({ state: 'found', commits: ['c0'] });
});

test('histories with merges: the right commit, with few more judgements than its logarithm', () => {
  let most = 0;
  for (let seed = 0; seed < 60; seed += 1) {
    const random = seededRandom('merges', seed);
    const history = branched(60, random);
    const first = history.commits[randomInteger(random, 0, history.commits.length - 1)]!;
    const { found, judged } = search(history, first);
    expect(found, `seed ${seed}`).toEqual([first]);
    most = Math.max(most, judged);
  }
  expect(most).toBeLessThanOrEqual(9);
});

test('a leak that only a merge brings: both of its sides are good', () => {
  //     1 - 2
  //   /       \
  // 0           5 - 6
  //   \       /
  //     3 - 4
  const history = historyOf([[], [0], [1], [0], [3], [2, 4], [5]]);
  expect(search(history, 'c5').found).toEqual(['c5']);
  expect(search(history, 'c3').found).toEqual(['c3']);
});
