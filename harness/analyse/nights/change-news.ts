import type { HistoryChange } from '../../model/history.js';
import type { States } from './night-states.js';

export interface ChangeGroup {
  /** Changes that began in the same run, the clearest slope first. */
  readonly changes: readonly [HistoryChange, ...HistoryChange[]];
  /** The scenario leaks since about then: that was reported, and this is what it does to the other metrics. */
  readonly goesWithLeak: boolean;
}

/**
 * Changes that were found tonight, those that began together as one.
 * @param numberOf number of a run's night
 */
export function changeNews(
  found: readonly HistoryChange[],
  states: States,
  numberOf: (runId: string) => number,
): ChangeGroup[] {
  const groups = new Map<string, [HistoryChange, ...HistoryChange[]]>();
  for (const change of found) {
    const group = groups.get(change.runId);
    if (group === undefined) groups.set(change.runId, [change]);
    else group.push(change);
  }
  const failing = [...states].filter(([, { state }]) => state === 'failing');
  return [...groups.values()].map((group) => {
    const [first, ...others] = group.sort(byWeight);
    const from = numberOf(first!.runId) - 1;
    const goesWithLeak = failing.some(
      ([metric, { since }]) => since.number >= from || group.every((change) => change.metric === metric),
    );
    return { changes: [first!, ...others], goesWithLeak };
  });
}

function byWeight(one: HistoryChange, other: HistoryChange): number {
  if (one.quantity !== other.quantity) return one.quantity === 'slope' ? -1 : 1;
  return one.pValue - other.pValue;
}
