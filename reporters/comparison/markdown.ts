import type {
  Comparison,
  CostComparison,
  MetricComparison,
  PerformanceComparison,
} from '../../harness/model/comparison.js';
import { code, plain, tableRow } from '../format/markdown-text.js';
import {
  changedMetrics,
  comparisonSymbol,
  comparisonTitle,
  differenceText,
  extentText,
  levelsText,
  ratioText,
  removedText,
  slopeText,
} from './wording.js';

const rowsAtMost = 20;

function metricRow({ metric, word, before, after, difference, removed }: MetricComparison): string {
  const share = removedText(removed);
  return tableRow([
    `${comparisonSymbol(word)} ${code(metric, 80)}`,
    code(slopeText(before?.slope)),
    code(slopeText(after?.slope)),
    code(differenceText(difference)),
    `**${word}**${share === undefined ? '' : `, ${plain(share)}`}`,
  ]);
}

function metricTable(comparison: Comparison): string[] {
  const changed = changedMetrics(comparison);
  const rest = comparison.metrics.length - Math.min(changed.length, rowsAtMost);
  const others =
    rest > 0
      ? [`${rest} ${changed.length > 0 ? 'more ' : ''}${rest === 1 ? 'metric is' : 'metrics are'} unchanged.`, '']
      : [];
  if (changed.length === 0) return others;
  return [
    '| Metric | Before | After | Difference | |',
    '|---|---|---|---|---|',
    ...changed.slice(0, rowsAtMost).map(metricRow),
    '',
    ...others,
  ];
}

function speedRow(level: PerformanceComparison): string {
  return tableRow([
    `${comparisonSymbol(level.word)} ${code(level.metric, 80)}`,
    code(levelsText(level)),
    code(ratioText(level.ratio)),
    level.word,
  ]);
}

function speedTable({ performance }: Comparison): string[] {
  if (performance.length === 0) return [];
  return ['| Speed | Before → after | Change | |', '|---|---|---|---|', ...performance.map(speedRow), ''];
}

function costTable({ footprint = [], residue = [] }: Comparison): string[] {
  const row = (what: string) => (cost: CostComparison) =>
    tableRow([
      `${code(cost.operation, 60)} ${what}, ${code(cost.metric, 60)}`,
      code(slopeText({ ...cost.before, unit: cost.unit })),
      code(slopeText({ ...cost.after, unit: cost.unit })),
      code(differenceText({ ...cost.difference, unit: cost.unit })),
      cost.word,
    ]);
  const rows = [...footprint.map(row('costs while it lives')), ...residue.map(row('leaves behind'))];
  return rows.length === 0
    ? []
    : ['| Live object | Before | After | Difference | |', '|---|---|---|---|---|', ...rows, ''];
}

/** A comparison as a comment on a change: the word, what changed, speed, and how the runs themselves differ. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { verdict, before, after } = comparison;
  const notes = [
    ...comparison.differences.map(
      ({ subject, before: from, after: to, detail, weight }) =>
        `- ${code(subject, 80)} ${plain(from)} → ${plain(to)}${weight === 'voids' ? ' (voids the comparison)' : ''}: ${plain(detail)}`,
    ),
    ...comparison.warnings.map((warning) => `- ${plain(warning)}`),
  ];
  const run = (compared: Comparison['before']) =>
    `${plain(compared.id)} (${extentText(compared)}, ${compared.verdict})`;
  return `${[
    `### ${comparisonSymbol(verdict)} ${plain(comparisonTitle(comparison))}: ${verdict}`,
    '',
    plain(comparison.reason, 1_000),
    '',
    ...metricTable(comparison),
    ...speedTable(comparison),
    ...costTable(comparison),
    ...(notes.length > 0 ? ['**The runs differ**', '', ...notes, ''] : []),
    `<sub>before ${run(before)} · after ${run(after)}</sub>`,
  ].join('\n')}\n`;
}
