import type { Finding, RunRecord, Suspect } from '../harness/model/run-record.js';
import { adviceFor } from './advice.js';
import type { ReportContext } from './context.js';
import { explainedText } from './format/explained.js';
import { extentTexts } from './format/extent.js';
import { failedChecks } from './format/failed-checks.js';
import { costsInOrder, costText, leavesSomething } from './format/footprint.js';
import { formatBudget, intervalText } from './format/interval.js';
import { placeText } from './format/location.js';
import { code, commandCode, plain, prose, tableRow } from './format/markdown-text.js';
import { formatNumber, formatShare } from './format/number.js';
import { printable } from './format/printable.js';
import { isGrowing, measuredText, shapeText, symbolOf, toneOf } from './format/wording.js';
import { sensitivity } from './sensitivity.js';

const rowsAtMost = 20;
const suspectsAtMost = 5;

function findingRow(finding: Finding): string {
  const words = finding.rounds > 0 ? shapeText(finding) : 'not judged';
  const cells = [
    `${symbolOf(finding.verdict)} ${code(finding.metric, 80)}`,
    code(measuredText(finding)),
    code(formatBudget(finding.budget, finding.slope)),
    plain(words),
  ];
  return tableRow(cells);
}

function findingsTable(record: RunRecord): string[] {
  const shown = record.findings.filter(
    (finding) => toneOf(finding.verdict) === 'bad' || toneOf(finding.verdict) === 'unknown' || isGrowing(finding),
  );
  const rest = record.findings.length - Math.min(shown.length, rowsAtMost);
  const many = rest === 1 ? 'metric is' : 'metrics are';
  const others = rest > 0 ? [`${rest} ${shown.length > 0 ? 'more ' : ''}${many} flat or advisory.`, ''] : [];
  if (shown.length === 0) return others;
  return [
    '| Metric | Growth | Limit | Shape |',
    '|---|---|---|---|',
    ...shown.slice(0, rowsAtMost).map(findingRow),
    '',
    ...others,
  ];
}

function suspectItem(suspect: Suspect, directory: string | undefined): string {
  const { location, calledFrom, holder } = suspect;
  const share = suspect.metric === undefined ? '' : `, ${formatShare(suspect.share)} of ${code(suspect.metric, 80)}`;
  const place = location === undefined ? '' : ` at ${code(placeText(location, directory))}`;
  const path = holder === undefined || holder.path.length === 0 ? '' : `: ${code(holder.path.join(' › '))}`;
  const lines = [
    `- **${prose(suspect.description)}**${place}, ${code(intervalText(suspect.perCycle))}${share}`,
    ...(location?.source === undefined ? [] : [code(location.source, 200)]),
    ...(calledFrom === undefined ? [] : [`called from ${code(placeText(calledFrom, directory))}`]),
    ...(calledFrom?.source === undefined ? [] : [code(calledFrom.source, 200)]),
    ...(holder === undefined ? [] : [`held by ${prose(holder.description)}${path}`]),
  ];
  // A backslash at the end of a line breaks it without ending the item.
  return lines.join('\\\n  ');
}

function explained(record: RunRecord): string[] {
  const text = explainedText(record, (metric) => code(metric, 80));
  return text === undefined ? [] : [`Explained: ${text}.`, ''];
}

function suspects(record: RunRecord, directory: string | undefined): string[] {
  if (record.suspects.length === 0) return explained(record);
  const more = record.suspects.length - suspectsAtMost;
  return [
    '**Suspects**',
    '',
    ...record.suspects.slice(0, suspectsAtMost).map((suspect) => suspectItem(suspect, directory)),
    ...(more > 0 ? [`- and ${more} more in the report`] : []),
    '',
    ...explained(record),
  ];
}

function footprints({ footprint = [] }: RunRecord): string[] {
  if (footprint.length === 0) return [];
  const rows = footprint.flatMap((held) =>
    costsInOrder(held).map((cost) =>
      tableRow([
        code(held.operation, 60),
        code(cost.metric, 60),
        code(costText(cost.live, cost.unit)),
        leavesSomething(cost) ? code(costText(cost.residue, cost.unit)) : 'nothing',
      ]),
    ),
  );
  return ['| One live | Metric | Costs | Leaves behind |', '|---|---|---|---|', ...rows, ''];
}

/** What the target printed last, where it failed. Indented, so that nothing in it ends the block. */
function targetOutput({ targetOutput: output }: RunRecord): string[] {
  if (output === undefined) return [];
  const log = output.log === undefined ? '' : `, in full in ${code(output.log)}`;
  if (output.lastLines.length === 0) return [`The target printed nothing${log}.`, ''];
  return [
    `**The target printed last**${log}`,
    '',
    ...output.lastLines.map((line) => `    ${printable(line, 500)}`),
    '',
  ];
}

/** A run as a comment on a change: verdict, what decided, suspects, and how to have it again. */
export function markdownReport(record: RunRecord, context: Pick<ReportContext, 'directory'> = {}): string {
  const { counts, verdict } = record;
  const defects = record.defects.map((defect) => ` + ${plain(defect)}`).join('');
  const failed = counts.failed > 0 ? `, ${formatNumber(counts.failed)} failed` : '';
  const seen = verdict === 'plateau' ? sensitivity(record) : undefined;
  const notes = [
    ...failedChecks(record).map(({ check, detail }) => `- ${plain(check)}: ${plain(detail)}`),
    ...record.warnings.map((warning) => `- ${plain(warning)}`),
  ];
  const advice = adviceFor(record).map(
    ({ text, command }) => `- ${plain(text)}${command === undefined ? '' : `: ${commandCode(command)}`}`,
  );
  return `${[
    `### ${symbolOf(verdict)} ${plain(record.scenario)}${defects}: ${verdict}`,
    '',
    plain(record.reason, 1_000),
    '',
    ...findingsTable(record),
    ...(seen === undefined ? [] : [`This run would have seen ${plain(seen)}.`, '']),
    ...suspects(record, context.directory),
    ...footprints(record),
    ...targetOutput(record),
    ...(notes.length > 0 ? ['**Keep in mind**', '', ...notes, ''] : []),
    ...(advice.length > 0 ? ['**Next**', '', ...advice, ''] : []),
    `<sub>${extentTexts(record, failed).join(' · ')} · plateau ${plain(record.environment.plateau)} on Node ${plain(record.environment.node)}</sub>`,
    '',
    `Run it again: ${commandCode(record.rerun)}`,
  ].join('\n')}\n`;
}
