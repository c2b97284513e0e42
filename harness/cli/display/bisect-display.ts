import { judgedCommitLine } from '../../../reporters/index.js';
import type { BisectedCommit } from '../../model/bisection.js';
import type { BisectionListener, CommitPurpose } from '../../run/bisect/bisection-plan.js';
import type { ProgressSettings } from './progress-display.js';
import { createTitledDisplay, type TitledDisplay } from './titled-display.js';

export type BisectDisplay = BisectionListener & Pick<TitledDisplay, 'clear'>;

/** Shows a bisection while it goes on: a line for each commit that is judged, and the run that is under way. */
export function createBisectDisplay(settings: ProgressSettings): BisectDisplay {
  const { run, setTitle, note, clear } = createTitledDisplay(settings);
  const { screen } = settings;
  return {
    onCommit(commit, purpose, left) {
      setTitle(titleOf(commit, purpose));
      if (left !== undefined)
        note(`${left.candidates} candidates, ${left.commits} ${left.commits === 1 ? 'commit' : 'commits'} to judge`);
    },
    onJudged: (commit, judged, kept) => note(judgedCommitLine(commit, judged, { kept, width: screen.width })),
    onNote: note,
    run,
    clear,
  };
}

function titleOf({ sha, subject }: BisectedCommit, purpose: CommitPurpose): string {
  return `${purpose === 'candidate' ? '' : `${purpose} `}${sha.slice(0, 9)} ${subject}`;
}
