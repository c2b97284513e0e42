import stringWidth from 'string-width';
import type { Finding, RunRecord } from '../../harness/model/run-record.js';
import { besideName, formatBudget, formatInterval } from '../format/interval.js';
import { alignColumns, wrap } from '../format/layout.js';
import { printable } from '../format/printable.js';
import { paintOf, type Style } from '../format/style.js';
import { isGrowing, roughText, shapeText, shapeWord, stepText, symbolOf, toneOf } from '../format/wording.js';

const rowsAtMost = 12;
const namesAtMost = 8;

interface Folded {
  readonly shown: readonly Finding[];
  /** Interesting ones for which there is no room. */
  readonly hidden: readonly Finding[];
  /** The rest: flat, or shown only when asked for. */
  readonly quiet: readonly Finding[];
}

/** What decides comes first; what neither decided nor moved is folded away. */
function fold(record: RunRecord, verbose: boolean): Folded {
  const passed = record.verdict === 'plateau';
  const decides = ({ verdict }: Finding) => toneOf(verdict) === 'bad' || toneOf(verdict) === 'unknown';
  const interests = (finding: Finding) => {
    if (finding.verdict === 'plateau' && finding.slope.low !== finding.slope.high && passed) return true;
    return isGrowing(finding) && finding.rounds > 0 && !(passed && finding.verdict === 'advisory');
  };
  const picked = record.findings.filter((finding) => verbose || decides(finding) || interests(finding));
  const ordered = [...picked.filter(decides), ...picked.filter((finding) => !decides(finding))];
  const room = verbose ? ordered.length : rowsAtMost;
  return {
    shown: ordered.slice(0, room),
    hidden: ordered.slice(room),
    quiet: record.findings.filter((finding) => !picked.includes(finding)),
  };
}

/** What was measured: the step where there was but one, else the interval, whose parts line up over all rows. */
function measures(findings: readonly Finding[], style: Style): string[] {
  const rough = findings.map(roughText);
  const intervals = findings.map(({ slope, rounds }, index) => {
    if (rounds === 0 || rough[index] !== undefined) return ['', '', '', ''];
    const { low, estimate, high, unit } = formatInterval(slope);
    return [style.dim(`[${low}`), style.bold(estimate), style.dim(`${high}]`), besideName(unit)];
  });
  const aligned = alignColumns(intervals, { gap: 1, alignments: ['right', 'right', 'right'] });
  return findings.map((finding, index) => {
    if (finding.rounds === 0) return style.dim('too few floors');
    const stepped = finding.slope.low <= 0 ? stepText(finding) : undefined;
    return rough[index] ?? stepped ?? aligned[index]!;
  });
}

function words(finding: Finding, shape: string, style: Style): string {
  const known = finding.verdict === 'advisory' || finding.verdict === 'known';
  const paint = paintOf(toneOf(finding.verdict), style);
  return paint(finding.rounds === 0 ? 'not judged' : shape) + (known ? style.dim(` (${finding.verdict})`) : '');
}

/** One line each where all fit, with fewer words if need be; else two lines each. */
function rows(findings: readonly Finding[], width: number, style: Style): string[] {
  const measured = measures(findings, style);
  const table = (shapeOf: (finding: Finding) => string) =>
    findings.map((finding, index) => [
      `${paintOf(toneOf(finding.verdict), style)(symbolOf(finding.verdict))} ${printable(finding.metric, 60)}`,
      measured[index]!,
      `${style.dim('limit')} ${formatBudget(finding.budget, finding.slope)}`,
      words(finding, shapeOf(finding), style),
    ]);
  const fits = (line: string) => stringWidth(line) <= width;
  const full = table(shapeText);
  const oneLine = [full, table(shapeWord)].map((cells) => alignColumns(cells));
  return oneLine.find((lines) => lines.every(fits)) ?? full.flatMap((cells) => twoLines(cells, width));
}

function twoLines([name = '', measure = '', limit = '', shown = '']: readonly string[], width: number): string[] {
  const pairs: readonly (readonly [string, string])[] = [
    [name, shown],
    // Alone on its line an interval needs no alignment.
    [`    ${measure.trim().replace(/ {2,}/g, ' ')}`, limit],
  ];
  return pairs.flatMap(([first, second]) => {
    const line = `${first}  ${second}`;
    return stringWidth(line) <= width ? [line] : [wrap(first, width, 2), `    ${second}`];
  });
}

function names(findings: readonly Finding[]): string {
  return findings.map(({ metric }) => printable(metric, 60)).join(', ');
}

/** The metrics that are not shown, by name, as far as a line or two goes. */
function foldedLines({ quiet, hidden }: Folded, width: number, style: Style): string[] {
  const groups: readonly (readonly [string, readonly Finding[]])[] = [
    ['· ', hidden],
    [style.green('✓ '), quiet.filter(({ shape, verdict }) => shape === 'flat' && verdict === 'plateau')],
    ['· ', quiet.filter(({ shape, verdict }) => shape !== 'flat' || verdict !== 'plateau')],
  ];
  const shown = [
    (count: number) => `${count} more:`,
    (count: number) => `${count} flat:`,
    (count: number) => `${count} not decisive:`,
  ];
  return groups.flatMap(([symbol, findings], index) => {
    if (findings.length === 0) return [];
    const listed = findings.slice(0, namesAtMost);
    const more = findings.length > listed.length ? ', …' : '';
    return [wrap(symbol + style.dim(`${shown[index]!(findings.length)} ${names(listed)}${more}`), width, 2)];
  });
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
