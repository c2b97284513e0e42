import { judgedCommitLine } from '../../../reporters/index.js';
import type { BisectedCommit } from '../../model/bisection.js';
import type { BisectionListener, CommitPurpose } from '../../run/bisect/bisection-plan.js';
import { createProgressDisplay, type ProgressDisplay, type ProgressSettings } from './progress-display.js';

export interface BisectDisplay extends BisectionListener {
  /** Takes away what is drawn, so that a report can follow. */
  clear(): void;
}

/** Shows a bisection while it goes on: a line for each commit that is judged, and the run that is under way. */
export function createBisectDisplay(settings: ProgressSettings): BisectDisplay {
  const { screen, quiet } = settings;
  const run: ProgressDisplay = createProgressDisplay(settings);
  let title = '';
  const note = (message: string) => {
    if (quiet) return;
    run.clear();
    screen.write(`${message}\n`);
  };
  return {
    onCommit(commit, purpose, left) {
      title = titleOf(commit, purpose);
      if (left !== undefined)
        note(`${left.candidates} candidates, ${left.commits} ${left.commits === 1 ? 'commit' : 'commits'} to judge`);
    },
    onJudged: (commit, judged, kept) => note(judgedCommitLine(commit, judged, { kept, width: screen.width })),
    onNote: note,
    run: {
      onProgress: (progress) => run.onProgress?.({ ...progress, scenario: title }),
      onWarning: note,
    },
    clear: () => run.clear(),
  };
}

function titleOf({ sha, subject }: BisectedCommit, purpose: CommitPurpose): string {
  return `${purpose === 'candidate' ? '' : `${purpose} `}${sha.slice(0, 9)} ${subject}`;
}
