import { createHash } from 'node:crypto';
import { type Content, Markup, markup } from '../format/markup.js';
import { inertJson } from '../format/printable.js';
import { type PageKind, pageScript, pageStyle, plotScript } from './assets.js';

const favicons: Readonly<Record<string, string>> = {
  good: '1c7a45',
  bad: 'b3261e',
  unknown: '8a5a00',
  quiet: '5c6166',
};

/** A plateau: a line that rises and then stays level, in the colour of the verdict. */
function favicon(tone: string): string {
  const stroke = favicons[tone] ?? favicons.quiet!;
  return `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M1 14 6 5h9' fill='none' stroke='%23${stroke}' stroke-width='2.5' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** JSON that cannot end the element it stands in. */
function embeddedJson(value: unknown): Markup {
  return new Markup(inertJson(value).replaceAll('<', '\\u003c'));
}

export interface Page {
  readonly kind: PageKind;
  readonly title: string;
  readonly tone: string;
  readonly body: Content;
  /** Read by the page's script. */
  readonly data: unknown;
}

/**
 * One file that needs no other and no network. Only the scripts and the style of this package run in it: the policy names
 * them by hash, so that markup which slipped through would still be inert.
 */
export function renderPage({ kind, title, tone, body, data }: Page): string {
  const [style, plot, script] = [pageStyle(kind), plotScript(), pageScript(kind)];
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(plot)} ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    'img-src data:',
    // The live page alone has a server behind it: its own.
    ...(kind === 'live' ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const inline = (text: string) => new Markup(text);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${inline(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="${inline(favicon(tone))}">
<style>${inline(style)}</style>
</head>
<body>
${body}
<script type="application/json" id="data">${embeddedJson(data)}</script>
<script>${inline(plot)}</script>
<script>${inline(script)}</script>
</body>
</html>
`.text;
}
