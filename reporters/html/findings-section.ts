import type { Finding, RunRecord } from '../../harness/model/run-record.js';
import { readingsOf } from '../format/extent.js';
import { formatBudget, formatConfidence, formatInterval, formatRate } from '../format/interval.js';
import { type Markup, markup } from '../format/markup.js';
import { isGrowing, levelsText, roughText, shapeText, stepText, symbolOf, toneOf } from '../format/wording.js';
import { intervalPlot } from './interval-plot.js';

function row(finding: Finding, chartOf: ReadonlyMap<string, number>): Markup {
  const { low, estimate, high, unit } = formatInterval(finding.slope);
  const chart = chartOf.get(finding.metric);
  const shown = breakable(finding.metric);
  const name = chart === undefined ? shown : markup`<a href="#chart-${chart}">${shown}</a>`;
  const known = ['advisory', 'known'].includes(finding.verdict) ? ` (${finding.verdict})` : '';
  const judged = finding.rounds > 0;
  const words = judged ? shapeText(finding) : 'not judged';
  const rough = roughText(finding);
  const bounded = judged && rough === undefined;
  const interval = bounded
    ? markup`<span class="bound">[${low}</span> <b>${estimate}</b> <span class="bound">${high}]</span> <span class="unit">${unit}</span>`
    : (rough ?? 'too few floors');
  const sees =
    finding.detectionFloor === null
      ? '–'
      : formatRate(finding.detectionFloor, finding.slope.unit).replace('/cycle', '');
  return markup`<tr class="tone-${toneOf(finding.verdict)}">
<th scope="row"><span class="name">${name}</span>
<span class="shape"><span class="symbol" aria-hidden="true">${symbolOf(finding.verdict)}</span> ${words}${known}</span>
<span class="why">${finding.reason}</span></th>
<td class="measure">${interval}</td>
<td class="plot">${bounded && intervalPlot(finding)}</td>
<td class="limit"><span class="label">limit </span>${formatBudget(finding.budget, finding.slope)}</td>
<td class="sees"><span class="label">a leak from </span>${sees}</td>
<td class="levels">${stepText(finding) ?? levelsText(finding)}</td>
</tr>`;
}

/** A long name may break after its dots. */
function breakable(metric: string): Markup {
  const parts = metric.split('.');
  return markup`${parts.map((part, index) => (index === 0 ? part : markup`.<wbr>${part}`))}`;
}

function table(findings: readonly Finding[], chartOf: ReadonlyMap<string, number>, caption: string): Markup {
  return markup`<table class="findings"><caption class="hidden">${caption}</caption>
<thead><tr><th scope="col">Metric</th><th scope="col">Growth [low estimate high]</th><th scope="col"><span class="hidden">Interval against zero and limit</span></th><th scope="col">Limit</th><th scope="col">A leak from</th><th scope="col">First → last floor</th></tr></thead>
<tbody>${findings.map((finding) => row(finding, chartOf))}</tbody></table>`;
}

/** What decided or moved; in a run that passed, what has an interval to show; else all that was judged. */
function findingsInView({ findings }: RunRecord): readonly Finding[] {
  const judged = findings.filter(({ verdict }) => verdict !== 'advisory');
  const shown = judged.filter((finding) => toneOf(finding.verdict) !== 'good' || isGrowing(finding));
  if (shown.length > 0) return shown;
  const spread = judged.filter(({ slope }) => slope.low !== slope.high);
  return spread.length > 0 ? spread : judged;
}

/** Every judged metric: those that decided, then the flat and the advisory ones, folded. */
export function findingsSection(record: RunRecord, chartOf: ReadonlyMap<string, number>): Markup {
  const shown = findingsInView(record);
  const rest = record.findings.filter((finding) => !shown.includes(finding));
  // Of levels the interval is where half of the readings lie.
  const growth = record.findings.find(({ kind, confidence }) => kind === 'growth' && confidence > 0);
  const confidence =
    growth === undefined ? '' : ` Intervals hold with ${formatConfidence(growth.confidence)} confidence.`;
  const body =
    record.findings.length === 0
      ? markup`<p class="empty">No metric could be judged.</p>`
      : markup`<p class="lead">${readingsOf(record) === undefined ? 'Growth per cycle from regression over floors' : 'Growth per hour, or per row, of the low levels of readings without floors'}, against the limit that each metric may not exceed.${confidence}</p>
${table(shown, chartOf, 'Metrics that decide')}
${rest.length > 0 && markup`<details><summary>${rest.length} more: flat or advisory</summary>${table(rest, chartOf, 'Metrics that are flat or advisory')}</details>`}`;
  return markup`<section id="metrics" aria-labelledby="metrics-title"><h2 id="metrics-title">Metrics</h2>${body}</section>`;
}
