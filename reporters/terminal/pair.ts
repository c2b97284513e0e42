import type { RunRecord } from '../../harness/model/run-record.js';
import type { ReportContext } from '../context.js';
import { usableWidth } from '../format/layout.js';
import { styleFor } from '../format/style.js';
import { suspectBlocks } from './suspect-lines.js';

const labelWidth = 11;

/**
 * What is said below the comparison of a pair: where the growth comes from that came with the change, and the command
 * that repeats both runs.
 * @param after the run after the change; its suspects are shown
 */
export function terminalPairClosing(after: RunRecord, rerun: string, context: ReportContext = {}): string {
  const style = styleFor(context.color ?? false);
  const margin = labelWidth + 2;
  const frame = { width: usableWidth(context.width) - margin, directory: context.directory, style };
  const labelled = (label: string, lines: readonly string[]) =>
    lines.map((line, index) => {
      const shown = index === 0 ? style.dim(label.padStart(labelWidth)) : ' '.repeat(labelWidth);
      return `${shown}  ${line.replaceAll('\n', `\n${' '.repeat(margin)}`)}\n`;
    });
  return [
    ...suspectBlocks(after, frame).flatMap((block) => labelled('suspect', block)),
    ...labelled('rerun', [rerun]),
  ].join('');
}
