import type { RunListener } from '../../model/run-options.js';
import { createProgressDisplay, type ProgressSettings } from './progress-display.js';

export interface TitledDisplay {
  /** Notified of the run that is under way; it is shown under the title. */
  readonly run: RunListener;
  setTitle(title: string): void;
  /** A line that stays. */
  note(message: string): void;
  /** Takes away what is drawn, so that a report can follow. */
  clear(): void;
}

/** Shows runs that follow each other, each under a title of its own, with lines that stay between them. */
export function createTitledDisplay(settings: ProgressSettings): TitledDisplay {
  const { screen, quiet } = settings;
  const progress = createProgressDisplay(settings);
  let title = '';
  const note = (message: string) => {
    if (quiet) return;
    progress.clear();
    screen.write(`${message}\n`);
  };
  return {
    run: {
      onProgress: (shown) => progress.onProgress?.({ ...shown, scenario: title }),
      onWarning: note,
    },
    setTitle: (next) => {
      title = next;
    },
    note,
    clear: () => progress.clear(),
  };
}
