import { attributionVariable } from '../model/attribution-protocol.js';
import { isLeakingGrowth } from '../model/finding.js';
import type { Finding } from '../model/run-record.js';
import type { AttributionPlan } from './evidence/attribution-session.js';
import { heapMetrics, workerHeap } from './evidence/heap-metrics.js';

/** What the measuring pass has done and found. */
export interface MeasuredPass {
  readonly findings: readonly Finding[];
  /** Cycles and the time that driving them took. */
  readonly cycles: number;
  readonly driveMs: number;
  readonly rounds: number;
  /** Distinct inputs that cycles draw from, or ever-new ones. */
  readonly universe: number | 'fresh';
  /** It is a Node process, of which `objects` is what V8 counts. @defaultValue true */
  readonly isNode?: boolean;
  /** A pass before this one saw nothing grow. @defaultValue false */
  readonly isRepeated?: boolean;
}

const warmupRounds = 2;
const readRounds = 6;
/** Of driving at the speed of the measuring pass; the hooks make it two to five times as long. */
const driveBudgetMs = 800;
/** What only some cycles leave behind, as answers that are cut off while a file is still read, may come in none of a few. */
const repeatedFactor = 4;
const warmupBudgetMs = 500;
/** For drawing each of a closed universe of inputs: a cache that still fills looks like a leak in a pass this short. */
const universeBudgetMs = 2_500;
/** What the leak itself may add during the warm-up: a larger heap is slower to read, in every later step. */
const warmupGrowthBytes = 8 * 1024 * 1024;
const cyclesPerRoundMin = 6;
const cyclesMin = 160;
/** Growth over the read rounds by which a leak stands clear of what a runtime does besides. */
const growthBytes = 512 * 1024;
const growthCount = 200;
/** Relative error of a slope is about one by the root of the samples behind it. */
const samplesWanted = 1_000;
/** The profiler walks the stack at every sample: at 512 B a service over HTTP ran at a fifth of its speed. */
const intervalBytesMin = 2 * 1024;
/** Shorter than what the profiler's readings count as large objects. */
const intervalBytesMax = 4 * 1024;
const defaultIntervalBytes = 2 * 1024;

/** The chance that an input has not been drawn yet is e to the minus this. */
const coverageMargin = 4.6;

/** Metrics, or their families, that live in the heap or hang on something that does; a snapshot can say who holds them. */
const heldByHeap: ReadonlySet<string> = new Set([
  ...['heapUsed', 'workerHeapUsed', 'external', 'arrayBuffers', 'rss', 'pss', 'uss', 'wasmMemory'],
  ...['objects', 'listeners', 'timers', 'gauge'],
]);
/** What they measure includes the heap. */
const ofAllMemory: ReadonlySet<string> = new Set(['rss', 'pss', 'uss', 'nativeUsed']);

/**
 * Sizes the attribution pass from the slopes that the measuring pass found.
 * @returns undefined when nothing leaks
 */
export function planAttribution(pass: MeasuredPass): AttributionPlan | undefined {
  const leaking = pass.findings.filter(isLeakingGrowth);
  if (leaking.length === 0) return undefined;
  const cyclesPerMs = pass.cycles / Math.max(1, pass.driveMs);
  // Those that findings name have half of the cycles.
  const named = new Set(leaking.flatMap(({ operation }) => operation ?? [])).size;
  const perOwnCycle = ({ operation }: Finding) => (operation === undefined ? 1 : 2 * named);
  const wanted = Math.max(cyclesMin, ...leaking.map((finding) => cyclesToShow(finding) * perOwnCycle(finding)));
  const factor = pass.isRepeated ? repeatedFactor : 1;
  const affordable = driveBudgetMs * cyclesPerMs;
  const cyclesPerRound = factor * Math.max(cyclesPerRoundMin, Math.round(Math.min(wanted, affordable) / readRounds));
  const heapSlope = Math.max(
    0,
    ...leaking.filter(({ metric }) => heapMetrics.has(metric)).map(({ slope }) => slope.estimate),
  );
  return {
    environment: { [attributionVariable]: '1' },
    warmupRounds,
    warmupCyclesPerRound: warmupCyclesPerRound(
      pass,
      cyclesPerRound,
      heapSlope > 0 ? warmupGrowthBytes / heapSlope : Number.POSITIVE_INFINITY,
    ),
    rounds: readRounds,
    cyclesPerRound,
    intervalBytes: intervalFor(heapSlope, cyclesPerRound * readRounds),
    nativeMemory: leaking.some(({ metric, slope }) => isNative(metric, slope.estimate, pass)),
    workers: leaking.some(({ metric }) => metric === workerHeap),
    snapshots: leaking.some(({ metric }) => heldByHeap.has(metric.split('.', 1)[0]!)),
  };
}

/**
 * For the target that was measured itself: it is warm, and what fills up was driven until it is full. Only what the hooks
 * bring is waited for.
 */
export function planForWarmTarget(plan: AttributionPlan): AttributionPlan {
  return { ...plan, warmupRounds: 1, warmupCyclesPerRound: plan.cyclesPerRound };
}

/** Part of its growth that JavaScript accounts for, below which memory is native. */
const inJavaScriptMin = 0.5;

/** Python's own allocator gives no larger block: what is larger on average is from the C library. */
const smallObjectBytesMax = 512;

/**
 * What the heap and its buffers do not account for: pages, or what native code reports to V8. Where the heap contains what
 * native code allocates, as in Python: bytes without objects, or many for each.
 */
function isNative(metric: string, growth: number, { findings, isNode = true }: MeasuredPass): boolean {
  const growthOf = (name: string) =>
    Math.max(0, findings.find((finding) => finding.metric === name)?.slope.estimate ?? 0);
  if (metric === 'external') return growthOf('arrayBuffers') < inJavaScriptMin * growth;
  if (metric === 'heapUsed' && !isNode)
    return findings.some(
      (finding) =>
        finding.metric === 'objects' &&
        (!isLeakingGrowth(finding) || growth > smallObjectBytesMax * finding.slope.estimate),
    );
  if (!ofAllMemory.has(metric)) return false;
  return growthOf('heapUsed') + growthOf(workerHeap) + growthOf('arrayBuffers') < inJavaScriptMin * growth;
}

/**
 * As long as the longest warm-up that the measuring pass saw, and until every input has been drawn, as far as time
 * allows: what fills up must be full.
 */
function warmupCyclesPerRound(pass: MeasuredPass, cyclesPerRound: number, cyclesMax: number): number {
  const cyclesPerMs = pass.cycles / Math.max(1, pass.driveMs);
  const roundsSeen = Math.max(0, ...pass.findings.map((finding) => finding.warmupRounds ?? 0));
  const cyclesSeen = Math.min((roundsSeen * pass.cycles) / Math.max(1, pass.rounds), warmupBudgetMs * cyclesPerMs);
  const covering = Math.min(cyclesToCover(pass.universe), universeBudgetMs * cyclesPerMs);
  const cycles = Math.min(cyclesMax, Math.max(cyclesSeen, covering));
  return Math.max(cyclesPerRound, Math.round(cycles / warmupRounds));
}

/** Draws after which each input has come at least once, 99 times of a hundred: the coupon collector's. */
function cyclesToCover(universe: MeasuredPass['universe']): number {
  return universe === 'fresh' ? 0 : universe * (Math.log(universe) + coverageMargin);
}

function cyclesToShow({ slope, axis, unit }: Finding): number {
  if (axis !== 'cycle' || slope.estimate <= 0) return 0;
  return (unit === 'B' ? growthBytes : growthCount) / slope.estimate;
}

function intervalFor(slopeBytes: number, cycles: number): number {
  if (slopeBytes <= 0) return defaultIntervalBytes;
  const interval = Math.round((slopeBytes * cycles) / samplesWanted);
  return Math.min(intervalBytesMax, Math.max(intervalBytesMin, interval));
}
