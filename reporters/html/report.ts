import type { RunRecord } from '../../harness/model/run-record.js';
import type { SampleTable } from '../../harness/model/sample.js';
import type { ReportContext } from '../context.js';
import { markup } from '../format/markup.js';
import { symbolOf, toneOf } from '../format/wording.js';
import { curveData } from './chart-data.js';
import { curvesSection } from './curves-section.js';
import { detailsSection } from './details-section.js';
import { findingsSection } from './findings-section.js';
import { renderPage } from './page.js';
import { suspectsSection } from './suspects-section.js';
import { pageTitle, verdictSection } from './verdict-section.js';

/**
 * The whole run as one HTML file, opened from disk without a network.
 * @param samples draws the curves; without them the page has the record alone
 */
export function htmlReport(
  record: RunRecord,
  samples?: SampleTable,
  context: Pick<ReportContext, 'directory'> = {},
): string {
  const curves = samples === undefined ? undefined : curveData(record, samples);
  const chartOf = new Map((curves?.charts ?? []).map(({ metric }, index) => [metric, index]));
  const suspects = suspectsSection(record, context.directory);
  const tone = toneOf(record.verdict);
  const body = markup`<a class="skip" href="#main">Skip to the report</a>
<div class="bar tone-${tone}"><span class="brand">plateau</span>
<span class="where"><span class="symbol" aria-hidden="true">${symbolOf(record.verdict)}</span> ${record.scenario}</span>
<nav aria-label="Parts of the report">${suspects !== undefined && markup`<a href="#suspects">Suspects</a>`}<a href="#metrics">Metrics</a><a href="#curves">Curves</a><a href="#run">Run</a></nav>
<button type="button" class="theme" hidden></button></div>
<main id="main">
${verdictSection(record)}
${suspects}
${findingsSection(record, chartOf)}
${curvesSection(record, curves)}
${detailsSection(record)}
</main>`;
  return renderPage({
    kind: 'report',
    title: pageTitle(record),
    tone,
    body,
    data: {
      curves,
      suspects: record.suspects.map(({ series, perCycle }) => ({ series, perCycle })),
    },
  });
}
