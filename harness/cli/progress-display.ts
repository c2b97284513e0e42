import { createLogUpdate } from 'log-update';
import { progressLine, progressView } from '../../reporters/index.js';
import type { RunListener, RunProgress } from '../model/run-options.js';
import type { Screen } from './output.js';

const redrawMs = 100;
const lineMs = 10_000;

export interface ProgressDisplay extends RunListener {
  /** Takes away what is drawn, so that a report can follow. */
  clear(): void;
}

export interface ProgressSettings {
  readonly screen: Screen;
  /** Where a view that is drawn over goes. */
  readonly stream: NodeJS.WriteStream;
  readonly quiet: boolean;
  /** Never goes backwards. */
  readonly nowMs: () => number;
}

/** Shows a run while it goes on: a view that is drawn over on a terminal, else a plain line every 10 seconds. */
export function createProgressDisplay(settings: ProgressSettings): ProgressDisplay {
  if (settings.quiet) return { clear: () => undefined };
  return settings.screen.interactive ? drawnOver(settings) : plainLines(settings);
}

function drawnOver({ screen, stream, nowMs }: ProgressSettings): ProgressDisplay {
  const draw = createLogUpdate(stream);
  let drawnMs = Number.NEGATIVE_INFINITY;
  return {
    onProgress(progress) {
      if (nowMs() - drawnMs < redrawMs) return;
      drawnMs = nowMs();
      draw(progressView(progress, { color: screen.color, width: screen.width }));
    },
    onWarning(message) {
      draw.clear();
      screen.write(`${message}\n`);
      drawnMs = Number.NEGATIVE_INFINITY;
    },
    clear: () => draw.clear(),
  };
}

function plainLines({ screen, nowMs }: ProgressSettings): ProgressDisplay {
  let writtenMs = nowMs();
  return {
    onProgress(progress: RunProgress) {
      if (nowMs() - writtenMs < lineMs) return;
      writtenMs = nowMs();
      screen.write(`${progressLine(progress)}\n`);
    },
    onWarning: (message) => screen.write(`${message}\n`),
    clear: () => undefined,
  };
}
