import stringWidth from 'string-width';
import { parentMetric } from '../../harness/model/metric.js';
import type { LiveSeries, RunProgress } from '../../harness/model/run-options.js';
import type { ReportContext } from '../context.js';
import { formatDuration } from '../format/duration.js';
import { besideName, formatInterval } from '../format/interval.js';
import { alignColumns, spread, truncate } from '../format/layout.js';
import { formatNumber, formatShort } from '../format/number.js';
import { printable } from '../format/printable.js';
import { formatCount, formatQuantity } from '../format/quantity.js';
import { sparkline } from '../format/sparkline.js';
import { type Style, styleFor } from '../format/style.js';

const seriesAtMost = 6;
const barCells = 24;

/** Undecided metrics first, then those that seem to grow; breakdowns only where they are what is undecided. */
function seriesThatMatter(progress: RunProgress): readonly LiveSeries[] {
  const undecided = new Set(progress.undecided);
  const rank = ({ metric, slope, floors }: LiveSeries) => {
    if (undecided.has(metric)) return 0;
    if (slope !== undefined && slope.low > 0) return 1;
    if (parentMetric(metric) !== undefined) return 4;
    return floors.some((value) => value !== floors[0]) ? 2 : 3;
  };
  return progress.series
    .map((series) => ({ series, rank: rank(series) }))
    .filter(({ rank: place }) => place < 3)
    .sort((one, other) => one.rank - other.rank)
    .slice(0, seriesAtMost)
    .map(({ series }) => series);
}

/** How much of a metric fits on a line, most first. */
const layouts = [
  { name: 40, curve: 30, value: true, bounds: true },
  { name: 40, curve: 12, value: true, bounds: true },
  { name: 24, curve: 8, value: false, bounds: true },
  { name: 18, curve: 0, value: false, bounds: false },
] as const;

function seriesRow(
  { metric, unit, floors, slope }: LiveSeries,
  layout: (typeof layouts)[number],
  style: Style,
): string[] {
  const last = floors.at(-1);
  const curve = layout.curve > 0 ? [style.cyan(sparkline(floors, layout.curve))] : [];
  const value = layout.value ? [last === undefined ? '' : formatQuantity(last, unit)] : [];
  return [truncate(printable(metric), layout.name), ...curve, ...value, slopeText(slope, layout.bounds, style)];
}

function slopeText(slope: LiveSeries['slope'], bounds: boolean, style: Style): string {
  if (slope === undefined) return style.dim('too few floors yet');
  const { low, estimate, high, unit } = formatInterval(slope);
  const text = bounds
    ? `${style.dim(`[${low}`)} ${style.bold(estimate)} ${style.dim(`${high}]`)}`
    : style.bold(estimate);
  return `${text} ${besideName(unit)}`;
}

/** Series one below the other, in the fullest layout in which all of them fit. */
function seriesRows(series: readonly LiveSeries[], width: number, style: Style): string[] {
  const tables = layouts.map((layout) =>
    alignColumns(
      series.map((one) => seriesRow(one, layout, style)),
      { alignments: layout.value ? ['left', 'left', 'right'] : [] },
    ),
  );
  return tables.find((rows) => rows.every((row) => stringWidth(row) <= width)) ?? tables.at(-1) ?? [];
}

function towardsVerdict(progress: RunProgress, width: number, style: Style): string | undefined {
  const { cyclesWanted, cycles, elapsedMs, undecided, restLeftMs, series } = progress;
  if (restLeftMs !== undefined) return truncate(restText(restLeftMs), width);
  if (cyclesWanted === undefined || cyclesWanted <= 0) return undefined;
  const done = Math.min(1, cycles / cyclesWanted);
  const filled = Math.round(done * barCells);
  const left = Math.max(0, cyclesWanted - cycles);
  // Floors between the rounds take their time too.
  const time = cycles > 0 ? `, ${formatDuration((left / cycles) * elapsedMs)}` : '';
  const further =
    left > 0 && series.some(({ slope }) => slope !== undefined && slope.low > 0) ? ', then rest and the cause' : '';
  const wait = left > 0 ? `about ${formatCount(left, 'cycles')}${time} to drive` : 'nearly decided';
  const open = undecided.length > 0 ? ` · ${undecided.length} undecided` : '';
  const bar = `${style.cyan('█'.repeat(filled))}${style.dim('░'.repeat(barCells - filled))} `;
  const line = [bar + wait + further + style.dim(open), bar + wait + further, bar + wait, wait].find(
    (text) => stringWidth(text) <= width,
  );
  return line ?? truncate(wait, width);
}

/** Whole seconds: the time is redrawn all the while. */
function restText(leftMs: number): string {
  return `does what grew go by itself? ${formatDuration(Math.ceil(leftMs / 1000) * 1000)} to see`;
}

function facts(progress: RunProgress): string[] {
  const failed = progress.failed > 0 ? [`${formatNumber(progress.failed)} failed`] : [];
  return [
    `round ${progress.round + 1}`,
    formatCount(progress.cycles, 'cycles'),
    ...failed,
    `${formatShort(progress.cyclesPerSecond)}/s`,
    formatDuration(progress.elapsedMs),
  ];
}

/**
 * A run while it goes on, as a few lines to be drawn over.
 * @returns lines without a newline at the end, none wider than the terminal
 */
export function progressView(progress: RunProgress, context: Pick<ReportContext, 'color' | 'width'> = {}): string {
  const style = styleFor(context.color ?? false);
  const width = Math.max(20, Math.min(context.width ?? 80, 120));
  const name = truncate(printable(progress.scenario, 120), Math.floor(width / 2));
  const text = facts(progress).join(' · ');
  const title = `${style.cyan('●')} ${style.bold(name)}  ${progress.stage}`;
  const header = spread(title, style.dim(text), width);
  const verdict = towardsVerdict(progress, width - 2, style);
  const rows = seriesRows(seriesThatMatter(progress), width - 2, style);
  return [
    ...(header === undefined ? [title, `  ${style.dim(truncate(text, width - 2))}`] : [header]),
    ...rows.map((row) => `  ${row}`),
    ...(verdict === undefined ? [] : [`  ${verdict}`]),
  ].join('\n');
}

/** How long a target rests still, as one line no wider than the terminal; `undefined` while it does not rest to be judged. */
export function restLine({ scenario, stage, restLeftMs }: RunProgress, width: number): string | undefined {
  if (restLeftMs === undefined) return undefined;
  return truncate(`${printable(scenario, 120)}: ${stage} · ${restText(restLeftMs)}`, width);
}

/** A run while it goes on, as one plain line for a log; without a newline. */
export function progressLine(progress: RunProgress): string {
  const growing = progress.series
    .filter(({ slope }) => slope !== undefined && slope.low > 0)
    .map(({ metric }) => metric);
  const parts = [
    ...facts(progress),
    ...(growing.length > 0
      ? [
          `growing: ${growing
            .slice(0, 4)
            .map((metric) => printable(metric, 40))
            .join(', ')}`,
        ]
      : []),
    ...(progress.restLeftMs === undefined ? [] : [restText(progress.restLeftMs)]),
    ...(progress.cyclesWanted === undefined
      ? []
      : [`verdict at about ${formatCount(progress.cyclesWanted, 'cycles')}`]),
  ];
  return `${printable(progress.scenario, 120)}: ${progress.stage} · ${parts.join(' · ')}`;
}
