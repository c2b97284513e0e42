import { createLogUpdate } from 'log-update';
import { progressLine, progressView, restLine } from '../../../reporters/index.js';
import type { RunListener, RunProgress } from '../../model/run-options.js';
import type { CliContext } from '../context.js';
import type { Screen } from './output.js';

const redrawMs = 100;
const lineMs = 10_000;

const usualInterruptedNote =
  'Interrupted: ending the target and judging what was sampled. Once more ends plateau at once.';

export interface ProgressDisplay extends RunListener {
  /** Takes away what is drawn, so that a report can follow. */
  clear(): void;
}

export interface ProgressSettings {
  readonly screen: Screen;
  /** Where a view that is drawn over goes. */
  readonly stream: NodeJS.WriteStream;
  /** Only a rest is shown, and only on a terminal: a silent wait of a minute looks like a hang. */
  readonly quiet: boolean;
  /** Its abortion is reported: ending a target takes a moment. */
  readonly signal: AbortSignal;
  /** Never goes backwards. */
  readonly nowMs: () => number;
  /** Said when the signal is aborted. */
  readonly interruptedNote?: string;
}

/** What a command shows while it goes on. */
export function progressSettings(
  { output, notesStream, nowMs }: CliContext,
  { quiet = false }: { readonly quiet?: boolean },
  signal: AbortSignal,
): ProgressSettings {
  return { screen: output.notes, stream: notesStream, quiet, signal, nowMs };
}

/** Shows a run while it goes on: a view that is drawn over on a terminal, else a plain line every 10 seconds. */
export function createProgressDisplay(settings: ProgressSettings): ProgressDisplay {
  const { screen, quiet, signal, interruptedNote = usualInterruptedNote } = settings;
  if (quiet) return screen.interactive ? onlyRests(settings) : { clear: () => undefined };
  const display = screen.interactive ? drawnOver(settings) : plainLines(settings);
  signal.addEventListener('abort', () => display.onWarning?.(interruptedNote), { once: true });
  return display;
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

function onlyRests({ screen, stream }: ProgressSettings): ProgressDisplay {
  const draw = createLogUpdate(stream);
  return {
    onProgress(progress) {
      const line = restLine(progress, screen.width);
      if (line === undefined) draw.clear();
      else draw(line);
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
