import { decideBytes } from './byte-channel.js';
import type { Decision } from './decision.js';
import { type FloorSeries, sliceSeries } from './floors.js';
import type { JudgedMetric } from './metric-judgement.js';
import type { ErrorRates } from './slope-decision.js';
import { leastSquares } from './statistics/least-squares.js';
import { trendOf } from './trend.js';

const mebibyte = 1024 * 1024;
/** Allocators and pools of a sound target were seen to keep 50 MiB, in steps of 10 to 25 MiB. */
const condemnedGrowth = 64 * mebibyte;
const suspectedGrowth = 24 * mebibyte;
/** The pages must rise in a straight line, not in steps. */
const straight = 3;
/** Of growth that the heap explains to this share, the heap is to blame. */
const explainedShare = 0.5;

/** What resident memory says beside the heap. */
export interface NativeMemory {
  readonly metric: JudgedMetric;
  readonly decision: Decision;
  /** `leak` and `suspicion` are native memory that nobody gives back; the others condemn nothing. */
  readonly kind: 'leak' | 'suspicion' | 'explained' | 'retention' | 'flat';
}

/**
 * Judges resident memory of a target whose heap is known: growth that goes on in a straight line, over many MiB and
 * doublings of the cycles, and that neither the heap nor array buffers explain, is a native leak. Anything less is
 * what allocators keep.
 */
export function judgeNativeMemory(
  metrics: readonly JudgedMetric[],
  rates: ErrorRates,
  threadsLeak: boolean,
): NativeMemory | undefined {
  const metric = metrics.find(({ yardstick, channel }) => yardstick.metric === 'rss' && channel === 'advisory');
  if (metric === undefined || metric.yardstick.explicitBudget) return undefined;
  const { series } = metric;
  const yardstick = { ...metric.yardstick, fillCycles: Number.POSITIVE_INFINITY };
  const decision = decideBytes(series, yardstick, rates);
  const trend = trendOf(series, { smallestShift: yardstick.smallestShift, leastFloors: 20 });
  const result = (kind: NativeMemory['kind']): NativeMemory => ({
    metric: { ...metric, yardstick },
    decision: kind === 'leak' ? { ...decision, state: 'leak', shape: 'linear' } : decision,
    kind,
  });
  if (trend === undefined || decision.state === 'plateau') return result('flat');
  const steady = decision.state === 'leak' || decision.doubt === 'filling';
  const settled = sliceSeries(series, trend.from, series.values.length);
  if (explainedBy(metrics, settled) > explainedShare * growthOf(settled)) return result('explained');
  if (steady && threadsLeak) return result('leak');
  const late = trend.late.slope * trend.late.span;
  if (steady && late >= condemnedGrowth && trend.whole.lineOverStep > straight) return result('leak');
  if (steady && late >= suspectedGrowth) return result('suspicion');
  return result('retention');
}

function growthOf({ cycles, values }: FloorSeries): number {
  return leastSquares(cycles, values).slope * (cycles.at(-1)! - cycles[0]!);
}

/** Growth of the heap and of what it accounts for outside, over the same floors. */
function explainedBy(metrics: readonly JudgedMetric[], settled: FloorSeries): number {
  return metrics
    .filter(({ yardstick }) => yardstick.metric === 'heapUsed' || yardstick.metric === 'external')
    .reduce((sum, { series }) => {
      const from = series.cycles.findIndex((cycles) => cycles >= settled.cycles[0]!);
      return from < 0 ? sum : sum + Math.max(0, growthOf(sliceSeries(series, from, series.values.length)));
    }, 0);
}

export function nativeSentence({ kind }: NativeMemory, sentence: string): string {
  switch (kind) {
    case 'leak':
      return `${sentence}; neither the heap nor array buffers explain it: native memory`;
    case 'suspicion':
      return `${sentence}; the heap does not explain it: native memory, or an allocator that still grows`;
    case 'explained':
      return 'grows with the heap and its buffers, which are judged by themselves';
    case 'retention':
      return 'grew by more than the heap did: pages that the allocator keeps; reported, not condemned';
    default:
      return sentence;
  }
}
