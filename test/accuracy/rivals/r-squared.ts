import { fitted } from './ordinary-least-squares.js';
import type { Rival } from './rival.js';

export const rSquared: Rival = {
  name: 'R² > 0.8',
  source: 'a rising line that explains 80 % of the variance',
  judge: ({ cycles, heapUsed }) => {
    const line = fitted(cycles, heapUsed);
    return line.slope > 0 && line.rSquared > 0.8 ? 'leak' : 'plateau';
  },
};
