import type { HistoryRun, SeriesTrends, Trend } from '../../harness/model/history.js';
import type { ReportContext } from '../context.js';
import { pad, truncate, usableWidth, wrap } from '../format/layout.js';
import { printable } from '../format/printable.js';
import { sparkline } from '../format/sparkline.js';
import { paintOf, type Style, styleFor } from '../format/style.js';
import { symbolOf, toneOf } from '../format/wording.js';
import { gravestFirst, shownTrends } from './shown-trends.js';
import { changeLine, sinceText, spanText, trendName, trendValue } from './trend-text.js';

const widestSparkline = 24;
const widestValue = 16;

/**
 * Trends across runs: a block a scenario, a line a metric, changes below it.
 * @returns lines ending in a newline
 */
export function terminalHistory(all: readonly SeriesTrends[], context: ReportContext = {}): string {
  const style = styleFor(context.color ?? false);
  const width = usableWidth(context.width);
  if (all.length === 0) return 'No runs in the history yet.\n';
  return `${gravestFirst(all)
    .map((series) => blockOf(series, width, style, context.verbose ?? false).join('\n'))
    .join('\n\n')}\n`;
}

function blockOf(series: SeriesTrends, width: number, style: Style, verbose: boolean): string[] {
  const { scenario, variant, runs } = series;
  const name = `${printable(scenario, 120)}${variant === '' ? '' : ` + ${printable(variant, 120)}`}`;
  const trends = shownTrends(series, verbose);
  const nameWidth = Math.min(
    width < 64 ? 14 : 30,
    Math.max(0, ...trends.map((trend) => trendName({ ...trend, trends: series.trends }).length)),
  );
  return [
    `${style.bold(truncate(name, width))}`,
    `  ${style.dim(spanText(runs))}`,
    ...verdictLines(runs, width, style),
    ...trends.flatMap((trend) => trendLines(trend, series.trends, { nameWidth, width, style })),
    ...(trends.length === 0 ? [style.dim('  nothing was measured')] : []),
  ];
}

/** The last verdicts, oldest first, and since when it has been as it is. */
function verdictLines(runs: readonly HistoryRun[], width: number, style: Style): string[] {
  const last = runs.at(-1);
  if (last === undefined) return [];
  const shown = runs.slice(-Math.min(60, width - 4));
  const symbols = shown.map(({ verdict }) => painted(symbolOf(verdict), verdict, style)).join('');
  const since = runs.length > 1 ? sinceText(runs) : '';
  const word = `${painted(last.verdict, last.verdict, style)}${since}`;
  const beside = shown.length + `${last.verdict}${since}`.length + 4 <= width;
  return beside ? [`  ${symbols}  ${word}`] : [`  ${symbols}`, `  ${wrap(word, width, 2)}`];
}

function painted(text: string, verdict: HistoryRun['verdict'], style: Style): string {
  return paintOf(toneOf(verdict), style)(text);
}

interface Columns {
  readonly nameWidth: number;
  readonly width: number;
  readonly style: Style;
}

function trendLines(trend: Trend, trends: readonly Trend[], { nameWidth, width, style }: Columns): string[] {
  const values = trend.points.map(({ value }) => value);
  const room = Math.max(4, Math.min(widestSparkline, width - nameWidth - widestValue - 6));
  const line = pad(sparkline(values.slice(-100), room), room);
  const name = pad(truncate(trendName({ ...trend, trends }), nameWidth), nameWidth);
  const changes = trend.changes.map((change) => `      ${style.yellow('◆')} ${wrap(changeLine(change), width, 8)}`);
  return [`  ${name}  ${line}  ${trendValue(values.at(-1) ?? Number.NaN, trend)}`, ...changes];
}
