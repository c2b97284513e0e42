import { fitted } from './ordinary-least-squares.js';
import { differences, type Rival } from './rival.js';

const warmupPasses = 5;
const linearRSquared = 0.8;
const stepShare = 0.5;
const settledShare = 0.25;

/**
 * playwright-soak-test: passes after five for warm-up, named flat, linear, step, settled or noisy by a least-squares line.
 * The thresholds of its shapes are not described; those here are the usual ones. It does not assert the heap.
 */
export const playwrightSoakTest: Rival = {
  name: 'playwright-soak-test',
  source: 'denodell/playwright-soak-test: shape by least squares and R-squared, 5 warm-up passes',
  judge: (series) => {
    const cycles = series.cycles.slice(warmupPasses);
    const heap = series.heapUsed.slice(warmupPasses);
    const growth = heap.at(-1)! - heap[0]!;
    const half = Math.floor(heap.length / 2);
    const step = growth > 0 && Math.max(...differences(heap)) > stepShare * growth;
    const settled = heap.at(-1)! - heap[half]! < settledShare * growth;
    const { slope, rSquared } = fitted(cycles, heap);
    return slope > 0 && rSquared >= linearRSquared && !step && !settled ? 'leak' : 'plateau';
  },
};
