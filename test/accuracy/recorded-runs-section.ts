import { leaveOutRules } from '../../harness/analyse/decide/rule.js';
import { judge } from '../../harness/analyse/judge.js';
import type { RecordedRun } from './recorded-run.js';
import type { Section } from './section.js';
import { markdownTable, share } from './tally.js';

/** How a verdict compares with what is true of the target. */
type Outcome = 'right' | 'false leak' | 'false pass' | 'undecided';

function outcomeOf({ truth }: RecordedRun, verdict: string): Outcome {
  if (verdict === truth) return 'right';
  if (verdict === 'plateau') return 'false pass';
  return verdict === 'leak' ? 'false leak' : 'undecided';
}

/** Live runs of services, leaking and sound, judged from what lies on disk. */
export function recordedRunsSection(runs: readonly RecordedRun[]): Section {
  const outcomes = runs.map((recorded) => outcomeOf(recorded, judge(recorded.run).verdict));
  const kinds = ['development', 'held-out'].flatMap((split) =>
    ['node', 'outside'].flatMap((target) => ['leak', 'plateau'].map((truth) => ({ split, target, truth }))),
  );
  const rows = kinds.map(({ split, target, truth }) => {
    const of = outcomes.filter((_, index) => {
      const run = runs[index]!;
      return run.split === split && run.target === target && run.truth === truth;
    });
    const count = (wanted: Outcome) => of.filter((outcome) => outcome === wanted).length;
    const wrong = truth === 'leak' ? 'false pass' : 'false leak';
    return [
      split,
      target === 'node' ? 'Node' : 'seen from outside',
      truth === 'leak' ? 'leaking' : 'sound',
      share(count('right'), of.length),
      String(count(wrong)),
      String(count('undecided')),
    ];
  });
  const wrongs = runs.flatMap((run, index) => {
    const outcome = outcomes[index]!;
    return outcome === 'false leak' || outcome === 'false pass' ? [{ run, outcome }] : [];
  });
  return {
    title: `Recorded live runs: ${runs.length}`,
    body: [
      'Each run ended where the build that recorded it decided; a run that is undecided here is driven on today. Runs whose\nverdict rests on the cause of the growth, as of a holder that has room, are left out: causes are not kept with them.',
      markdownTable(['runs', 'target', 'truth', 'right', 'wrong', 'undecided'], rows),
      'Wrong, and why:',
      wrongs.map(({ run, outcome }) => `- ${run.name}: ${outcome}; ${run.open ?? 'not known why'}`).join('\n'),
    ].join('\n\n'),
    failures: wrongs
      .filter(({ run }) => run.open === undefined)
      .map(({ run, outcome }) => `${outcome} on the recorded run ${run.name}`),
  };
}

/** Verdicts that change when rules are left out: what they are worth. */
export function ablation(runs: readonly RecordedRun[], names: readonly string[]): string {
  const before = runs.map(({ run }) => judge(run).verdict);
  leaveOutRules(names);
  const changed = runs.flatMap((recorded, index) => {
    const verdict = judge(recorded.run).verdict;
    return verdict === before[index] ? [] : [`- ${recorded.name} (${recorded.truth}): ${before[index]} -> ${verdict}`];
  });
  leaveOutRules([]);
  return `Without ${names.join(', ')}: ${changed.length} of ${runs.length} verdicts change.\n${changed.join('\n')}`;
}
