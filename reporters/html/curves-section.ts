import type { Finding, RunRecord } from '../../harness/model/run-record.js';
import { readingsOf } from '../format/extent.js';
import { formatBudget, intervalText } from '../format/interval.js';
import { type Markup, markup } from '../format/markup.js';
import { shapeText, symbolOf } from '../format/wording.js';
import type { ChartData, CurveData } from './chart-data.js';

function chart(data: ChartData, index: number, finding: Finding | undefined): Markup {
  const large = data.tone === 'bad' || data.tone === 'unknown' ? ' large' : '';
  const judged =
    finding !== undefined && finding.rounds > 0
      ? markup`<span class="shape"><span class="symbol" aria-hidden="true">${symbolOf(finding.verdict)}</span> ${shapeText(finding)}${finding.verdict === 'advisory' && ' (advisory)'}</span>
<span class="growth">${intervalText(finding.slope)}, limit ${formatBudget(finding.budget, finding.slope)}</span>`
      : markup`<span class="shape">${finding === undefined ? 'recorded, not judged' : 'not judged'}</span>`;
  return markup`<figure class="curve tone-${data.tone}${large}" id="chart-${index}" data-chart="${index}" data-metric="${data.metric}">
<figcaption><h3>${data.metric}</h3>${judged}</figcaption>
<p class="readout" aria-live="off"></p>
<div class="canvas" tabindex="0" role="application" aria-label="Curve of ${data.metric}; arrow keys move the cursor, plus and minus zoom, Escape shows all"></div></figure>`;
}

const legend = markup`<ul class="legend" aria-label="Legend">
<li><svg viewBox="0 0 18 12" width="18" height="12" aria-hidden="true"><circle class="key-floor" cx="9" cy="6" r="3.5"/></svg> floor</li>
<li><svg viewBox="0 0 18 12" width="18" height="12" aria-hidden="true"><circle class="key-other" cx="9" cy="6" r="3"/></svg> floor at rest, or of a control, null or census round</li>
<li><svg viewBox="0 0 18 12" width="18" height="12" aria-hidden="true"><path class="key-band" d="M0 9 18 2v8L0 11z"/><path class="key-fit" d="M0 10 18 5"/></svg> judged slope and its interval</li>
<li><svg viewBox="0 0 18 12" width="18" height="12" aria-hidden="true"><path class="key-load" d="M0 9 4 3l4 5 4-6 6 7"/></svg> under load</li>
<li><svg viewBox="0 0 18 12" width="18" height="12" aria-hidden="true"><rect class="key-warmup" width="18" height="12"/></svg> warm-up</li>
</ul>`;

/** A run is drawn over its cycles first; curves that something else recorded over their time, or their rows alone. */
function axisSwitch(record: RunRecord): Markup | undefined {
  const isRecorded = readingsOf(record) !== undefined;
  if (isRecorded && !record.findings.some(({ driver }) => driver === 'time')) return undefined;
  const choice = (value: string, name: string, checked: boolean) =>
    markup`<label><input type="radio" name="axis" value="${value}"${checked && markup` checked`}> ${name}</label>`;
  return markup`<fieldset><legend class="hidden">Horizontal axis</legend>${choice('cycles', isRecorded ? 'readings' : 'cycles', !isRecorded)}${choice('time', 'time', isRecorded)}</fieldset>`;
}

/** What decided or moved is in view; the rest is a click away. */
function groupOf({ tone, steady }: ChartData): 'moved' | 'steady' | 'context' {
  if (tone === 'context') return 'context';
  return steady && tone !== 'bad' && tone !== 'unknown' ? 'steady' : 'moved';
}

function folded(charts: readonly Markup[], text: string): Markup | undefined {
  if (charts.length === 0) return undefined;
  return markup`<details class="folded"><summary>${charts.length} ${text}</summary><div class="curves">${charts}</div></details>`;
}

/** A curve of every metric; drawn by the page's script when it comes into view. */
export function curvesSection(record: RunRecord, curves: CurveData | undefined): Markup {
  const head = markup`<h2 id="curves-title">Curves</h2>`;
  if (curves === undefined || curves.charts.length === 0)
    return markup`<section id="curves" aria-labelledby="curves-title">${head}<p class="empty">There are no samples to draw.</p></section>`;
  const findings = new Map(record.findings.map((finding) => [finding.metric, finding]));
  const groups = { moved: [] as Markup[], steady: [] as Markup[], context: [] as Markup[] };
  curves.charts.forEach((data, index) => {
    groups[groupOf(data)].push(chart(data, index, findings.get(data.metric)));
  });
  return markup`<section id="curves" aria-labelledby="curves-title">${head}
<div class="tools" hidden>
${axisSwitch(record)}
<label>under load <select name="load"><option value="clipped">where it fits</option><option value="whole">whole</option><option value="hidden">hidden</option></select></label>
<label class="search"><span class="hidden">Show metrics whose name contains</span><input type="search" placeholder="Find a metric" spellcheck="false"></label>
<button type="button" class="reset" disabled>Show all of the run</button>
</div>
${legend}
<noscript><p class="empty">Curves are drawn by a script, and scripts are off.</p></noscript>
<p class="hint">Drag across a curve to zoom, double-click to see all again.${curves.load.bucketed && ' Samples under load are drawn as the range from lowest to highest in each stretch of time; the run keeps them all.'}${curves.floors.bucketed && ' Of each stretch of the run, the lowest and the highest floor are drawn; the report has every floor.'}</p>
<div class="curves">${groups.moved}</div>
${folded(groups.steady, 'never moved')}
${folded(groups.context, 'recorded, not judged')}
</section>`;
}
