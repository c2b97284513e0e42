import type { HistoryRun, SeriesTrends, Trend } from '../../harness/model/history.js';
import { type Markup, markup } from '../format/markup.js';
import { formatCount } from '../format/quantity.js';
import { symbolOf, type Tone, toneOf, toneSymbols } from '../format/wording.js';
import { gravestFirst, rankOf, shownTrends } from '../history/shown-trends.js';
import { changeLine, day, shortCommit, sinceText, spanText, trendName, trendValue } from '../history/trend-text.js';
import { seriesData } from './history-data.js';
import { renderPage } from './page.js';

/** Trends of every scenario and metric as one HTML file, opened from disk without a network. */
export function htmlHistory(series: readonly SeriesTrends[]): string {
  const all = gravestFirst(series);
  const shown = all.map((one) => shownTrends(one, true));
  const tone = toneOfAll(all);
  const body = markup`<a class="skip" href="#main">Skip to the curves</a>
<div class="bar tone-${tone}"><span class="brand">plateau</span><span class="where">history</span>
<nav aria-label="Parts of the page"><a href="#overview">Overview</a></nav>
<button type="button" class="theme" hidden></button></div>
<main id="main">
<header class="verdict"><h1 id="overview">History</h1>
<p class="reason">${summary(all)}</p>
${overview(all)}</header>
<noscript><p class="empty">Curves are drawn by a script, and scripts are off.</p></noscript>
${all.map((one, index) => seriesSection(one, shown[index]!, index))}
</main>`;
  return renderPage({
    kind: 'history',
    title: `${toneSymbols[tone]} history of ${all.length === 1 ? titleOf(all[0]!) : formatCount(all.length, 'scenarios')} · plateau`,
    tone,
    body,
    data: { series: all.map((one, index) => seriesData(one, shown[index]!)) },
  });
}

function toneOfAll(all: readonly SeriesTrends[]): Tone {
  const tones = all.map(({ runs }) => (runs.length === 0 ? 'quiet' : toneOf(runs.at(-1)!.verdict)));
  return (['bad', 'unknown', 'good'] as const).find((tone) => tones.includes(tone)) ?? 'quiet';
}

function titleOf({ scenario, variant }: SeriesTrends): string {
  return variant === '' ? scenario : `${scenario} + ${variant}`;
}

function summary(all: readonly SeriesTrends[]): string {
  const runs = all
    .flatMap((series) => series.runs)
    .toSorted((one, other) => (one.startedAt < other.startedAt ? -1 : 1));
  const changes = all.flatMap(({ trends }) => trends.flatMap((trend) => trend.changes)).length;
  const changed = changes === 0 ? 'no changes' : formatCount(changes, 'changes');
  return `${formatCount(all.length, 'scenarios')}, ${spanText(runs)}, ${changed}.`;
}

function overview(all: readonly SeriesTrends[]): Markup {
  return markup`<ul class="series-list">${all.map((series, index) => {
    const last = series.runs.at(-1);
    const changes = series.trends.flatMap((trend) => trend.changes).length;
    return markup`<li class="tone-${last === undefined ? 'quiet' : toneOf(last.verdict)}"><a href="#series-${index}">${titleOf(series)}</a>
${last !== undefined && markup`<span class="now"><span class="symbol" aria-hidden="true">${symbolOf(last.verdict)}</span> ${last.verdict}${sinceText(series.runs)}</span>`}
${changes > 0 && markup`<span class="small">${formatCount(changes, 'changes')}</span>`}</li>`;
  })}</ul>`;
}

function seriesSection(series: SeriesTrends, trends: readonly Trend[], index: number): Markup {
  const figures = trends.map((trend, at) => ({
    rank: rankOf(trend, series),
    figure: figureOf(trend, series, `${index}-${at}`),
  }));
  const inView = figures.filter(({ rank }) => rank !== 'rest').map(({ figure }) => figure);
  const rest = figures.filter(({ rank }) => rank === 'rest').map(({ figure }) => figure);
  return markup`<section class="series" id="series-${index}" aria-labelledby="series-title-${index}">
<h2 id="series-title-${index}">${titleOf(series)}</h2>
<ol class="nights" aria-label="Verdicts, oldest first">${series.runs.slice(-120).map(nightMark)}</ol>
<p class="small">${spanText(series.runs)}</p>
<div class="curves">${inView}</div>
${rest.length > 0 && markup`<details class="folded"><summary>${rest.length} more</summary><div class="curves">${rest}</div></details>`}
</section>`;
}

function nightMark(run: HistoryRun): Markup {
  const commit = shortCommit(run.gitCommit);
  const text = `${day(run)}${commit === '' ? '' : ` ${commit}`}: ${run.verdict}`;
  return markup`<li class="tone-${toneOf(run.verdict)}" title="${text}"><span aria-hidden="true">${symbolOf(run.verdict)}</span><span class="hidden">${text}</span></li>`;
}

function figureOf(trend: Trend, series: SeriesTrends, id: string): Markup {
  const name = trendName({ ...trend, trends: series.trends });
  const last = trendValue(trend.points.at(-1)?.value ?? Number.NaN, trend);
  const rank = rankOf(trend, series);
  const large = rank === 'failing' || rank === 'changed' ? ' large' : '';
  return markup`<figure class="curve${large} tone-${rank === 'failing' ? 'bad' : rank === 'changed' ? 'unknown' : 'quiet'}" data-trend="${id}" data-metric="${trend.metric}" data-quantity="${trend.quantity}">
<figcaption><h3>${name}</h3><span class="growth">last ${last}</span></figcaption>
${trend.changes.length > 0 && markup`<ul class="changes">${trend.changes.map((change) => markup`<li><span aria-hidden="true">◆</span> ${changeLine(change)}</li>`)}</ul>`}
<p class="readout" aria-live="off"></p>
<div class="canvas" tabindex="0" role="application" aria-label="${name} over runs; arrow keys move the cursor"></div></figure>`;
}
