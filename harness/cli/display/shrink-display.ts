import { trialLine } from '../../../reporters/index.js';
import type { ShrinkListener } from '../../run/shrink/shrink-plan.js';
import type { ProgressSettings } from './progress-display.js';
import { createTitledDisplay, type TitledDisplay } from './titled-display.js';

export type ShrinkDisplay = ShrinkListener & Pick<TitledDisplay, 'clear'>;

const titles = { trial: 'trying', narrow: 'narrowing', confirm: 'judging' };

const interruptedNote =
  'Interrupted: ending the target. The loops above were tried; the same command begins again. Once more ends plateau at once.';

/** Shows a reduction while it goes on: a line for each loop that was tried, and the run that is under way. */
export function createShrinkDisplay(settings: ProgressSettings): ShrinkDisplay {
  const { run, setTitle, note, clear } = createTitledDisplay({ ...settings, interruptedNote });
  const { screen } = settings;
  return {
    onLoop: ({ operations: [first, ...others] }, purpose) =>
      setTitle(`${titles[purpose]} ${first}${others.length === 0 ? '' : ` and ${others.length} more`}`),
    onTrial: (trial) => note(trialLine(trial, screen.width)),
    run,
    clear,
  };
}
