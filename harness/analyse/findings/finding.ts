import { livesInHeap } from '../../model/metric.js';
import type { RuleName } from '../../model/rule.js';
import type { StoredRun } from '../../model/run-log.js';
import type { Finding, GrowthFinding, OperationShare } from '../../model/run-record.js';
import { msPerHour } from '../../model/units.js';
import type { Decision } from '../decide/decision.js';
import type { JudgedMetric } from '../decide/judged-metrics.js';
import { type Driver, driverOf } from '../growth/growth-driver.js';
import { type FloorSeries, sliceSeries } from '../series/floors.js';
import type { PendingRelease } from '../series/pending-timers.js';
import type { Bounded } from '../statistics/combined-intervals.js';
import { levelOf, sentenceOf } from './sentence.js';
import { describe } from './shape.js';

/** Digits that are kept: more would differ between versions of V8 and mean nothing. */
const digits = 6;
/** Slopes below this are what is left of zero in floating point. */
const nothing = 1e-9;

export function rounded(value: number): number {
  return Math.abs(value) < nothing ? 0 : Number(value.toPrecision(digits));
}

export function roundedBounds({ estimate, low, high }: Bounded): Bounded {
  return { estimate: rounded(estimate), low: rounded(low), high: rounded(high) };
}

/** What is said of one judged metric. */
export function findingOf(run: StoredRun, metric: JudgedMetric, decision: Decision): GrowthFinding {
  const { tolerance, series } = metric;
  const settled = sliceSeries(series, decision.warmupFloors, series.values.length);
  const driver = driverOfDecision(run, metric, decision, settled);
  const description = describe(series, decision, tolerance);
  const cyclesPerHour = speedPerHour(series);
  const perHour = driver?.kind === 'time';
  const slope = driver?.slope ?? decision.slope;
  const scale = perHour && cyclesPerHour !== undefined ? cyclesPerHour : 1;
  const unfilled = cyclesWithoutFill(run, metric, decision, driver);
  const operation =
    driver?.operation ?? (run.manifest.operations.length === 1 ? run.manifest.operations[0] : undefined);
  return {
    kind: 'growth',
    axis: perHour ? 'hour' : 'cycle',
    metric: tolerance.metric,
    unit: tolerance.unit,
    ...(operation !== undefined && !perHour && { operation }),
    ...(driver !== undefined && { driver: driver.kind }),
    verdict: verdictOf(metric, decision, driver),
    shape: description.shape,
    slope: { ...roundedBounds(slope), unit: `${tolerance.unit}/${perHour ? 'h' : 'cycle'}` },
    ...(driver?.byOperation && {
      byOperation: driver.byOperation.map((share) => ({ ...share, slope: roundedBounds(share.slope) })),
    }),
    confidence: rounded(decision.confidence),
    budget: rounded(decision.budget * scale),
    detectionFloor: decision.detectionFloor === undefined ? null : rounded(decision.detectionFloor * scale),
    first: metric.first,
    last: metric.last,
    rounds: decision.floors,
    warmupRounds: decision.warmupFloors,
    reason: sentenceOf({
      decision,
      description,
      tolerance,
      per: perHour ? 'hour' : (operation ?? 'cycle'),
      ...(operation === undefined && { causes: causesOf(driver) }),
      slope,
      rerun: run.manifest.rerun,
      parameters: run.manifest.parameters,
      runsNode: run.manifest.visibility === 'node',
      isAttached: run.events.some((event) => event.event === 'attached' && !event.isStarted),
      ...(cyclesPerHour !== undefined && { cyclesPerHour }),
      ...(unfilled !== undefined && { cyclesWithoutFill: unfilled }),
    }),
    rule: ruleOf(decision, driver),
    ...(description.saturation && { saturation: mapped(description.saturation) }),
    ...(description.step && { step: mapped(description.step) }),
    ...(decision.pending && { pending: pendingOf(decision.pending) }),
    ...(decision.expiring && { expiring: decision.expiring }),
    ...(decision.release && { release: releaseOf(decision.release, cyclesPerHour) }),
    ...(description.periodCycles !== undefined && { periodCycles: rounded(description.periodCycles) }),
    ...(decision.state === 'undecided' &&
      decision.cyclesToDecide !== undefined && { cyclesToDecide: Math.ceil(rounded(decision.cyclesToDecide)) }),
  };
}

function driverOfDecision(
  run: StoredRun,
  { tolerance }: JudgedMetric,
  { state, bound, perHour, confidence }: Decision,
  settled: FloorSeries,
): Driver | undefined {
  if (state !== 'plateau' && perHour !== undefined) return { kind: 'time', slope: perHour };
  return state === 'leak' && bound === undefined ? driverOf(run, tolerance.metric, settled, confidence) : undefined;
}

/** What a cache that fills looks like for as long: memory that grows steadily. */
const fillLike: ReadonlySet<RuleName> = new Set(['steady-growth', 'growth-in-doublings', 'grows-from-rest-to-rest']);

/**
 * Cycles that did not fill what grows, where it may be a cache: outside of Node nothing shows for sure how many entries a
 * collection may hold, and no number of cycles excludes a larger one.
 */
function cyclesWithoutFill(
  { manifest, events, samples }: StoredRun,
  { tolerance }: JudgedMetric,
  { state, rule }: Decision,
  driver: Driver | undefined,
): number | undefined {
  const isLookedInto = events.some(({ event }) => event === 'runtime');
  if (manifest.visibility === 'node' || !isLookedInto) return undefined;
  if (state !== 'leak' || !fillLike.has(rule.name) || driver?.kind === 'time') return undefined;
  return livesInHeap(tolerance.metric) ? samples.cycles.at(-1) : undefined;
}

/** Operations that growth goes with, what brings most per cycle first; none where all of them do. */
function causesOf({ byOperation = [] }: Driver = { kind: 'operation' }): string[] {
  const causes = byOperation.filter(({ grows }) => grows === 'yes');
  if (causes.length === byOperation.length) return [];
  const size = ({ slope }: OperationShare) => Math.abs(slope.estimate);
  return causes.sort((one, other) => size(other) - size(one)).map(({ operation }) => operation);
}

function pendingOf({ location, everyMs, dueMs, collection, entries }: PendingRelease): Finding['pending'] {
  const every = everyMs === undefined ? {} : { everyMs };
  return { location, ...every, dueMs: rounded(dueMs), collection, entries };
}

function releaseOf(
  { share, withinMs, kept }: NonNullable<Decision['release']>,
  cyclesPerHour: number | undefined,
): Finding['release'] {
  const released = mapped({ share, withinMs });
  if (kept === undefined || cyclesPerHour === undefined) return released;
  return { ...released, level: roundedBounds(levelOf(kept, withinMs, cyclesPerHour)) };
}

function ruleOf({ rule }: Decision, driver: Driver | undefined): NonNullable<Finding['rule']> {
  const finite = Object.entries(rule.numbers).filter(([, value]) => Number.isFinite(value));
  const numbers = Object.fromEntries(finite.map(([name, value]) => [name, rounded(value)]));
  return { name: driver?.kind === 'sample' ? 'grows-with-sampling' : rule.name, numbers };
}

function verdictOf({ decisive }: JudgedMetric, { state }: Decision, driver: Driver | undefined): Finding['verdict'] {
  if (!decisive || driver?.kind === 'sample') return 'advisory';
  return state === 'undecided' ? 'inconclusive' : state;
}

function mapped<Keys extends string>(values: Readonly<Record<Keys, number>>): Record<Keys, number> {
  return Object.fromEntries(Object.entries<number>(values).map(([name, value]) => [name, rounded(value)])) as Record<
    Keys,
    number
  >;
}

function speedPerHour({ cycles, elapsedMs }: FloorSeries): number | undefined {
  const elapsed = elapsedMs.at(-1) ?? 0;
  return elapsed > 0 ? (cycles.at(-1)! / elapsed) * msPerHour : undefined;
}
