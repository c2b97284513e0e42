import { metricDefinition } from '../../model/metric.js';
import type { RuleName } from '../../model/rule.js';
import type { MemoryManagement } from '../../model/run-log.js';
import { bytesPerMebibyte } from '../../model/units.js';
import { type FloorSeries, sliceSeries } from '../series/floors.js';
import { leastSquares } from '../statistics/least-squares.js';
import type { Decision } from './decision.js';
import type { Evidence } from './evidence.js';
import type { JudgedMetric } from './judged-metrics.js';
import { firstDecision, leakBy, plateauBy, type Rule, undecidedBy, withoutSlope } from './rule.js';

/** Allocators and pools of a sound target were seen to keep 50 MiB, in steps of 10 to 25 MiB. */
const leakGrowth = 64 * bytesPerMebibyte;
const suspectGrowth = 24 * bytesPerMebibyte;
/**
 * Growth over the later half of the cycles that is in doubt where hardly any noise is on it. Where no collector decides which pages
 * stay, less is enough: sessions of PostgreSQL lose what is allocated outside of memory contexts, 2 MiB in 5,000 cycles.
 */
const smoothGrowth = {
  collected: 4 * bytesPerMebibyte,
  unknown: 4 * bytesPerMebibyte,
  manual: bytesPerMebibyte,
} as const;
/**
 * Growth in standard deviations of the floors around the line. Recorded leaks grew by 20 to 4,000 of them over the later half
 * of the cycles, pages of sound Node services by at most 15 where they grew steadily.
 */
const smoothDeviations = 20;
/** The pages must rise in a straight line, not in steps: a line must fit so many times better than one step. */
const straight = 3;
/** Of growth that the inside explains to this share, what is inside is to blame. */
const explainedShare = 0.5;
/** Metrics that account for memory from the inside; their growth is judged by itself. */
const insideMetrics: ReadonlySet<string> = new Set([
  'heapUsed',
  'workerHeapUsed',
  'external',
  'nativeUsed',
  'wasmMemory',
  'outputBuffers',
  'expiringUsed',
]);

/** Pages of a process, with what its heap and buffers explain of their growth. */
interface PagesEvidence {
  readonly pages: Evidence;
  readonly explainedBytes: number;
  readonly grownBytes: number;
  readonly threadsLeak: boolean;
}

/**
 * What the pages of a process show whose live memory is known from the inside. Growth that goes on in a straight line, over
 * many MiB and doublings of the cycles, and that nothing inside explains, is a native leak. Anything less is what allocators keep.
 */
const pagesRules: readonly Rule<PagesEvidence>[] = [
  { name: 'certified', decide: ({ pages }) => (isFlat(pages) ? flat(pages) : undefined) },
  {
    name: 'pages-follow-the-heap',
    decide: (evidence) =>
      evidence.explainedBytes > explainedShare * evidence.grownBytes
        ? undecided('pages-follow-the-heap', evidence)
        : undefined,
  },
  {
    name: 'pages-grow-with-threads',
    decide: (evidence) =>
      evidence.threadsLeak && evidence.pages.slopes.isSteady ? leak('pages-grow-with-threads', evidence) : undefined,
  },
  {
    name: 'pages-outgrow-the-heap',
    decide: (evidence) =>
      isSteadyOver(leakGrowth, evidence) && evidence.pages.slopes.trend.whole.lineOverStep > straight
        ? leak('pages-outgrow-the-heap', evidence)
        : undefined,
  },
  {
    name: 'pages-may-outgrow-the-heap',
    decide: (evidence) =>
      isSteadyOver(suspectGrowth, evidence) ||
      (isSteadyOver(smoothGrowth[memoryOf(evidence)], evidence) && isSmooth(evidence))
        ? undecided('pages-may-outgrow-the-heap', evidence)
        : undefined,
  },
  {
    name: 'pages-are-kept-by-the-allocator',
    decide: (evidence) => undecided('pages-are-kept-by-the-allocator', evidence),
  },
];

export interface JudgedPages {
  readonly metric: JudgedMetric;
  readonly decision: Decision;
}

/**
 * @param evidenceOf the evidence of a metric of the same look
 * @returns undefined where the pages are judged by themselves, or were not read
 */
export function judgePages(
  metrics: readonly JudgedMetric[],
  evidenceOf: (metric: JudgedMetric) => Evidence,
  threadsLeak: boolean,
): JudgedPages | undefined {
  const metric = pagesMetricOf(metrics);
  if (metric === undefined || metric.tolerance.explicitBudget) return undefined;
  const pages = evidenceOf(metric);
  const settled = pages.windows === undefined ? pages.series : pages.settled;
  const evidence = {
    pages,
    grownBytes: growthOf(settled),
    explainedBytes: explainedBy(metrics, settled),
    threadsLeak,
  };
  const decision = firstDecision(pagesRules, evidence)!;
  return { metric, decision };
}

/**
 * Pages of processes that a Node target has started, by their command. Nothing is known of what is in them: the same rules
 * apply, with nothing that explains their growth.
 */
export function judgeChildPages(
  metrics: readonly JudgedMetric[],
  evidenceOf: (metric: JudgedMetric) => Evidence,
): JudgedPages[] {
  return metrics
    .filter(
      ({ tolerance }) => isOfChildren(tolerance.metric) && tolerance.pages !== undefined && !tolerance.explicitBudget,
    )
    .map((metric) => {
      const pages = evidenceOf(metric);
      const settled = pages.windows === undefined ? pages.series : pages.settled;
      const evidence = { pages, grownBytes: growthOf(settled), explainedBytes: 0, threadsLeak: false };
      return { metric, decision: firstDecision(pagesRules, evidence)! };
    });
}

function isOfChildren(metric: string): boolean {
  return metricDefinition(metric)?.ofChildren === true;
}

/** Pages that are shown beside what was read from the inside; where nothing was, they are judged like any other metric. */
function pagesMetricOf(metrics: readonly JudgedMetric[]): JudgedMetric | undefined {
  if (!metrics.some(({ tolerance }) => insideMetrics.has(tolerance.metric))) return undefined;
  const beside = metrics.filter(({ channel }) => channel === 'advisory');
  return ['rss', 'uss', 'pss'].map((name) => beside.find(({ tolerance }) => tolerance.metric === name)).find(Boolean);
}

function isFlat(pages: Evidence): boolean {
  return pages.windows === undefined || pages.slopes.isCertified;
}

function flat(pages: Evidence): Decision {
  return pages.windows === undefined ? withoutSlope('too-few-floors', 'floors', pages) : plateauBy('certified', pages);
}

function isSteadyOver(bytes: number, { pages: { slopes } }: PagesEvidence): boolean {
  return slopes.isSteady && slopes.trend.late.slope * slopes.trend.late.span >= bytes;
}

function memoryOf({ pages: { metric } }: PagesEvidence): MemoryManagement {
  return metric.tolerance.pages ?? 'unknown';
}

function isSmooth({ pages: { slopes } }: PagesEvidence): boolean {
  const { whole, late } = slopes.trend;
  return late.slope * late.span >= smoothDeviations * whole.residual;
}

const numbersOf = ({ explainedBytes, grownBytes }: PagesEvidence) => ({ explainedBytes, grownBytes });

function leak(name: RuleName, evidence: PagesEvidence): Decision {
  const decision = leakBy(name, evidence.pages, { shape: 'linear' });
  return { ...decision, rule: { name, numbers: { ...decision.rule.numbers, ...numbersOf(evidence) } } };
}

function undecided(name: RuleName, evidence: PagesEvidence): Decision {
  const decision = undecidedBy(name, 'noise', evidence.pages);
  return { ...decision, rule: { name, numbers: { ...decision.rule.numbers, ...numbersOf(evidence) } } };
}

function growthOf({ cycles, values }: FloorSeries): number {
  return leastSquares(cycles, values).slope * (cycles.at(-1)! - cycles[0]!);
}

/** Growth of what is known from the inside, over the same floors. */
function explainedBy(metrics: readonly JudgedMetric[], settled: FloorSeries): number {
  return metrics
    .filter(({ tolerance }) => insideMetrics.has(tolerance.metric))
    .reduce((sum, { series }) => {
      const from = series.cycles.findIndex((cycles) => cycles >= settled.cycles[0]!);
      return from < 0 ? sum : sum + Math.max(0, growthOf(sliceSeries(series, from, series.values.length)));
    }, 0);
}

/** Beside the sentence on its slope, what the pages of a process mean. */
export function pagesSentence(metric: string, { rule }: Decision, sentence: string): string {
  if (isOfChildren(metric)) {
    const isKept = rule.name === 'pages-are-kept-by-the-allocator';
    return isKept ? 'grew by no more than allocators keep, which is shown and decides nothing' : sentence;
  }
  switch (rule.name) {
    case 'pages-grow-with-threads':
    case 'pages-outgrow-the-heap':
      return `${sentence}; neither the heap nor its buffers explain it: native memory`;
    case 'pages-may-outgrow-the-heap':
      return `${sentence}; the heap does not explain it: native memory, or an allocator that still grows`;
    case 'pages-follow-the-heap':
      return 'grows with the heap and its buffers, which are judged by themselves';
    case 'pages-are-kept-by-the-allocator':
      return 'grew by more than the heap did: the allocator keeps these pages, which is shown and decides nothing';
    default:
      return sentence;
  }
}
