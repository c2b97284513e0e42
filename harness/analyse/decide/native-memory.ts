import { metricDefinition } from '../../model/metric.js';
import type { RuleName } from '../../model/rule.js';
import { bytesPerMebibyte } from '../../model/units.js';
import { type FloorSeries, sliceSeries } from '../series/floors.js';
import { leastSquares } from '../statistics/least-squares.js';
import { mostShare } from '../statistics/order-statistics.js';
import type { Decision } from './decision.js';
import type { Evidence } from './evidence.js';
import { type JudgedMetric, pagesMetrics } from './judged-metrics.js';
import { firstDecision, leakBy, plateauBy, type Rule, undecidedBy, withoutSlope } from './rule.js';
import { collectedHeapBytes } from './tolerance.js';

/** Allocators and pools of a sound target were seen to keep 50 MiB, in steps of 10 to 25 MiB. */
const suspectGrowth = 24 * bytesPerMebibyte;
/**
 * Growth over the later half of the cycles that is in doubt where hardly any noise is on it. Where no collector decides which pages
 * stay, less is enough: sessions of PostgreSQL lose what is allocated outside of memory contexts, 2 MiB in 5,000 cycles.
 */
const smoothGrowth = { managed: collectedHeapBytes, manual: bytesPerMebibyte } as const;
/**
 * Growth in standard deviations of the floors around the line. Recorded leaks grew by 20 to 4,000 of them over the later half
 * of the cycles, pages of sound Node services by at most 15 where they grew steadily.
 */
const smoothDeviations = 20;
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
  {
    name: 'too-few-floors',
    decide: ({ pages }) => (pages.windows === undefined ? withoutSlope('too-few-floors', 'floors', pages) : undefined),
  },
  { name: 'certified', decide: ({ pages }) => (pages.slopes.isCertified ? plateauBy('certified', pages) : undefined) },
  ruleWhere('pages-follow-the-heap', 'undecided', (at) => at.explainedBytes > mostShare * at.grownBytes),
  ruleWhere('pages-grow-with-threads', 'leak', (at) => at.threadsLeak && at.pages.slopes.isSteady),
  ruleWhere('pages-outgrow-the-heap', 'leak', ({ pages }) => isSteadyOver(pages.metric.tolerance.capacity, pages)),
  ruleWhere(
    'pages-may-outgrow-the-heap',
    'undecided',
    ({ pages }) => isSteadyOver(suspectGrowth, pages) || isSmoothGrowth(pages),
  ),
  ruleWhere('pages-are-kept-by-the-allocator', 'undecided', () => true),
];

function ruleWhere(
  name: RuleName,
  state: 'leak' | 'undecided',
  applies: (evidence: PagesEvidence) => boolean,
): Rule<PagesEvidence> {
  return {
    name,
    decide: (evidence) => {
      if (!applies(evidence)) return undefined;
      const { pages, explainedBytes, grownBytes } = evidence;
      const decision = state === 'leak' ? leakBy(name, pages, { shape: 'linear' }) : undecidedBy(name, 'noise', pages);
      return { ...decision, rule: { name, numbers: { ...decision.rule.numbers, explainedBytes, grownBytes } } };
    },
  };
}

function isSteadyOver(bytes: number, { slopes }: Evidence): boolean {
  return slopes.isSteady && slopes.trend.late.slope * slopes.trend.late.span >= bytes;
}

function isSmoothGrowth(pages: Evidence): boolean {
  const { whole, late } = pages.slopes.trend;
  const bytes = smoothGrowth[pages.metric.tolerance.pages === 'manual' ? 'manual' : 'managed'];
  return isSteadyOver(bytes, pages) && late.slope * late.span >= smoothDeviations * whole.residual;
}

export interface JudgedPages {
  readonly metric: JudgedMetric;
  readonly decision: Decision;
}

/**
 * The pages of the process, where something was read from the inside: else they are judged like any other metric. Also those of
 * processes that a Node target has started, by their command: nothing is known of what is in them, and nothing explains their growth.
 * @param evidenceOf the evidence of a metric of the same look
 */
export function judgePages(
  metrics: readonly JudgedMetric[],
  evidenceOf: (metric: JudgedMetric) => Evidence,
  threadsLeak: boolean,
): readonly JudgedPages[] {
  const judged = (inside: readonly JudgedMetric[]) => (metric: JudgedMetric) => {
    const pages = evidenceOf(metric);
    const settled = pages.windows === undefined ? pages.series : pages.settled;
    const [grownBytes, explainedBytes] = [growthOf(settled), explainedBy(inside, settled)];
    const evidence = { pages, grownBytes, explainedBytes, threadsLeak: threadsLeak && inside.length > 0 };
    return { metric, decision: firstDecision(pagesRules, evidence)! };
  };
  const inside = metrics.filter(({ tolerance }) => insideMetrics.has(tolerance.metric));
  const isByDefault = ({ tolerance }: JudgedMetric) => !tolerance.explicitBudget;
  const ofChildren = metrics.filter(({ tolerance }) => isOfChildren(tolerance.metric) && tolerance.pages !== undefined);
  return [
    ...(inside.length === 0 ? [] : pagesBeside(metrics)).filter(isByDefault).map(judged(inside)),
    ...ofChildren.filter(isByDefault).map(judged([])),
  ];
}

function isOfChildren(metric: string): boolean {
  return metricDefinition(metric)?.ofChildren === true;
}

/** The bluntest pages that are shown beside what was read from the inside: they hold all of the others. */
function pagesBeside(metrics: readonly JudgedMetric[]): readonly JudgedMetric[] {
  const beside = metrics.filter(({ channel }) => channel === 'advisory');
  return pagesMetrics.flatMap((name) => beside.filter(({ tolerance }) => tolerance.metric === name)).slice(-1);
}

function growthOf({ cycles, values }: FloorSeries): number {
  return leastSquares(cycles, values).slope * (cycles.at(-1)! - cycles[0]!);
}

/** Growth of what is known from the inside, over the same floors. */
function explainedBy(inside: readonly JudgedMetric[], settled: FloorSeries): number {
  return inside.reduce((sum, { series }) => {
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
