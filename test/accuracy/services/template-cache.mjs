// Templates compiled to functions and cached, 120 of them. The leak: rendered pages are kept by address as well.
import { leaks } from './planted.mjs';

const templates = new Map();
const pages = new Map();

function templateOf(name) {
  const known = templates.get(name);
  if (known !== undefined) return known;
  const compiled = new Function(
    'data',
    `return '<h1>${name}</h1>' + data.items.map((item) => '<li>' + item + '</li>').join('')`,
  );
  templates.set(name, compiled);
  return compiled;
}

export function iterate(cycle) {
  const render = templateOf(`template-${(cycle * 7) % 120}`);
  const page = render({ items: [cycle % 10, cycle % 7, 'last'] });
  if (leaks(cycle)) pages.set(`/pages/${cycle}`, { page, at: cycle });
}
