import { formatDuration } from '../../../reporters/format/duration.js';
import { truncate } from '../../../reporters/format/layout.js';
import { printable } from '../../../reporters/format/printable.js';
import type { NightListener } from '../../run/nightly/run-entries.js';
import { createProgressDisplay, type ProgressSettings } from './progress-display.js';

export interface NightDisplay extends NightListener {
  clear(): void;
}

/** Shows a night while it goes on: what is run now, and a line for everything that is over. */
export function createNightDisplay(settings: ProgressSettings): NightDisplay {
  const { screen, quiet, nowMs } = settings;
  const progress = createProgressDisplay({
    ...settings,
    interruptedNote: 'Interrupted: ending the target. The next plateau nightly goes on where this one stopped.',
  });
  if (quiet) return progress;
  const startedMs = new Map<string, number>();
  const line = (text: string) => {
    progress.clear();
    screen.write(`${truncate(printable(text, 500), Math.max(40, screen.width - 1))}\n`);
  };
  return {
    ...progress,
    onStart(entry, attempt, durationMs) {
      startedMs.set(entry, nowMs());
      const again = attempt > 1 ? `, attempt ${attempt}` : '';
      line(`… ${entry}${again}, up to ${formatDuration(durationMs)}`);
    },
    onFinish(entry, verdict, reason) {
      const tookMs = nowMs() - (startedMs.get(entry) ?? nowMs());
      line(`${entry}: ${verdict} after ${formatDuration(tookMs)}${verdict === 'plateau' ? '' : `, ${reason}`}`);
    },
  };
}
