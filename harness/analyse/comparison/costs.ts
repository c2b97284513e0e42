import type { CostComparison } from '../../model/comparison.js';
import type { BareInterval, Footprint } from '../../model/run-record.js';
import { roundedBounds } from '../findings/finding.js';
import { differenceOf } from '../statistics/combined-intervals.js';

/** Differences below this share of the cost are how objects happen to lie in the heap. */
const shareMin = 0.05;
/** And below these amounts: of bytes, and of anything that is counted. */
const bytesMin = 16;
const countMin = 0.01;

export interface ComparedCosts {
  readonly footprint?: CostComparison[];
  readonly residue?: CostComparison[];
}

/** What a live object costs and what it leaves behind, in two runs that both held some. */
export function compareCosts(
  before: readonly Footprint[] | undefined,
  after: readonly Footprint[] | undefined,
): ComparedCosts {
  if (before === undefined || after === undefined) return {};
  const rows = before.flatMap(({ operation, metrics }) => {
    const other = after.find((footprint) => footprint.operation === operation);
    const names = new Set([...metrics, ...(other?.metrics ?? [])].map(({ metric }) => metric));
    return [...names].flatMap((metric) => {
      const pair = [metrics, other?.metrics ?? []].map((list) => list.find((one) => one.metric === metric));
      const unit = (pair[0] ?? pair[1])!.unit;
      if (other === undefined) return [];
      // What is not listed is nothing: neither a cost nor a rest.
      const [left, right] = pair.map((one) => one ?? { live: nothing, residue: nothing });
      return [{ operation, metric, unit, left: left!, right: right! }];
    });
  });
  const costs = (kind: 'live' | 'residue') =>
    rows.map(({ left, right, ...row }): CostComparison => ({ ...row, ...costOf(left[kind], right[kind], row.unit) }));
  return { footprint: costs('live'), residue: costs('residue') };
}

const nothing: BareInterval = { estimate: 0, low: 0, high: 0 };

function costOf(
  before: BareInterval,
  after: BareInterval,
  unit: string,
): Pick<CostComparison, 'before' | 'after' | 'difference' | 'word'> {
  const difference = differenceOf(before, after);
  const least = Math.max(shareMin * Math.abs(before.estimate), unit === 'B' ? bytesMin : countMin);
  return { before, after, difference: roundedBounds(difference), word: changeOf(difference, least) };
}

/** @param least differences up to this do not matter */
export function changeOf({ low, high }: BareInterval, least: number): CostComparison['word'] {
  if (low > least) return 'more';
  if (high < -least) return 'less';
  return low > -2 * least && high < 2 * least ? 'unchanged' : 'cannot tell';
}
