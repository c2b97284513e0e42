import type { Comparison, MetricComparison } from '../../harness/model/comparison.js';
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
  slopeText,
} from '../comparison/wording.js';
import { formatConfidence } from '../format/interval.js';
import { type Markup, markup } from '../format/markup.js';
import { symbolOf } from '../format/wording.js';
import { type ComparisonSamples, type OverlayData, overlayData } from './overlay-data.js';
import { renderPage } from './page.js';

function metricRow({ metric, word, before, after, difference, removed, reason }: MetricComparison): Markup {
  const share = removedText(removed);
  return markup`<tr class="tone-${comparisonTone(word)}"><th scope="row"><span class="name">${metric}</span>
<span class="shape"><span class="symbol" aria-hidden="true">${comparisonSymbol(word)}</span> ${word}</span>
<span class="why">${reason}</span></th>
<td>${slopeText(before?.slope)}</td><td>${slopeText(after?.slope)}</td>
<td>${differenceText(difference)}${share !== undefined && markup`<span class="removed">${share}</span>`}</td></tr>`;
}

function metricTable(metrics: readonly MetricComparison[], caption: string): Markup {
  return markup`<div class="scroll"><table class="findings compared"><caption class="hidden">${caption}</caption>
<thead><tr><th scope="col">Metric</th><th scope="col">Before</th><th scope="col">After</th><th scope="col">Difference [low estimate high]</th></tr></thead>
<tbody>${metrics.map(metricRow)}</tbody></table></div>`;
}

function metricsSection(comparison: Comparison): Markup {
  const changed = changedMetrics(comparison);
  const rest = comparison.metrics.filter((metric) => !changed.includes(metric));
  const confidence = formatConfidence(comparison.confidence);
  return markup`<section id="metrics" aria-labelledby="metrics-title"><h2 id="metrics-title">Metrics</h2>
<p class="lead">Growth per cycle of both runs, and after minus before. All words together hold with ${confidence} confidence.</p>
${changed.length > 0 ? metricTable(changed, 'Metrics that changed or leak') : markup`<p class="empty">No metric changed.</p>`}
${rest.length > 0 && markup`<details><summary>${rest.length} unchanged</summary>${metricTable(rest, 'Metrics that are unchanged')}</details>`}</section>`;
}

function speedSection({ performance }: Comparison): Markup | undefined {
  if (performance.length === 0) return undefined;
  const rows = performance.map(
    (
      level,
    ) => markup`<tr class="tone-${comparisonTone(level.word)}"><th scope="row"><span class="name">${level.metric}</span>
<span class="shape"><span class="symbol" aria-hidden="true">${comparisonSymbol(level.word)}</span> ${level.word}</span></th>
<td>${levelsText(level)}</td><td>${ratioText(level.ratio)}</td></tr>`,
  );
  return markup`<section id="speed" aria-labelledby="speed-title"><h2 id="speed-title">Speed</h2>
<div class="scroll"><table class="findings compared"><thead><tr><th scope="col">Metric</th><th scope="col">Before → after</th><th scope="col">Change [low estimate high]</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function costSection({ footprint = [], residue = [] }: Comparison): Markup | undefined {
  const rows = [
    ...footprint.map((cost) => ({ ...cost, what: 'costs while it lives' })),
    ...residue.map((cost) => ({ ...cost, what: 'leaves behind' })),
  ].map(
    ({ operation, what, metric, unit, before, after, difference, word }) =>
      markup`<tr><th scope="row">${operation} ${what}</th><td>${metric}</td><td>${changeText({ ...before, unit }, { ...after, unit })}</td><td>${differenceText({ ...difference, unit })}</td><td>${word}</td></tr>`,
  );
  if (rows.length === 0) return undefined;
  return markup`<section id="objects" aria-labelledby="objects-title"><h2 id="objects-title">One live object</h2>
<div class="scroll"><table class="numbers"><thead><tr><th scope="col">Operation</th><th scope="col">Metric</th><th scope="col">Before → after</th><th scope="col">Difference</th><th scope="col"></th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function chart({ metric, changed }: OverlayData, index: number): Markup {
  return markup`<figure class="curve${changed && ' large'}" data-overlay="${index}"><figcaption><h3>${metric}</h3></figcaption>
<p class="readout" aria-live="off"></p><div class="canvas" role="img" aria-label="Curves of ${metric} before and after, on cycles"></div></figure>`;
}

function curvesSection(overlays: readonly OverlayData[]): Markup {
  const head = markup`<h2 id="curves-title">Curves</h2>`;
  if (overlays.length === 0)
    return markup`<section id="curves" aria-labelledby="curves-title">${head}<p class="empty">There are no samples to draw: only the records were compared.</p></section>`;
  const charts = overlays.map((overlay, index) => ({ overlay, shown: chart(overlay, index) }));
  const rest = charts.filter(({ overlay }) => !overlay.changed).map(({ shown }) => shown);
  return markup`<section id="curves" aria-labelledby="curves-title">${head}
<ul class="legend" aria-label="Legend">
<li><svg viewBox="0 0 18 12" width="18" height="12" aria-hidden="true"><circle class="key-before" cx="9" cy="6" r="3.5"/></svg> before, its slope dashed</li>
<li><svg viewBox="0 0 18 12" width="18" height="12" aria-hidden="true"><circle class="key-after" cx="9" cy="6" r="3.5"/></svg> after</li></ul>
<noscript><p class="empty">Curves are drawn by a script, and scripts are off.</p></noscript>
<p class="hint">Floors of both runs, aligned on cycles.</p>
<div class="curves">${charts.filter(({ overlay }) => overlay.changed).map(({ shown }) => shown)}</div>
${rest.length > 0 && markup`<details class="folded"><summary>${rest.length} unchanged</summary><div class="curves">${rest}</div></details>`}</section>`;
}

function runsSection(comparison: Comparison): Markup {
  const run = (name: string, compared: Comparison['before']) => {
    const { id, verdict, reason, command, startedAt } = compared;
    return markup`<section class="block"><h3>${name}</h3><p><span class="symbol" aria-hidden="true">${symbolOf(verdict)}</span> ${verdict}: ${reason}</p>
<p class="small"><code>${id}</code> · ${extentText(compared)} · ${startedAt.replace('T', ' ').slice(0, 19)} UTC<br><code>${command}</code></p></section>`;
  };
  const differences = comparison.differences.map(
    ({ subject, before, after, detail, weight }) =>
      markup`<li><b>${subject}</b> ${before} → ${after}${weight === 'voids' && ' (voids the comparison)'}: ${detail}</li>`,
  );
  return markup`<section id="run" aria-labelledby="run-title"><h2 id="run-title">The runs</h2>
<div class="blocks">${run('Before', comparison.before)}${run('After', comparison.after)}
${differences.length > 0 && markup`<section class="block"><h3>How they differ</h3><ul class="plain">${differences}</ul></section>`}</div></section>`;
}

/**
 * A comparison as one HTML file, opened from disk without a network.
 * @param samples draws the overlaid curves; without them the page has the comparison alone
 */
export function comparisonHtml(comparison: Comparison, samples?: ComparisonSamples): string {
  const tone = comparisonTone(comparison.verdict);
  const symbol = comparisonSymbol(comparison.verdict);
  const title = comparisonTitle(comparison);
  const overlays = samples === undefined ? [] : overlayData(comparison, samples);
  const notes = comparison.warnings.map((warning) => markup`<li>${warning}</li>`);
  const body = markup`<a class="skip" href="#main">Skip to the report</a>
<div class="bar tone-${tone}"><span class="brand">plateau</span>
<span class="where"><span class="symbol" aria-hidden="true">${symbol}</span> ${title}</span>
<nav aria-label="Parts of the report"><a href="#metrics">Metrics</a><a href="#curves">Curves</a><a href="#run">Runs</a></nav>
<button type="button" class="theme" hidden></button></div>
<main id="main">
<header class="verdict tone-${tone}"><p class="word"><span aria-hidden="true">${symbol}</span> ${comparison.verdict}</p>
<h1>${title}</h1><p class="reason">${comparison.reason}</p></header>
${notes.length > 0 && markup`<section class="notes" aria-labelledby="notes-title"><h2 id="notes-title">Keep in mind</h2><ul>${notes}</ul></section>`}
${metricsSection(comparison)}
${speedSection(comparison)}
${costSection(comparison)}
${curvesSection(overlays)}
${runsSection(comparison)}
</main>`;
  return renderPage({
    kind: 'report',
    title: `${symbol} ${title} ${comparison.verdict} · plateau`,
    tone,
    body,
    data: { overlays, suspects: [] },
  });
}
