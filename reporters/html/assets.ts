import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Scripts of each page, in the order in which they use each other, and style sheets, later ones over earlier ones. */
const pages = {
  report: {
    scripts: ['numbers', 'units', 'theme', 'plot', 'when-seen', 'curves', 'overlays', 'suspects', 'page'],
    styles: ['base', 'verdict', 'suspects', 'findings', 'curves', 'run', 'comparison', 'narrow'],
  },
  history: {
    scripts: ['numbers', 'units', 'theme', 'plot', 'when-seen', 'trends', 'history'],
    styles: ['base', 'verdict', 'curves', 'history', 'narrow'],
  },
  live: {
    scripts: ['numbers', 'units', 'theme', 'plot', 'when-seen', 'curves', 'live'],
    styles: ['base', 'verdict', 'findings', 'curves', 'run', 'live', 'narrow'],
  },
} as const;

export type PageKind = keyof typeof pages;

function once(make: () => string): () => string {
  let made: string | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function clientFile(name: string): string {
  return readFileSync(new URL(`./client/${name}`, import.meta.url), 'utf8');
}

function plotFile(name: string): string {
  return readFileSync(createRequire(import.meta.url).resolve(`uplot/dist/${name}`), 'utf8');
}

/** uPlot, as its package has it. */
export const plotScript = once(() => plotFile('uPlot.iife.min.js'));

/** A page's own script: its modules one after the other in one scope, since a file opened from disk cannot import. */
export function pageScript(kind: PageKind): string {
  const modules = pages[kind].scripts.map((name) => withoutModuleSyntax(clientFile(`${name}.js`)));
  return `(() => {\n'use strict';\n${modules.join('\n')}\n})();`;
}

function withoutModuleSyntax(source: string): string {
  return source.replace(/^import [^;]*;\n/gm, '').replace(/^export /gm, '');
}

export function pageStyle(kind: PageKind): string {
  return [plotFile('uPlot.min.css'), ...pages[kind].styles.map((name) => clientFile(`${name}.css`))].join('\n');
}
