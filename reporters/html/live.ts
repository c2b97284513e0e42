import type { RunRecord } from '../../harness/model/run-record.js';
import type { SampleTable } from '../../harness/model/sample.js';
import type { RunVerdict } from '../../harness/model/verdict.js';
import { elapsedMsOf, formatDuration } from '../format/duration.js';
import { type Markup, markup } from '../format/markup.js';
import { formatNumber, formatShort } from '../format/number.js';
import { formatCount } from '../format/quantity.js';
import { symbolOf, toneOf } from '../format/wording.js';
import { type CurveData, curveData } from './chart-data.js';
import { curvesSection } from './curves-section.js';
import { findingsSection } from './findings-section.js';
import { renderPage } from './page.js';

/** One thing on disk that the live page lists; links are relative to the page. */
export interface ListedThing {
  readonly title: string;
  /** `running` while it goes on; an entry of a night waits before that, and is `finished` where its verdict is not read. */
  readonly state: RunVerdict | 'running' | 'waiting' | 'finished';
  /** When it began, as ISO 8601. */
  readonly at: string;
  readonly detail?: string;
  readonly links: readonly { readonly name: string; readonly href: string }[];
}

/** A night and its entries. */
export interface ListedNight extends ListedThing {
  readonly entries: readonly Omit<ListedThing, 'at'>[];
}

/** Everything in an output directory, newest first. */
export interface ListedThings {
  readonly directory: string;
  readonly runs: readonly ListedThing[];
  readonly nights: readonly ListedNight[];
  /** Runs of one scenario beside the one before it. */
  readonly comparisons: readonly { readonly name: string; readonly href: string }[];
  readonly history: boolean;
}

/** A run as it stands, and what draws its curves. */
export interface LiveRunView {
  readonly html: string;
  readonly curves: CurveData;
}

function badge(state: ListedThing['state']): Markup {
  if (state === 'running' || state === 'waiting' || state === 'finished')
    return markup`<span class="state tone-quiet"><span class="symbol" aria-hidden="true">${state === 'running' ? '●' : '○'}</span> ${state}</span>`;
  return markup`<span class="state tone-${toneOf(state)}"><span class="symbol" aria-hidden="true">${symbolOf(state)}</span> ${state}</span>`;
}

function links(all: ListedThing['links']): Markup {
  return markup`<span class="links">${all.map(({ name, href }) => markup`<a href="${href}">${name}</a> `)}</span>`;
}

function row({ title, state, at, detail, links: all }: ListedThing): Markup {
  return markup`<li>${badge(state)} <b>${title}</b> <time datetime="${at}">${at.replace('T', ' ').slice(0, 16)} UTC</time>
${links(all)}${detail !== undefined && markup`<span class="detail">${detail}</span>`}</li>`;
}

function nightRow({ entries, ...night }: ListedNight): Markup {
  const rows = entries.map(
    ({ title, state, detail, links: all }) =>
      markup`<li>${badge(state)} ${title} ${links(all)}${detail !== undefined && markup`<span class="detail">${detail}</span>`}</li>`,
  );
  return markup`${row(night)}<li class="entries"><details${night.state === 'running' && markup` open`}><summary>${formatCount(entries.length, 'entries')}</summary><ul>${rows}</ul></details></li>`;
}

function listSection(id: string, title: string, rows: readonly Markup[], empty: string): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${rows.length === 0 ? markup`<p class="empty">${empty}</p>` : markup`<ul class="things">${rows}</ul>`}</section>`;
}

/** Lists of what lies on disk, to be put into the live page. */
export function listedThingsHtml({ runs, nights, comparisons, history, directory }: ListedThings): string {
  const compared = comparisons.map(({ name, href }) => markup`<li><a href="${href}">${name}</a></li>`);
  return markup`${listSection('runs', 'Runs', runs.map(row), `There are no runs in ${directory}.`)}
${listSection('nights', 'Nights', nights.map(nightRow), 'There are no nights.')}
${listSection('comparisons', 'Comparisons', compared, 'A scenario that ran twice is compared with its run before.')}
<section id="history" aria-labelledby="history-title"><h2 id="history-title">History</h2>
${history ? markup`<p><a href="history">Trends of all scenarios</a></p>` : markup`<p class="empty">There is no history.</p>`}</section>`
    .text;
}

/** How fast cycles went of late, over this many floors. */
const recentFloors = 8;

function cyclesPerSecond({ kinds, cycles, elapsedMs }: SampleTable): number | undefined {
  const floors = [...kinds.keys()].filter((index) => kinds[index] === 'floor').slice(-recentFloors);
  const [first, last] = [floors[0], floors.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;
  return ((cycles[last]! - cycles[first]!) / (elapsedMs[last]! - elapsedMs[first]!)) * 1000;
}

/** What is open, and how long it takes at the speed that the run has now. */
function openText(record: RunRecord, speed: number | undefined): string {
  const open = record.findings.filter(({ verdict }) => verdict === 'inconclusive');
  if (record.findings.length === 0) return 'too few floors so far';
  if (open.length === 0) return 'nothing: every judged metric is decided';
  const names = open.slice(0, 4).map(({ metric }) => metric);
  const more = open.length > names.length ? ` and ${open.length - names.length} more` : '';
  const wanted = Math.max(0, ...open.map(({ cyclesToDecide = 0 }) => cyclesToDecide));
  const left = wanted - record.counts.cycles;
  const time =
    left > 0 && speed !== undefined && speed > 0 ? `; about ${formatDuration((left / speed) * 1000)} to go` : '';
  return `${names.join(', ')}${more}${time}`;
}

function failuresText({ failures = [], counts }: RunRecord): string {
  if (counts.failed === 0) return 'none';
  const gravest = [...failures].sort((one, other) => other.count - one.count)[0];
  return `${formatNumber(counts.failed)} failed${gravest === undefined ? '' : `; most: ${gravest.kind} ${gravest.message}`}`;
}

/** A curve has fewer pixels across; the report has every floor. */
const floorsMax = 2_000;

/**
 * A run as it stands: what is open, the load and its errors, each metric's interval against its budget, and the report's curves.
 * @param isOver it has a record and a report
 */
export function liveRunView(record: RunRecord, samples: SampleTable, isOver: boolean): LiveRunView {
  const curves = curveData(record, samples, { floorsMax });
  const chartOf = new Map(curves.charts.map(({ metric }, index) => [metric, index]));
  const speed = cyclesPerSecond(samples);
  const tone = isOver ? toneOf(record.verdict) : 'quiet';
  const facts: readonly (readonly [string, string])[] = [
    ['Since', formatDuration(isOver ? elapsedMsOf(record) : (samples.elapsedMs.at(-1) ?? 0))],
    [
      'Load',
      `${formatCount(record.counts.cycles, 'cycles')}${speed === undefined ? '' : `, ${formatShort(speed)} cycles/s`}`,
    ],
    ['Errors', failuresText(record)],
    ...(isOver ? [] : [['Open', openText(record, speed)] as const]),
  ];
  const html = markup`<header class="verdict tone-${tone}"><p class="word"><span aria-hidden="true">${isOver ? symbolOf(record.verdict) : '●'}</span> ${isOver ? record.verdict : 'running'}</p>
<h1>${record.scenario}</h1>
<p class="reason">${record.reason}</p>
<dl class="facts">${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<p><a href="runs/${record.id}/">${isOver ? 'The report' : 'The report so far'}</a></p></header>
${findingsSection(record, chartOf)}
${curvesSection(record, curves)}`;
  return { html: html.text, curves };
}

/** The live page, empty: its script fills it with what the server sends. */
export function livePage(directory: string): string {
  const body = markup`<a class="skip" href="#main">Skip to the runs</a>
<div class="bar tone-quiet"><span class="brand">plateau</span><span class="where">${directory} <span class="connection" role="status">connecting</span></span>
<nav aria-label="Parts of the page"><a href="#runs">Runs</a><a href="#nights">Nights</a><a href="#comparisons">Comparisons</a><a href="#history">History</a></nav>
<button type="button" class="theme" hidden></button></div>
<main id="main"><noscript><p class="empty">This page is filled by a script, and scripts are off.</p></noscript>
<div id="live"></div><div id="things"></div></main>`;
  return renderPage({ kind: 'live', title: 'plateau', tone: 'quiet', body, data: {} });
}
