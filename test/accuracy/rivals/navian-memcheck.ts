import { fitted } from './ordinary-least-squares.js';
import type { Rival } from './rival.js';

const slopeBudgetBytes = 2 * 1024 * 1024;

/** navian-memcheck: the line of resident memory over the back half may not rise by more than its slope budget. */
export const navianMemcheck: Rival = {
  name: 'navian-memcheck',
  source: 'navian-memcheck-cli: rss, back-half slope, --slope-budget 2mb (taken over the back half)',
  judge: ({ cycles, rss }) => {
    const half = Math.floor(cycles.length / 2);
    const { slope } = fitted(cycles.slice(half), rss.slice(half));
    return slope * (cycles.at(-1)! - cycles[half]!) > slopeBudgetBytes ? 'leak' : 'plateau';
  },
};
