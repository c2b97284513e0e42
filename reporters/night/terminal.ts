import stringWidth from 'string-width';
import type { News } from '../../harness/model/news.js';
import type { NightEntryRecord, NightPlan, NightRecord } from '../../harness/model/night.js';
import type { ReportContext } from '../context.js';
import { formatDuration } from '../format/duration.js';
import { alignColumns, spread, truncate, usableWidth, wrap } from '../format/layout.js';
import { placeText } from '../format/location.js';
import { printable, printableCommand } from '../format/printable.js';
import { formatCount } from '../format/quantity.js';
import { paintOf, type Style, styleFor } from '../format/style.js';
import { symbolOf, toneOf, toneSymbols } from '../format/wording.js';
import { entryOf, isGrave, newsWords, verdictWord } from './news-text.js';

function nightTone({ verdict }: NightRecord) {
  return verdict === 'void' ? 'bad' : toneOf(verdict);
}

function headerLines(night: NightRecord, width: number, style: Style): string[] {
  const tone = nightTone(night);
  const paint = paintOf(tone, style);
  const symbol = toneSymbols[tone];
  const shard = night.shard === undefined ? '' : ` ${night.shard}`;
  const title = `${paint(symbol)} ${style.bold(`night${shard}`)}  ${style.bold(paint(night.verdict.toUpperCase()))}`;
  const facts = [
    `${formatDuration(night.spentMs)} of ${formatDuration(night.budgetMs)}`,
    ...(night.resumed > 0 ? [`resumed ${night.resumed === 1 ? 'once' : `${night.resumed} times`}`] : []),
    night.id,
  ].join(' · ');
  const reason = `  ${wrap(printable(night.reason, 1_000), width, 2)}`;
  const oneLine = spread(title, style.dim(facts), width);
  return oneLine === undefined ? [title, `  ${style.dim(wrap(facts, width, 2))}`, reason] : [oneLine, reason];
}

function newsLines(night: NightRecord, news: News, context: ReportContext, width: number, style: Style): string[] {
  const { word, symbol } = newsWords[news.kind];
  const paint = isGrave(news)
    ? style.red
    : news.kind === 'fixed'
      ? style.green
      : news.reported
        ? style.yellow
        : style.dim;
  const entry = entryOf(night, news);
  const place = entry?.location === undefined ? [] : [placeText(entry.location, context.directory)];
  const showsPlace = isGrave(news) || news.kind === 'still';
  const label = `${symbol} ${word}`.padEnd(12);
  return [
    `  ${paint(label)}${wrap(printable(news.message, 1_000), width, 14)}`,
    ...(showsPlace ? place.map((text) => `${' '.repeat(14)}${style.cyan(text)}`) : []),
  ];
}

/** Of the widest cells that a table has: `13,240 cycles`, `12m 59s`, and the gaps between five columns. */
const rightWidth = 13 + 7 + 4 * 2;
const metricsWidthMin = 10;
const narrowWidth = 64;

/** Every entry on a line; what finds no room is in the other reports. */
function entryLines(entries: readonly NightEntryRecord[], width: number, style: Style): string[] {
  const names = entries.map(({ name }) => truncate(printable(name, 120), Math.floor(width * 0.3)));
  const nameWidth = Math.max(0, ...names.map((name) => stringWidth(name))) + 4;
  const verdictWidth = Math.max(0, ...entries.map((entry) => verdictWord(entry).length));
  const metricsWidth = width - nameWidth - verdictWidth - rightWidth;
  const rows = entries.map((entry, index) => {
    const paint = paintOf(entry.known ? 'quiet' : toneOf(entry.verdict), style);
    const metrics = truncate(printable(entry.leaking.join(', '), 200), metricsWidth);
    return [
      `  ${paint(entry.known ? '·' : symbolOf(entry.verdict))} ${names[index]}`,
      paint(verdictWord(entry)),
      ...(metricsWidth >= metricsWidthMin ? [style.dim(metrics)] : []),
      ...(width >= narrowWidth ? [entry.cycles > 0 ? style.dim(formatCount(entry.cycles, 'cycles')) : ''] : []),
      style.dim(entry.spentMs > 0 ? formatDuration(entry.spentMs) : '–'),
    ];
  });
  const texts = metricsWidth >= metricsWidthMin ? 3 : 2;
  return alignColumns(rows, { alignments: [...Array(texts).fill('left'), 'right', 'right'] });
}

/**
 * A night at a glance: what changed first, then everything that was run.
 * @returns lines ending in a newline
 */
export function nightReport(night: NightRecord, context: ReportContext = {}): string {
  const style = styleFor(context.color ?? false);
  const width = usableWidth(context.width);
  const label = (text: string) => style.dim(text.padStart(11));
  const failed = night.entries.filter(({ run, attempts }) => run === undefined && attempts > 0);
  const again = night.entries.filter(({ known, verdict }) => !known && toneOf(verdict) === 'bad');
  const news = [...night.news]
    .filter(({ kind }) => kind !== 'void')
    .sort((one, other) => Number(other.reported) - Number(one.reported));
  const reported = news.some((one) => one.reported);
  const rows = entryLines(night.entries, width, style);
  return `${[
    ...headerLines(night, width, style),
    ...(night.verdict === 'void' || reported ? [] : ['', '  Nothing new.']),
    ...(news.length > 0 ? [''] : []),
    ...news.flatMap((one) => newsLines(night, one, context, width, style)),
    ...(rows.length > 0 ? ['', ...rows] : []),
    ...failed.flatMap(({ name, reason }) => ['', `  ${style.bold(name)}`, ...indented(reason, width)]),
    ...(night.warnings.length > 0 || again.length > 0 || context.reportPath !== undefined ? [''] : []),
    ...night.warnings.map((warning) => `${label('keep in mind')}  ${wrap(printable(warning, 500), width, 14)}`),
    ...(context.reportPath === undefined ? [] : [`${label('report')}  ${context.reportPath}`]),
    ...again
      .flatMap(({ rerun }) => (rerun === undefined ? [] : [rerun]))
      .map((rerun, index) => `${label(index === 0 ? 'rerun' : '')}  ${printableCommand(rerun)}`),
  ].join('\n')}\n`;
}

function indented(text: string, width: number): string[] {
  return text.split('\n').map((line) => `    ${wrap(printable(line, 500), width, 4)}`);
}

/** What a night would do and when, without doing it. */
export function nightPlanText(plan: NightPlan, context: ReportContext = {}): string {
  const style = styleFor(context.color ?? false);
  const width = usableWidth(context.width);
  const spareMs = plan.budgetMs - plan.minMs;
  const rows = alignColumns(
    [
      ...(plan.canaries > 0 ? [['  canaries', style.dim(`${plan.canaries * 2} runs, first`), '']] : []),
      ...plan.entries.map(({ name, minimumMs, startsAfterMs }) => [
        `  ${printable(name, 120)}`,
        `at least ${formatDuration(minimumMs)}`,
        style.dim(startsAfterMs === 0 ? 'at once' : `after ${formatDuration(startsAfterMs)}`),
      ]),
    ],
    { alignments: ['left', 'left', 'right'] },
  );
  const shard = plan.shard === undefined ? '' : `, shard ${plan.shard}`;
  const atOnce = plan.targetsAtOnce === 1 ? 'one target at a time' : `${plan.targetsAtOnce} targets at once`;
  return `${[
    `${style.bold('plan')}  ${formatCount(plan.entries.length, 'scenarios')}${shard} in ${formatDuration(plan.budgetMs)}, ${atOnce}`,
    '',
    ...rows,
    '',
    `  ${wrap(`minimums take ${formatDuration(plan.minMs)} at most; the other ${formatDuration(spareMs)}, and what is decided sooner, goes to what is undecided`, width, 2)}`,
  ].join('\n')}\n`;
}
