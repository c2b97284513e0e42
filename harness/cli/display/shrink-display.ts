import { trialLine } from '../../../reporters/index.js';
import type { Loop, Trial } from '../../model/shrink.js';
import type { ShrinkListener } from '../../run/shrink/shrink-plan.js';
import { createProgressDisplay, type ProgressDisplay, type ProgressSettings } from './progress-display.js';

export interface ShrinkDisplay extends ShrinkListener {
  /** Takes away what is drawn, so that a report can follow. */
  clear(): void;
}

const titles = { trial: 'trying', inputs: 'looking for the input of', confirm: 'judging' };

/** Shows a reduction while it goes on: a line for each loop that was tried, and the run that is under way. */
export function createShrinkDisplay(settings: ProgressSettings): ShrinkDisplay {
  const { screen, quiet } = settings;
  const run: ProgressDisplay = createProgressDisplay(settings);
  let title = '';
  const note = (message: string) => {
    if (quiet) return;
    run.clear();
    screen.write(`${message}\n`);
  };
  return {
    onLoop: ({ operations: [first, ...others] }: Loop, purpose) => {
      title = `${titles[purpose]} ${first}${others.length === 0 ? '' : ` and ${others.length} more`}`;
    },
    onTrial: (trial: Trial) => note(trialLine(trial, screen.width)),
    run: {
      onProgress: (progress) => run.onProgress?.({ ...progress, scenario: title }),
      onWarning: note,
    },
    clear: () => run.clear(),
  };
}
