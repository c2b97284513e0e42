import type { Decision } from './decision.js';
import type { JudgedMetric } from './metric-judgement.js';

export interface Judged {
  readonly metric: JudgedMetric;
  readonly decision: Decision;
}

/** Half of what the smallest object of V8 takes. */
const leastObjectBytes = 12;

/** What each metric is judged to do, in the light of the others: entries take bytes, and bytes are of entries. */
export function weighed(judged: readonly Judged[]): Judged[] {
  return passing(borneOut(judged));
}

/**
 * Bytes and objects that grow steadily may be a cache that fills, unless entries are counted that leak beside them: then
 * they are what those entries hold.
 */
function borneOut(judged: readonly Judged[]): Judged[] {
  const entriesLeak = judged.some(
    ({ metric, decision }) => metric.decisive && metric.channel === 'count' && decision.state === 'leak',
  );
  return judged.map(({ metric, decision }) => {
    const isHeld = metric.channel === 'bytes' || isOfObjects(metric);
    if (!entriesLeak || !isHeld || decision.doubt !== 'filling') return { metric, decision };
    const { doubt: _, cyclesToDecide: __, ...rest } = decision;
    return { metric, decision: { ...rest, state: 'leak' as const } };
  });
}

/**
 * Objects are counted for a moment only, between two visits of a sweeper perhaps. Where the heap is certified to grow by
 * less than they would take over all of the run, they come and go.
 */
function passing(judged: readonly Judged[]): Judged[] {
  const heap = judged.find(({ metric }) => metric.yardstick.metric === 'heapUsed')?.decision;
  if (heap?.state !== 'plateau') return [...judged];
  return judged.map(({ metric, decision }) => {
    const bytesPerCycle = leastObjectBytes * decision.slope.low;
    if (!isOfObjects(metric) || decision.state !== 'leak' || heap.slope.high >= bytesPerCycle)
      return { metric, decision };
    return { metric, decision: { ...decision, state: 'undecided', doubt: 'passing' } };
  });
}

function isOfObjects({ yardstick }: JudgedMetric): boolean {
  return /^objects\b/.test(yardstick.metric);
}
