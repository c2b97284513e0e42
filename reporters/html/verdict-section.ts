import type { RunRecord } from '../../harness/model/run-record.js';
import { adviceFor } from '../advice.js';
import { extentTexts, readingsOf, timesOf } from '../format/extent.js';
import { failedChecks } from '../format/failed-checks.js';
import { type Content, type Markup, markup } from '../format/markup.js';
import { formatNumber } from '../format/number.js';
import { printable } from '../format/printable.js';
import { formatCount } from '../format/quantity.js';
import { symbolOf, toneOf } from '../format/wording.js';
import { sensitivity } from '../sensitivity.js';

/** A command with a button that copies it. */
export function commandBlock(command: string): Markup {
  return markup`<div class="command"><code>${command}</code><button type="button" class="copy" hidden>Copy</button></div>`;
}

function facts(record: RunRecord): Markup {
  const { counts } = record;
  const readings = readingsOf(record);
  const failed = counts.failed > 0 ? `, ${formatNumber(counts.failed)} failed` : '';
  const warmup = counts.warmupRounds > 0 ? `, ${formatNumber(counts.warmupRounds)} of them warm-up` : '';
  const rows: readonly (readonly [string, Content])[] = [
    ...(readings === undefined
      ? ([
          ...timesOf(record).map((time) => ['Duration', time] as const),
          ['Cycles', `${formatNumber(counts.cycles)}${failed}`],
          ['Rounds', `${formatNumber(counts.rounds)}${warmup}`],
          ['Seed', record.seed],
        ] as const)
      : ([['Recorded', extentTexts(record).join(' · ')]] as const)),
    [
      'Started',
      markup`<time datetime="${record.startedAt}">${record.startedAt.replace('T', ' ').slice(0, 19)} UTC</time>`,
    ],
  ];
  return markup`<dl class="facts">${rows.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function notes(record: RunRecord): Markup | undefined {
  const failed = failedChecks(record).map(({ check, detail }) => markup`<li><b>${check}</b> ${detail}</li>`);
  const warnings = record.warnings.map((warning) => markup`<li>${warning}</li>`);
  if (failed.length + warnings.length === 0) return undefined;
  return markup`<section class="notes" aria-labelledby="notes-title"><h2 id="notes-title">Keep in mind</h2><ul>${failed}${warnings}</ul></section>`;
}

/** What the target printed last, where it failed. */
function targetOutput({ targetOutput: output }: RunRecord): Markup | undefined {
  if (output === undefined) return undefined;
  const lines = output.lastLines.map((line) => `${printable(line, 500)}\n`).join('');
  const log = output.log === undefined ? undefined : markup`<p>In full: <a href="${output.log}">${output.log}</a></p>`;
  return markup`<section class="notes" aria-labelledby="output-title"><h2 id="output-title">The target printed last</h2><pre>${lines === '' ? 'nothing' : lines}</pre>${log}</section>`;
}

function nextSteps(record: RunRecord): Markup[] {
  return adviceFor(record).map(
    ({ text, command }) =>
      markup`<p class="next"><span>Next: ${text}</span>${command === undefined ? undefined : commandBlock(command)}</p>`,
  );
}

/** What was decided, why, and what to do: the part that everybody reads. */
export function verdictSection(record: RunRecord): Markup {
  const tone = toneOf(record.verdict);
  const seen = record.verdict === 'plateau' ? sensitivity(record) : undefined;
  const defects = record.defects.map((defect) => markup` <span class="defect">+ ${defect}</span>`);
  return markup`<header class="verdict tone-${tone}">
<p class="word"><span aria-hidden="true">${symbolOf(record.verdict)}</span> ${record.verdict}</p>
<h1>${record.scenario}${defects}</h1>
<p class="reason">${record.reason}</p>
${seen !== undefined && markup`<p class="seen">This run would have seen ${seen}.</p>`}
${facts(record)}
${nextSteps(record)}
</header>
${targetOutput(record)}${notes(record)}`;
}

/** Title of the page and of the tab. */
export function pageTitle(record: RunRecord): string {
  const extent =
    readingsOf(record) === undefined ? formatCount(record.counts.cycles, 'cycles') : extentTexts(record).at(-1);
  return `${symbolOf(record.verdict)} ${record.scenario} ${record.verdict} · ${extent} · plateau`;
}
