import type { CodeLocation, RunRecord, Suspect } from '../../harness/model/run-record.js';
import { codeSpans } from '../format/code-spans.js';
import { explainedText } from '../format/explained.js';
import { formatRate, intervalText } from '../format/interval.js';
import { isInternal, placeText } from '../format/location.js';
import { type Content, type Markup, markup } from '../format/markup.js';
import { formatShare } from '../format/number.js';
import { type SiteNode, siteTree } from './site-tree.js';

const kindWords: Readonly<Record<Suspect['kind'], string>> = {
  'allocation-site': 'allocated here',
  retainer: 'held here',
  fd: 'opened here',
  handle: 'created here',
  timer: 'armed here',
  process: 'started here',
  file: 'written here',
  gauge: 'counted by the target',
  thread: 'started here',
  cpu: 'running here',
  call: 'waiting here',
};

/** Calls shown of a long chain, those nearest to what grows. */
const innerFrames = 3;

interface View {
  readonly record: RunRecord;
  readonly directory: string | undefined;
}

function shareBar(share: number): Markup {
  const width = Math.max(1, Math.min(60, share * 60)).toFixed(1);
  return markup`<svg class="share" viewBox="0 0 60 6" width="60" height="6" aria-hidden="true"><rect class="track" width="60" height="6" rx="3"/><rect class="filled" width="${width}" height="6" rx="3"/></svg>`;
}

function frameText(frame: CodeLocation, directory: string | undefined): Markup {
  return markup`<span class="function">${frame.function ?? '(anonymous)'}</span> <span class="place">${placeText(frame, directory)}</span>`;
}

/** In the tree the file alone: the whole path is in the panel beside it. */
function shortFrame(frame: CodeLocation, directory: string | undefined): Markup {
  const place = placeText(frame, directory);
  return markup`<li title="${place}"><span class="function">${frame.function ?? '(anonymous)'}</span> <span class="place">${place.slice(place.lastIndexOf('/') + 1)}</span></li>`;
}

/** A chain of calls, the outer ones folded where there are many. */
function chain(frames: readonly CodeLocation[], directory: string | undefined): Markup {
  const items = frames.map((frame) => shortFrame(frame, directory));
  const folded = items.length > innerFrames + 1 ? items.slice(0, -innerFrames) : [];
  return markup`${folded.length > 0 && markup`<details class="outer"><summary>${folded.length} outer calls</summary><ol class="frames">${folded}</ol></details>`}<ol class="frames">${items.slice(folded.length)}</ol>`;
}

function prose(text: string): Content {
  return codeSpans(text).map((span) => (span.code ? markup`<code>${span.text}</code>` : span.text));
}

function leaf(index: number, { record }: View): Markup {
  const suspect = record.suspects[index]!;
  return markup`<li><a class="site" href="#suspect-${index}"><span class="what">${prose(suspect.description)}</span>
<span class="rate">${shareBar(suspect.share)}${formatRate(suspect.perCycle.estimate, suspect.perCycle.unit)}</span></a></li>`;
}

function branch(node: SiteNode, unit: string, view: View): Markup {
  const below = markup`<ul>${node.children.map((child) => branch(child, unit, view))}${node.suspects.map((index) => leaf(index, view))}</ul>`;
  if (node.frames.length === 0) return below;
  const forked = node.children.length + node.suspects.length > 1;
  return markup`<li class="branch">${chain(node.frames, view.directory)}${forked && markup`<span class="subtotal">${formatRate(node.perCycle, unit)} in all</span>`}${below}</li>`;
}

/** One tree a metric: the calls that lead to what grows. */
function trees(view: View): Markup[] {
  const groups = new Map<string, { suspect: Suspect; index: number }[]>();
  view.record.suspects.forEach((suspect, index) => {
    const name = suspect.metric ?? suspect.kind;
    groups.set(name, [...(groups.get(name) ?? []), { suspect, index }]);
  });
  return [...groups].map(([metric, members]) => {
    const tree = siteTree(members);
    const explained = view.record.explained?.[metric];
    const text = explained === undefined ? '' : `${formatShare(explained)} explained`;
    return markup`<div class="tree"><h3>${metric} <span class="explained">${text}</span></h3>${branch(tree, members[0]!.suspect.perCycle.unit, view)}</div>`;
  });
}

function stackList(suspect: Suspect, directory: string | undefined): Markup | undefined {
  const stack = suspect.stack ?? [];
  if (stack.length === 0) return undefined;
  const items = stack.map(
    (frame) => markup`<li${isInternal(frame) && markup` class="internal"`}>${frameText(frame, directory)}</li>`,
  );
  return markup`<h4>Call stack</h4><ol class="stack">${items}</ol>`;
}

function holderList({ holder }: Suspect, directory: string | undefined): Markup | undefined {
  if (holder === undefined) return undefined;
  const place =
    holder.location === undefined
      ? undefined
      : markup` <span class="place">${placeText(holder.location, directory)}</span>`;
  const path = holder.path.map((step) => markup`<li>${step}</li>`);
  return markup`<h4>Held by</h4><p class="holder">${prose(holder.description)}${place}</p>
${path.length > 0 && markup`<ol class="path" aria-label="Retaining path from a root">${path}</ol>`}`;
}

function sourceFigure(
  location: CodeLocation | undefined,
  what: string,
  directory: string | undefined,
): Markup | undefined {
  if (location === undefined) return undefined;
  return markup`<figure class="source"><figcaption><span class="place">${placeText(location, directory)}</span>
${location.function !== undefined && markup`in <span class="function">${location.function}</span>`}${location.package !== undefined && markup` · ${location.package}`} · ${what}</figcaption>
${location.source !== undefined && markup`<pre><code><span class="line" aria-hidden="true">${location.line}</span>${location.source}</code></pre>`}</figure>`;
}

function panel(suspect: Suspect, index: number, directory: string | undefined): Markup {
  const share = suspect.metric === undefined ? undefined : markup`, ${formatShare(suspect.share)} of ${suspect.metric}`;
  const operation = suspect.operation === undefined ? undefined : markup`, driven by <b>${suspect.operation}</b>`;
  return markup`<article class="suspect" id="suspect-${index}" aria-labelledby="suspect-title-${index}">
<h3 id="suspect-title-${index}">${prose(suspect.description)}</h3>
<p class="growth">${intervalText(suspect.perCycle)}${share}${operation}</p>
${sourceFigure(suspect.location, kindWords[suspect.kind], directory)}
${sourceFigure(suspect.calledFrom, 'called from here', directory)}
${suspect.series !== undefined && markup`<div class="curve small" data-suspect="${index}"><p class="readout">live at each floor of the attribution pass</p><div class="canvas"></div></div>`}
${holderList(suspect, directory)}
${stackList(suspect, directory)}
</article>`;
}

/** Where growth comes from: a tree of call stacks, and beside it all about the suspect that was clicked. */
export function suspectsSection(record: RunRecord, directory: string | undefined): Markup | undefined {
  const { suspects } = record;
  const explained = explainedText(record, (metric) => metric);
  if (suspects.length === 0) {
    if (record.verdict !== 'leak' && explained === undefined) return undefined;
    return section(
      markup`<p class="empty">${explained === undefined ? 'No cause was named in this run' : `Explained: ${explained}`}.</p>`,
    );
  }
  return section(markup`<div class="suspects"><nav aria-label="Suspects by call stack">${trees({ record, directory })}</nav>
<div class="panels">${suspects.map((suspect, index) => panel(suspect, index, directory))}</div></div>
${explained !== undefined && markup`<p class="explained">Explained: ${explained}.</p>`}`);
}

function section(content: Markup): Markup {
  return markup`<section id="suspects" aria-labelledby="suspects-title"><h2 id="suspects-title">Suspects</h2>
${content}</section>`;
}
