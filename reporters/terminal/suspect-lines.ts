import stringWidth from 'string-width';
import type { CodeLocation, RunRecord, Suspect } from '../../harness/model/run-record.js';
import { intervalText } from '../format/interval.js';
import { truncate, wrap } from '../format/layout.js';
import { placeText } from '../format/location.js';
import { formatShare } from '../format/number.js';
import { printable } from '../format/printable.js';
import type { Style } from '../format/style.js';

const suspectsAtMost = 3;

interface Frame {
  readonly width: number;
  readonly directory: string | undefined;
  readonly style: Style;
}

function headline(suspect: Suspect): string {
  const share = suspect.metric === undefined ? '' : `${formatShare(suspect.share)} of ${printable(suspect.metric, 60)}`;
  const operation = suspect.operation === undefined ? '' : `by ${printable(suspect.operation, 40)}`;
  return [intervalText(suspect.perCycle), share, operation].filter((part) => part !== '').join(' · ');
}

function placeLines(location: CodeLocation | undefined, { width, directory, style }: Frame, label = ''): string[] {
  if (location === undefined) return [];
  const place = `${style.dim(label)}${style.cyan(placeText(location, directory))}`;
  const named = location.function === undefined ? '' : `in ${printable(location.function, 60)}`;
  const packaged = location.package === undefined ? '' : style.dim(`(${printable(location.package, 60)})`);
  const rest = `${named} ${packaged}`.trim();
  const line = `${place} ${rest}`.trim();
  const quoted =
    location.source === undefined ? [] : [`${style.dim('│')} ${truncate(printable(location.source), width - 2)}`];
  // A path is never broken: it is there to be clicked and copied.
  return [...(stringWidth(line) <= width || rest === '' ? [line] : [place, wrap(rest, width)]), ...quoted];
}

function holderLines({ holder }: Suspect, { width, directory, style }: Frame): string[] {
  if (holder === undefined) return [];
  const place = holder.location === undefined ? [] : [style.cyan(placeText(holder.location, directory))];
  const path = holder.path.map((step) => printable(step, 80)).join(' › ');
  const held = `${style.dim('held by')} ${printable(holder.description, 200)}`;
  const joined = [held, ...place].join(' at ');
  const lines = stringWidth(joined) <= width ? [joined] : [wrap(held, width), ...place];
  return path === '' ? lines : [...lines, wrap(style.dim(path), width)];
}

/** Each suspect as a block of lines: what, how much, where, held by what. */
export function suspectBlocks(record: RunRecord, frame: Frame): string[][] {
  const blocks = record.suspects
    .slice(0, suspectsAtMost)
    .map((suspect) => [
      wrap(frame.style.bold(printable(suspect.description, 300)), frame.width),
      wrap(headline(suspect), frame.width),
      ...placeLines(suspect.location, frame),
      ...placeLines(suspect.calledFrom, frame, 'called from '),
      ...holderLines(suspect, frame),
    ]);
  const more = record.suspects.length - suspectsAtMost;
  return more > 0 ? [...blocks, [frame.style.dim(`and ${more} more in the report`)]] : blocks;
}
