import { type RuleName, ruleExplanations } from '../../harness/model/rule.js';
import type { RunRecord } from '../../harness/model/run-record.js';
import { costsInOrder, costText, leavesSomething } from '../format/footprint.js';
import { type Content, type Markup, markup } from '../format/markup.js';
import { formatNumber, formatShort } from '../format/number.js';
import { formatQuantity } from '../format/quantity.js';
import { commandBlock } from './verdict-section.js';

function list(rows: readonly (readonly [string, Content])[]): Markup {
  return markup`<dl class="pairs">${rows.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function block(title: string, body: Content): Markup {
  return markup`<section class="block"><h3>${title}</h3>${body}</section>`;
}

function latency({ latency: summaries }: RunRecord): Markup | undefined {
  const rows = Object.entries(summaries ?? {});
  if (rows.length === 0) return undefined;
  const cells = rows.map(
    ([name, { count, p50, p90, p99, max }]) =>
      markup`<tr><th scope="row">${name}</th><td>${formatNumber(count)}</td>${[p50, p90, p99, max].map((ms) => markup`<td>${formatShort(ms)} ms</td>`)}</tr>`,
  );
  return block(
    'Latency',
    markup`<div class="scroll"><table class="numbers"><thead><tr><th scope="col">Operation</th><th scope="col">Count</th><th scope="col">p50</th><th scope="col">p90</th><th scope="col">p99</th><th scope="col">max</th></tr></thead><tbody>${cells}</tbody></table></div>`,
  );
}

function footprints({ footprint }: RunRecord): Markup | undefined {
  if (footprint === undefined) return undefined;
  const rows = footprint.flatMap((held) =>
    costsInOrder(held).map(
      (cost) =>
        markup`<tr><th scope="row">${held.operation}</th><td>${cost.metric}</td><td>${costText(cost.live, cost.unit)}</td><td>${leavesSomething(cost) ? costText(cost.residue, cost.unit) : 'nothing'}</td></tr>`,
    ),
  );
  const held = footprint.map(({ operation, objects, repeats }) => `${objects} of ${operation}, ${repeats} times over`);
  return block(
    'One live object',
    markup`<div class="scroll"><table class="numbers"><thead><tr><th scope="col">Operation</th><th scope="col">Metric</th><th scope="col">While it lives</th><th scope="col">Leaves behind</th></tr></thead><tbody>${rows}</tbody></table></div><p class="small">Held at once: ${held.join('; ')}.</p>`,
  );
}

function failures({ failures: kinds }: RunRecord): Markup | undefined {
  if (kinds === undefined || kinds.length === 0) return undefined;
  const items = [...kinds]
    .sort((one, other) => other.count - one.count)
    .map(
      ({ operation, phase, kind, count, message }) =>
        markup`<li><b>${formatNumber(count)} × ${phase} of ${operation}</b>: ${kind} <span class="message">${message}</span></li>`,
    );
  return block('Failures', markup`<ul class="plain">${items}</ul>`);
}

function checks({ audit }: RunRecord): Markup | undefined {
  if (audit.length === 0) return undefined;
  const items = audit.map(
    ({ check, ok, detail }) =>
      markup`<li class="tone-${ok ? 'good' : 'unknown'}"><span class="symbol">${ok ? '✓' : '?'}</span> <b>${check}</b> ${detail}</li>`,
  );
  return block('Checks of the run itself', markup`<ul class="plain">${items}</ul>`);
}

/** Why each metric got its verdict: the rule, what it says, and the numbers that it compared. */
function rules({ findings }: RunRecord): Markup | undefined {
  const items = findings.flatMap(({ metric, verdict, rule }) => {
    if (rule === undefined) return [];
    const numbers = Object.entries(rule.numbers).map(([name, value]) => `${name} ${formatShort(value)}`);
    const says = Object.hasOwn(ruleExplanations, rule.name) ? ruleExplanations[rule.name as RuleName] : '';
    return [
      markup`<li><b>${metric}</b>: ${verdict} by <code>${rule.name}</code>. ${says} <span class="small">${numbers.join(', ')}</span></li>`,
    ];
  });
  if (items.length === 0) return undefined;
  return block(
    'How each metric was judged',
    markup`<details><summary>${items.length} metrics</summary><ul class="plain">${items}</ul></details>`,
  );
}

function environment({ environment: seen }: RunRecord): Markup {
  const rows: (readonly [string, Content])[] = [
    ['plateau', seen.plateau],
    ['Node', seen.node],
    ...(seen.targetNode === undefined ? [] : [['Node of the target', seen.targetNode] as const]),
    ['Platform', seen.platform],
    ['Processor', `${seen.cpuModel}, ${seen.cores} ${seen.cores === 1 ? 'core' : 'cores'}`],
    ['Memory', formatQuantity(seen.memoryBytes, 'B')],
    ...(seen.gitCommit === undefined ? [] : [['Commit', seen.gitCommit] as const]),
  ];
  return block('Environment', list(rows));
}

function parameters(record: RunRecord): Markup {
  const rows = Object.entries(record.parameters).map(
    ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
  );
  return block('Parameters', list(rows));
}

/** Links only to plain files below the report; anything else is text. */
function fileLink(path: string): Content {
  const plain = /^(?!\.)[\w@-][\w.@-]*(\/[\w@-][\w.@-]*)*$/.test(path);
  return plain ? markup`<a href="./${path}">${path}</a>` : path;
}

function files({ artifacts }: RunRecord): Markup | undefined {
  if (artifacts.length === 0) return undefined;
  const secret = artifacts.some(({ kind }) => kind.includes('snapshot'));
  const warning =
    secret &&
    markup`<p class="warning"><b>Heap snapshots hold everything that was in memory</b>: passwords, tokens and customers' data among it. Do not attach them to an issue or a build.</p>`;
  return block(
    'Files',
    markup`${warning}<ul class="plain">${artifacts.map(({ kind, path }) => markup`<li>${kind}: ${fileLink(path)}</li>`)}</ul>`,
  );
}

/** How the run was made and how to have it again. */
export function detailsSection(record: RunRecord): Markup {
  return markup`<section id="run" aria-labelledby="run-title"><h2 id="run-title">The run</h2>
<div class="blocks">${failures(record)}${latency(record)}${footprints(record)}${checks(record)}${rules(record)}${files(record)}${environment(record)}${parameters(record)}</div>
<h3>Run it again</h3>${commandBlock(record.rerun)}
<p class="small">It was run as <code>${record.command}</code> and is stored as <code>${record.id}</code>.</p></section>`;
}
