import { createLogUpdate } from 'log-update';
import { progressLine, progressView } from '../../../reporters/index.js';
import type { RunListener, RunProgress } from '../../model/run-options.js';
import type { PairSide } from '../../run/pair/run-pair.js';
import { createProgressDisplay, type ProgressSettings } from './progress-display.js';

const redrawMs = 100;
const lineMs = 10_000;
/** Lines that are left of a terminal for each of the two. */
const viewLines = 9;

export interface PairDisplay {
  readonly listeners: Readonly<Record<PairSide, RunListener>>;
  note(message: string): void;
  /** Takes away what is drawn, so that a report can follow. */
  clear(): void;
}

/** Shows two runs that take turns: one view below the other on a terminal, else a plain line each every 10 seconds. */
export function createPairDisplay(settings: ProgressSettings, titles: Readonly<Record<PairSide, string>>): PairDisplay {
  const { screen, stream, quiet, signal, nowMs } = settings;
  if (quiet) return quietDisplay(settings, titles);
  const latest: Partial<Record<PairSide, RunProgress>> = {};
  const draw = screen.interactive ? createLogUpdate(stream) : undefined;
  let shownMs = draw === undefined ? nowMs() : Number.NEGATIVE_INFINITY;
  const show = () => {
    if (nowMs() - shownMs < (draw === undefined ? lineMs : redrawMs)) return;
    shownMs = nowMs();
    const both = [latest.before, latest.after].filter((progress) => progress !== undefined);
    if (draw === undefined) for (const progress of both) screen.write(`${progressLine(progress)}\n`);
    else
      draw(
        both
          .flatMap((progress) =>
            progressView(progress, { color: screen.color, width: screen.width }).split('\n').slice(0, viewLines),
          )
          .join('\n'),
      );
  };
  const note = (message: string) => {
    draw?.clear();
    screen.write(`${message}\n`);
  };
  const listener = (side: PairSide): RunListener => ({
    onProgress(progress) {
      latest[side] = { ...progress, scenario: titles[side] };
      show();
    },
    onWarning: note,
  });
  signal.addEventListener(
    'abort',
    () => note('Interrupted: ending both targets and judging what was sampled. Once more ends plateau at once.'),
    { once: true },
  );
  return { listeners: { before: listener('before'), after: listener('after') }, note, clear: () => draw?.clear() };
}

function quietDisplay(settings: ProgressSettings, titles: Readonly<Record<PairSide, string>>): PairDisplay {
  const display = createProgressDisplay(settings);
  const listener = (side: PairSide): RunListener => ({
    onProgress: (progress) => display.onProgress?.({ ...progress, scenario: titles[side] }),
  });
  const note = () => undefined;
  return { listeners: { before: listener('before'), after: listener('after') }, note, clear: () => display.clear() };
}
