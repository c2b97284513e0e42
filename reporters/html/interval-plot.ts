import type { Finding } from '../../harness/model/run-record.js';
import { type Markup, markup } from '../format/markup.js';

const width = 150;
const middle = 11;

/** The interval of a slope against zero and its budget, as a small picture. */
export function intervalPlot(finding: Finding): Markup | undefined {
  const { low, estimate, high } = finding.slope;
  if (![low, estimate, high].every((value) => Number.isFinite(value) && Math.abs(value) < 1e15)) return undefined;
  const ends = [0, low, high, finding.budget];
  const least = Math.min(...ends);
  const span = Math.max(...ends) - least || 1;
  const at = (value: number) => (8 + ((value - least) / span) * (width - 16)).toFixed(1);
  const wide = Math.max(1, Number(at(high)) - Number(at(low))).toFixed(1);
  return markup`<svg class="interval" viewBox="0 0 ${width} 22" width="${width}" height="22" aria-hidden="true">
<line class="zero" x1="${at(0)}" x2="${at(0)}" y1="3" y2="19"/>
<line class="budget" x1="${at(finding.budget)}" x2="${at(finding.budget)}" y1="1" y2="21"/>
<rect class="range" x="${at(low)}" width="${wide}" y="${middle - 2}" height="4" rx="2"/>
<circle class="estimate" cx="${at(estimate)}" cy="${middle}" r="3.5"/></svg>`;
}
