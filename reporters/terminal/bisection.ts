import type { BisectedCommit, BisectionResult, JudgedCommit } from '../../harness/model/bisection.js';
import type { Interval } from '../../harness/model/run-record.js';
import type { ReportContext } from '../context.js';
import { formatDuration } from '../format/duration.js';
import { besideName, formatInterval } from '../format/interval.js';
import { spread, truncate, usableWidth, wrap } from '../format/layout.js';
import { printable } from '../format/printable.js';
import { formatCount } from '../format/quantity.js';
import { type Style, styleFor } from '../format/style.js';

const shownSha = 9;
const commitsAtMost = 12;

/** `1a2b3c4d5 2026-01-31 Ada: Keep sessions by user`. */
function commitText({ sha, authorDate, author, subject }: BisectedCommit): string {
  return `${sha.slice(0, shownSha)} ${authorDate.slice(0, 10)} ${printable(author, 30)}: ${printable(subject, 200)}`;
}

function slopeText({ unit, ...interval }: Interval): string {
  const { low, estimate, high, unit: shown } = formatInterval({ ...interval, unit });
  return `[${low} ${estimate} ${high}] ${besideName(shown)}`;
}

/** What a commit was judged to be, on one line for a log; without a newline. */
export function judgedCommitLine(
  { sha, subject }: BisectedCommit,
  judged: JudgedCommit,
  { kept, width = 80 }: { readonly kept: boolean; readonly width?: number },
): string {
  const slope = judged.slope === undefined ? '' : ` ${judged.metric} ${slopeText(judged.slope)}`;
  const text = judged.verdict === 'skipped' ? `skipped: ${printable(judged.reason, 300)}` : `${judged.verdict}${slope}`;
  const time = kept ? 'from before' : formatDuration(judged.elapsedMs);
  return truncate(`${sha.slice(0, shownSha)} ${text} · ${time} · ${printable(subject, 200)}`, Math.max(60, width));
}

/** The result of a bisection. */
export function terminalBisection(result: BisectionResult, context: ReportContext = {}): string {
  const style = styleFor(context.color ?? false);
  const width = usableWidth(context.width);
  const skipped = result.judged.filter(({ verdict }) => verdict === 'skipped').length;
  const totalMs = result.judged.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0);
  const facts = [
    `${formatCount(result.driven, 'commits')} run`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    formatDuration(totalMs),
  ].join(' · ');
  const title = titleOf(result, style);
  const lines = [
    spread(title, style.dim(facts), width) ?? `${title}\n  ${style.dim(facts)}`,
    ...commitLines(result, width, style),
    '',
    ...slopeLines(result, style),
    ...commandLines(result, style),
  ];
  return `${lines.join('\n')}\n`;
}

function titleOf({ outcome, commit, range = [], metric }: BisectionResult, style: Style): string {
  if (outcome === 'found')
    return `${style.red('✗')} ${style.bold(commit!.sha.slice(0, shownSha))} brought the growth of ${metric}`;
  if (outcome === 'range') return `${style.yellow('?')} one of ${range.length} commits brought the growth of ${metric}`;
  return `${style.yellow('?')} ${style.bold('CANNOT TELL')}`;
}

function commitLines({ outcome, commit, range = [], reason }: BisectionResult, width: number, style: Style): string[] {
  if (outcome === 'cannot tell') return [wrap(`  ${reason}`, width, 2)];
  if (commit !== undefined)
    return [
      `  ${style.bold(truncate(printable(commit.subject, 200), width - 2))}`,
      `  ${printable(commit.author, 60)} · ${commit.authorDate}`,
      `  ${style.dim(commit.sha)}`,
    ];
  const hidden = range.length - commitsAtMost;
  const shown = range.slice(-commitsAtMost).reverse();
  return [
    ...shown.map((one, index) => truncate(`  ${commitText(one)}${index === 0 ? '' : ' (skipped)'}`, width)),
    ...(hidden > 0 ? [style.dim(`  and ${hidden} older`)] : []),
  ];
}

function slopeLines({ slopes, metric }: BisectionResult, style: Style): string[] {
  const rows = [
    ['before', slopes?.before],
    ['since', slopes?.after],
  ] as const;
  return rows.flatMap(([name, slope]) =>
    slope === undefined ? [] : [`${style.dim(name.padStart(8))}  ${printable(metric ?? '', 60)} ${slopeText(slope)}`],
  );
}

function commandLines({ rerun, proof }: BisectionResult, style: Style): string[] {
  return [...(proof === undefined ? [] : [`${style.dim('   proof')}  ${proof}`]), `${style.dim('   rerun')}  ${rerun}`];
}
