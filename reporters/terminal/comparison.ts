import stringWidth from 'string-width';
import type { Comparison, ComparisonWord, MetricComparison, PerformanceWord } from '../../harness/model/comparison.js';
import {
  changedMetrics,
  changeText,
  comparisonSymbol,
  comparisonTitle,
  comparisonTone,
  differenceText,
  extentText,
  levelsText,
  ratioText,
  removedText,
} from '../comparison/wording.js';
import type { ReportContext } from '../context.js';
import { alignColumns, spread, usableWidth, wrap } from '../format/layout.js';
import { printable } from '../format/printable.js';
import { paintOf, type Style, styleFor } from '../format/style.js';

const rowsAtMost = 12;
const namesAtMost = 8;
const labelWidth = 11;

function paint(word: ComparisonWord | PerformanceWord, style: Style): (text: string) => string {
  return paintOf(comparisonTone(word), style);
}

function headerLines(comparison: Comparison, width: number, style: Style): string[] {
  const { verdict, reason } = comparison;
  const colour = paint(verdict, style);
  const title = `${colour(comparisonSymbol(verdict))} ${style.bold(printable(comparisonTitle(comparison), 200))}`;
  const word = style.bold(colour(verdict.toUpperCase()));
  return [
    spread(title, word, width) ?? wrap(`${title}  ${word}`, width, 2),
    `  ${wrap(printable(reason, 1_000), width, 2)}`,
  ];
}

/** Of a leak that is as it was, nothing is removed. */
function share(word: ComparisonWord, removed: MetricComparison['removed']): string | undefined {
  return word === 'unchanged' ? undefined : removedText(removed);
}

/** The unit is not said twice. */
function besideChange(difference: string, change: string): string {
  const [interval = difference, unit = ''] = difference.split(/(?<=\]) /);
  return change.endsWith(unit) ? interval : difference;
}

/** A table where it fits; else two lines a metric. */
function metricLines(comparison: Comparison, width: number, verbose: boolean, style: Style): string[] {
  const changed = verbose ? comparison.metrics : changedMetrics(comparison);
  const shown = changed.slice(0, verbose ? changed.length : rowsAtMost);
  const rows = shown.map(({ metric, word, before, after, difference, removed }) => ({
    name: `${paint(word, style)(comparisonSymbol(word))} ${printable(metric, 60)}`,
    change: changeText(before?.slope, after?.slope),
    difference: besideChange(differenceText(difference), changeText(before?.slope, after?.slope)),
    word: [paint(word, style)(word), ...(share(word, removed) === undefined ? [] : [style.dim(share(word, removed)!)])],
  }));
  const table = alignColumns([
    ['', style.dim('before → after'), style.dim('difference'), ''],
    ...rows.map((row) => [row.name, row.change, row.difference, row.word[0]!]),
  ]);
  const fits = table.every((line) => stringWidth(line) <= width);
  const lines = fits
    ? rows.flatMap((row, index) => [table[index + 1]!, ...(row.word[1] === undefined ? [] : [`    ${row.word[1]}`])])
    : rows.flatMap((row) => [
        `${row.name}  ${row.word.join('  ')}`,
        `    ${row.change}`,
        `    ${style.dim('difference')} ${row.difference}`,
      ]);
  return [
    ...(rows.length > 0 && fits ? [table[0]!] : []),
    ...lines,
    ...foldedLines(comparison, changed.length - shown.length, width, verbose, style),
  ];
}

function foldedLines({ metrics }: Comparison, hidden: number, width: number, verbose: boolean, style: Style): string[] {
  const same = verbose ? [] : metrics.filter(({ word, after }) => word === 'unchanged' && after?.verdict !== 'leak');
  const names = same.slice(0, namesAtMost).map(({ metric }) => printable(metric, 60));
  const more = same.length > names.length ? ', …' : '';
  return [
    ...(hidden > 0 ? [style.dim(`· ${hidden} more; --verbose shows them`)] : []),
    ...(same.length > 0 ? [wrap(style.dim(`· ${same.length} unchanged: ${names.join(', ')}${more}`), width, 2)] : []),
  ];
}

/** Cells in columns; where those are too wide, the first and the last on one line and the rest below it. */
function rowsThatFit(rows: readonly (readonly string[])[], width: number): string[] {
  const table = alignColumns(rows);
  if (table.every((line) => stringWidth(line) <= width)) return table;
  return rows.flatMap((cells) => [`${cells[0]}  ${cells.at(-1)}`, `    ${cells.slice(1, -1).join('  ')}`]);
}

function performanceLines({ performance }: Comparison, width: number, style: Style): string[] {
  const rows = performance.map((level) => [
    `${paint(level.word, style)(comparisonSymbol(level.word))} ${printable(level.metric, 60)}`,
    levelsText(level),
    ratioText(level.ratio),
    paint(level.word, style)(level.word),
  ]);
  return rowsThatFit(rows, width);
}

function costLines({ footprint = [], residue = [] }: Comparison, width: number, style: Style): string[] {
  const rows = [
    ...footprint.map((cost) => ({ ...cost, what: 'a live one costs' })),
    ...residue.map((cost) => ({ ...cost, what: 'leaves behind' })),
  ];
  return rowsThatFit(
    rows.map(({ operation, metric, unit, before, after, difference, what, word }) => [
      `${printable(operation, 40)} ${style.dim(what)} ${metric}`,
      changeText({ ...before, unit }, { ...after, unit }),
      differenceText({ ...difference, unit }),
      word,
    ]),
    width,
  );
}

function closingLines(comparison: Comparison, width: number, style: Style): string[] {
  const { before, after, differences, warnings } = comparison;
  const run = (compared: Comparison['before']) =>
    `${printable(compared.id, 80)} · ${extentText(compared)} · ${compared.verdict}`;
  const lines: readonly (readonly [string, string])[] = [
    ...differences.map(({ subject, before: from, after: to, weight }): [string, string] => [
      'differs',
      `${printable(subject, 80)} ${printable(from, 80)} → ${printable(to, 80)}${weight === 'voids' ? ' (voids the comparison)' : ''}`,
    ]),
    ...warnings.map((warning): [string, string] => ['note', printable(warning, 400)]),
    ['before', run(before)],
    ['after', run(after)],
  ];
  const indent = labelWidth + 2;
  return lines.map(([label, text], index) => {
    const shown = lines[index - 1]?.[0] === label ? '' : label;
    return `${style.dim(shown.padStart(labelWidth))}  ${wrap(text, width, indent)}`;
  });
}

/**
 * What changed between two runs: the word first, then each metric that changed or leaks, then speed, then how the runs
 * differ.
 * @returns lines ending in a newline, none wider than the terminal where text can be broken
 */
export function terminalComparison(comparison: Comparison, context: ReportContext = {}): string {
  const style = styleFor(context.color ?? false);
  const width = usableWidth(context.width);
  const inner = width - 2;
  const indented = (lines: readonly string[]) => lines.map((line) => `  ${line.replaceAll('\n', '\n  ')}`);
  const sections = [
    headerLines(comparison, width, style),
    indented(metricLines(comparison, inner, context.verbose ?? false, style)),
    indented(performanceLines(comparison, inner, style)),
    indented(costLines(comparison, inner, style)),
    closingLines(comparison, width, style),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}
