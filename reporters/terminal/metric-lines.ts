import stringWidth from 'string-width';
import type { Finding, RunRecord } from '../../harness/model/run-record.js';
import { besideName, formatBudget, formatInterval, formatRate } from '../format/interval.js';
import { alignColumns, wrap } from '../format/layout.js';
import { printable } from '../format/printable.js';
import type { Style } from '../format/style.js';
import { isGrowing, shapeText, shapeWords, stepText, symbolOf, toneOf } from '../format/wording.js';

const rowsAtMost = 12;

interface Folded {
  readonly shown: readonly Finding[];
  /** Metrics whose every value was the same, or that are shown only when asked for. */
  readonly flat: readonly Finding[];
  /** Decisive ones for which there is no room. */
  readonly hidden: readonly Finding[];
}

/** What decides comes first; what never moved is folded away. */
function fold(record: RunRecord, verbose: boolean): Folded {
  const decides = (finding: Finding) => !['good', 'quiet'].includes(toneOf(finding.verdict));
  const moved = (finding: Finding) =>
    (isGrowing(finding) && finding.rounds > 0) ||
    (record.verdict === 'plateau' && finding.slope.low !== finding.slope.high);
  const shown = record.findings.filter((finding) => verbose || decides(finding) || moved(finding));
  const ordered = [...shown.filter(decides), ...shown.filter((finding) => !decides(finding))];
  const room = verbose ? ordered.length : rowsAtMost;
  return {
    shown: ordered.slice(0, room),
    hidden: ordered.slice(room),
    flat: record.findings.filter((finding) => !shown.includes(finding)),
  };
}

function toneStyle(style: Style, finding: Finding): (text: string) => string {
  const tone = toneOf(finding.verdict);
  return tone === 'bad' ? style.red : tone === 'unknown' ? style.yellow : tone === 'good' ? style.green : style.dim;
}

/** What was measured: the step where there was but one, else the interval, whose parts line up over all rows. */
function measures(findings: readonly Finding[], style: Style): string[] {
  const intervals = findings.map(({ slope, rounds }) => {
    if (rounds === 0) return ['', '', '', ''];
    const { low, estimate, high, unit } = formatInterval(slope);
    return [style.dim(`[${low}`), style.bold(estimate), style.dim(`${high}]`), printable(besideName(unit), 40)];
  });
  const aligned = alignColumns(intervals, { gap: 1, alignments: ['right', 'right', 'right'] });
  return findings.map((finding, index) => {
    if (finding.rounds === 0) return style.dim('too few floors');
    const stepped = finding.shape === 'step' && finding.slope.low <= 0 ? stepText(finding) : undefined;
    return stepped ?? aligned[index]!;
  });
}

function words(finding: Finding, shape: string, style: Style): string {
  const known = finding.verdict === 'advisory' || finding.verdict === 'known';
  return (
    toneStyle(style, finding)(finding.rounds === 0 ? 'not judged' : shape) +
    (known ? style.dim(` (${finding.verdict})`) : '')
  );
}

/** One line each where all fit, with fewer words if need be; else two lines each. */
function rows(findings: readonly Finding[], width: number, style: Style): string[] {
  const measured = measures(findings, style);
  const table = (tell: (finding: Finding) => string) =>
    findings.map((finding, index) => [
      `${toneStyle(style, finding)(symbolOf(finding.verdict))} ${printable(finding.metric, 60)}`,
      measured[index]!,
      `${style.dim('limit')} ${formatBudget(finding.budget, finding.slope)}`,
      words(finding, tell(finding), style),
    ]);
  const fits = (line: string) => stringWidth(line) <= width;
  const full = table(shapeText);
  const oneLine = [full, table(({ shape }) => shapeWords[shape])].map((cells) => alignColumns(cells));
  return oneLine.find((lines) => lines.every(fits)) ?? full.flatMap((cells) => twoLines(cells, width));
}

function twoLines([name = '', measure = '', limit = '', told = '']: readonly string[], width: number): string[] {
  const pairs: readonly (readonly [string, string])[] = [
    [name, told],
    [`    ${measure.trim()}`, limit],
  ];
  return pairs.flatMap(([first, second]) => {
    const line = `${first}  ${second}`;
    return stringWidth(line) <= width ? [line] : [wrap(first, width, 2), `    ${second}`];
  });
}

function names(findings: readonly Finding[]): string {
  return findings.map(({ metric }) => printable(metric, 60)).join(', ');
}

function foldedLines({ flat, hidden }: Folded, width: number, style: Style): string[] {
  const lines: string[] = [];
  if (hidden.length > 0)
    lines.push(
      wrap(`${style.dim(`and ${hidden.length} more, in the report:`)} ${names(hidden.slice(0, 6))}…`, width, 2),
    );
  if (flat.length > 0) {
    const listed = flat.slice(0, 8);
    const more = flat.length > listed.length ? ', …' : '';
    lines.push(
      wrap(`${style.green('✓')} ${style.dim(`${flat.length} flat:`)} ${style.dim(names(listed) + more)}`, width, 2),
    );
  }
  return lines;
}

/** One line for each metric that matters, two where the terminal is narrow, then one for all the others. */
export function metricLines(
  record: RunRecord,
  options: { readonly width: number; readonly verbose: boolean },
  style: Style,
): string[] {
  const folded = fold(record, options.verbose);
  return [...rows(folded.shown, options.width, style), ...foldedLines(folded, options.width, style)];
}

/** The smallest growth that this run would have called a leak, for a metric of each kind. */
export function sensitivity(record: RunRecord): string | undefined {
  const judged = record.findings.filter(
    ({ verdict, detectionFloor }) => verdict === 'plateau' && detectionFloor !== null,
  );
  const told = ['heapUsed', 'objects', 'fds']
    .map((metric) => judged.find((finding) => finding.metric === metric))
    .filter((finding) => finding !== undefined)
    .map(({ metric, detectionFloor, slope }) => `${metric} from ${formatRate(detectionFloor ?? 0, slope.unit)}`);
  return told.length === 0 ? undefined : `growth of ${told.join(', ')}`;
}
