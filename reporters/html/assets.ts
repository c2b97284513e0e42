import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Scripts of the page, in the order in which they use each other. */
const scripts = ['numbers', 'units', 'theme', 'plot', 'curves', 'overlays', 'suspects', 'page'] as const;

/** Style sheets, later ones over earlier ones. */
const styles = ['base', 'verdict', 'suspects', 'findings', 'curves', 'run', 'comparison', 'narrow'] as const;

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

/** The page's own script: its modules one after the other in one scope, since a file opened from disk cannot import. */
export const pageScript = once(
  () =>
    `(() => {\n'use strict';\n${scripts.map((name) => withoutModuleSyntax(clientFile(`${name}.js`))).join('\n')}\n})();`,
);

function withoutModuleSyntax(source: string): string {
  return source.replace(/^import [^;]*;\n/gm, '').replace(/^export /gm, '');
}

export const pageStyle = once(() =>
  [plotFile('uPlot.min.css'), ...styles.map((name) => clientFile(`${name}.css`))].join('\n'),
);
