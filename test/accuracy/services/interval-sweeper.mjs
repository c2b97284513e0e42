// Answers kept for a second, which a sweeper that comes round every twelve seconds removes. The leak: answers with no time.
import { leaks } from './planted.mjs';

const keepMs = 1_000;
const sweepEveryMs = 12_000;
const answers = new Map();

function sweep() {
  const oldest = performance.now() - keepMs;
  for (const [cycle, { at }] of answers) if (at < oldest) answers.delete(cycle);
}

export function setup() {
  setInterval(sweep, sweepEveryMs).unref();
}

export function iterate(cycle) {
  const at = leaks(cycle) ? Number.POSITIVE_INFINITY : performance.now();
  answers.set(cycle, { at, body: [cycle] });
}
