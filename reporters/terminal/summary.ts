import type { RunRecord } from '../../harness/model/run-record.js';
import type { RunVerdict } from '../../harness/model/verdict.js';
import { runVerdicts } from '../../harness/model/verdict.js';
import type { ReportContext } from '../context.js';
import { timesOf } from '../format/extent.js';
import { alignColumns, truncate, usableWidth, wrap } from '../format/layout.js';
import { printableCommand } from '../format/printable.js';
import { paintOf, type Style, styleFor } from '../format/style.js';
import { toneOf } from '../format/wording.js';
import { paintVerdict, scenarioTitle } from './report.js';

function countText(records: readonly RunRecord[], style: Style): string {
  const counted = runVerdicts
    .map((verdict): [RunVerdict, number] => [verdict, records.filter((record) => record.verdict === verdict).length])
    .filter(([, count]) => count > 0);
  return counted.map(([verdict, count]) => paintOf(toneOf(verdict), style)(`${count} ${verdict}`)).join(' · ');
}

/**
 * Several runs at a glance: one line each, then how many ended how.
 * @returns lines ending in a newline
 */
export function terminalSummary(records: readonly RunRecord[], context: ReportContext = {}): string {
  const style = styleFor(context.color ?? false);
  const width = usableWidth(context.width);
  const rows = alignColumns(
    records.map((record) => {
      const { symbol, word } = paintVerdict(record, style);
      return [
        `${symbol} ${truncate(scenarioTitle(record), Math.floor(width / 2))}`,
        word,
        style.dim(timesOf(record).join('')),
      ];
    }),
    { alignments: ['left', 'left', 'right'] },
  );
  const again = records.filter(({ verdict }) => verdict !== 'plateau').map(({ rerun }) => printableCommand(rerun));
  const label = (text: string) => style.dim(text.padStart(11));
  return `${[
    ...rows,
    '',
    `${label('Scenarios')}  ${wrap(countText(records, style) || 'none ran', width, 13)}`,
    ...(context.reportPath === undefined ? [] : [`${label('Report')}  ${context.reportPath}`]),
    ...again.map((rerun, index) => `${label(index === 0 ? 'Rerun' : '')}  ${rerun}`),
  ].join('\n')}\n`;
}
