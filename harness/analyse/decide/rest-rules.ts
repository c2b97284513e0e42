import { metricDefinition } from '../../model/metric.js';
import { lowestBefore } from '../growth/doublings.js';
import { isSamePace, paceMin } from '../growth/pace.js';
import type { PendingRelease } from '../series/pending-timers.js';
import { levelAtRest, type RestSpan, spansOf } from '../series/rest-spans.js';
import type { Rest } from '../series/rests.js';
import { fillOf, growthAtRest, isFullAfterADay, releaseAtRest, shareKeptInUse } from './at-rest.js';
import type { Decision } from './decision.js';
import type { JudgedMetric } from './judged-metrics.js';
import type { Rule } from './rule.js';

/** What was seen of a metric while the target rested, and what driving it had shown before. */
export interface RestEvidence {
  readonly driven: Decision;
  readonly metric: JudgedMetric;
  readonly first: Rest;
  readonly spans: readonly RestSpan[];
  /** What a rest gave back of growth that looked like a leak. */
  readonly release: Decision['release'];
  /** Days of the target's clock were driven, and growth went with its hours and not with cycles. */
  readonly isByHours: boolean;
}

/** @returns undefined where there was no rest, or where nothing was open when it began */
export function restEvidence(driven: Decision, metric: JudgedMetric, isByHours: boolean): RestEvidence | undefined {
  const [first] = metric.rests;
  if (first === undefined || driven.state === 'plateau' || driven.shape === 'falling') return undefined;
  if (driven.rule.name === 'unread' || driven.bound !== undefined) return undefined;
  const released =
    driven.state === 'leak' ? releaseAtRest(driven, metric.series, metric.rests, metric.tolerance) : undefined;
  // What a rest before did not show to go lies in its level: only what stays from this one on counts.
  const spans = spansOf(metric.rests.slice(released?.rest ?? 0), metric.tolerance);
  return { driven, metric, first, spans, release: released?.release, isByHours };
}

/** Descriptors, threads or processes that an entry of a collection holds at most. */
const resourcesPerEntryMax = 2;

/**
 * What rests make of growth that driving left open or called a leak. Entries with a time to live, requests with a
 * time-out and idle connections go by themselves; what time brings goes on; what fills up comes to a level when many more
 * cycles are driven between two rests. Without an answer, what driving showed stands.
 */
export const restRules: readonly Rule<RestEvidence>[] = [
  { name: 'goes-on-at-rest', decide: grownByTime },
  { name: 'kept-while-in-use', decide: keptWhileInUse },
  { name: 'flat-from-rest-to-rest', decide: staysLevel },
  { name: 'due-later', decide: dueLater },
  { name: 'grows-from-rest-to-rest', decide: growsOn },
  { name: 'unclear-from-rest-to-rest', decide: staysOpen },
];

const restNumbers = ({ spans, release, metric: { drain } }: RestEvidence): Record<string, number> => {
  const last = spans.at(-1);
  return {
    rests: spans.length + 1,
    ...(release !== undefined && { releasedShare: release.share, releasedWithinMs: release.withinMs }),
    ...(drain !== undefined && { emptyAfterMs: drain.emptyAfterMs }),
    ...(last !== undefined && {
      highFromRestToRest: last.slope.high,
      passesBelow: last.passes,
      cyclesBetween: last.cycles,
    }),
  };
};

function common({ driven, release }: RestEvidence): Omit<Decision, 'state' | 'rule'> {
  const { doubt: _, cyclesToDecide: __, state: ___, rule: ____, ...rest } = driven;
  return release === undefined ? rest : { ...rest, release };
}

/** The same with the slope from one rest to the next. */
function fromRestToRest(rested: RestEvidence, last: RestSpan): Omit<Decision, 'state' | 'rule'> {
  return { ...common(rested), slope: last.slope, detectionFloor: last.passes + last.slope.high - last.slope.estimate };
}

/** Time fills a window over the last minute as well, or over a day, of which it then is full. */
function grownByTime(rested: RestEvidence): Decision | undefined {
  const { driven, metric, first, release, isByHours } = rested;
  if (release !== undefined) return undefined;
  const growth = growthAtRest(driven, metric.series, first, metric.tolerance);
  if (growth === undefined)
    return isByHours && isFullAfterADay(driven, metric.series, first, metric.tolerance)
      ? windowIsFull(rested, 0)
      : undefined;
  const { state, perHour } = growth;
  const rule = {
    name: 'goes-on-at-rest',
    numbers: { restMs: first.durationMs, perHour: perHour.estimate },
  } as const;
  if (state === 'goes on' || (state === 'unclear' && driven.state === 'leak'))
    return { ...common(rested), state: 'leak', rule, shape: 'linear', perHour };
  if (state === 'unclear') return { ...driven, state: 'undecided', rule, doubt: 'filling', shape: 'linear', perHour };
  return windowIsFull(rested, perHour.estimate);
}

function windowIsFull(rested: RestEvidence, perHour: number): Decision {
  const { first } = rested;
  return {
    ...common(rested),
    state: 'plateau',
    rule: { name: 'window-is-full', numbers: { restMs: first.durationMs, perHour } },
    shape: 'saturating',
    slope: { estimate: 0, low: 0, high: 0 },
    fill: { level: first.values.at(-1)!, atCycles: first.cycles },
  };
}

/** A connection that is never idle keeps what hangs on it. */
function keptWhileInUse(rested: RestEvidence): Decision | undefined {
  const { driven, metric } = rested;
  const { release, ...growth } = common(rested);
  const share = release === undefined ? undefined : shareKeptInUse(driven, metric.rests, release);
  if (share === undefined || share < paceMin) return undefined;
  const numbers = { ...restNumbers(rested), drivenMs: metric.rests.at(-1)!.drivenMs, share };
  return { ...growth, state: 'leak', rule: { name: 'kept-while-in-use', numbers } };
}

/**
 * Growth that looked like a leak, and slowed down when many more cycles were driven. What comes in steps brings more or less
 * a cycle, as one was or was not among them.
 */
function hasSlowed({ driven, release }: RestEvidence, { slope }: RestSpan): boolean {
  const { estimate, low } = driven.slope;
  const before = leaksInSteps(driven) ? low : estimate;
  return driven.state === 'leak' && release === undefined && slope.high < paceMin * before;
}

function leaksInSteps({ rule }: Decision): boolean {
  return rule.name === 'growth-in-doublings';
}

/** The last span, where rests are the judge: driving could not decide, time gave something back, or growth slowed down. */
function judgingSpan(rested: RestEvidence): RestSpan | undefined {
  const { driven, release, spans } = rested;
  const last = spans.at(-1);
  const isJudge =
    driven.state === 'undecided' || release !== undefined || (last !== undefined && hasSlowed(rested, last));
  return isJudge ? last : undefined;
}

function staysLevel(rested: RestEvidence): Decision | undefined {
  const { driven, metric, release } = rested;
  const last = judgingSpan(rested);
  if (last === undefined || last.slope.high > last.passes) return undefined;
  const isFilled = hasSlowed(rested, last);
  // The allowance is off the lower bound already: what lies above is growth, however small, and only the user may pass it.
  if (!isFilled && last.slope.low > 0 && !metric.tolerance.explicitBudget) return undefined;
  const mayBeInSteps = driven.state === 'undecided' || leaksInSteps(driven);
  if (mayBeInSteps && !isFlatOverall(rested, last)) return undefined;
  return {
    ...fromRestToRest(rested, last),
    state: 'plateau',
    rule: { name: 'flat-from-rest-to-rest', numbers: restNumbers(rested) },
    shape: isFilled || release !== undefined ? 'saturating' : 'flat',
    budget: last.passes,
    ...(isFilled && { fill: fillOf(driven, metric.rests) }),
  };
}

/**
 * What grows in lumps is flat between two rests by chance: over the last doubling of the cycles, in which a table doubles
 * once, it must be flat too. Where no rest lies so far back, the floors of the driven target do: tables of a service in Rust
 * grew at 57,344 cycles and again at 114,688, and were flat from a rest at 67,000 to one at 99,000.
 */
function isFlatOverall({ metric: { rests, series } }: RestEvidence, { passes }: RestSpan): boolean {
  const last = rests.at(-1)!;
  const half = last.cycles / 2;
  const restBefore = rests.findLast(({ cycles }) => cycles <= half);
  const floorBefore = restBefore === undefined ? lowestBefore(series, half) : undefined;
  if (floorBefore !== undefined) return levelAtRest(last) - floorBefore <= passes * half;
  const from = restBefore ?? rests[0]!;
  return levelAtRest(last) - levelAtRest(from) <= passes * (last.cycles - from.cycles);
}

/** Memory and objects may all hang on the entries; of descriptors, threads or processes each entry holds one or two. */
function mayBeOf({ tolerance, first, last }: JudgedMetric, { entries }: PendingRelease): boolean {
  const { scale } = metricDefinition(tolerance.metric) ?? {};
  const isOfHeap = tolerance.unit === 'B' || scale === 'entries';
  return isOfHeap || last - first <= resourcesPerEntryMax * entries;
}

/** What a timer takes away that has not fired yet is no leak so far; what some time gave back is asked of rests first. */
function dueLater(rested: RestEvidence): Decision | undefined {
  const { driven, metric, release } = rested;
  const { pending } = metric;
  if (pending === undefined || driven.state !== 'leak' || !mayBeOf(metric, pending)) return undefined;
  if (release !== undefined && growingSpans(rested) === undefined) return undefined;
  const { dueMs, entries } = pending;
  const rule = { name: 'due-later', numbers: { ...restNumbers(rested), dueMs, entries } } as const;
  return { ...common(rested), state: 'undecided', rule, doubt: 'due', pending };
}

/**
 * The spans that show that it goes on. Tables that hold more at once than before grow once; a leak grows again. In bytes, the
 * first span may hold the fill, and the next one a table that a full cache doubles once more: a Go cache of 50,000 entries grew
 * by 34 B a cycle for as many cycles again. What time gave back was no fill.
 */
function growingSpans({ spans, release, metric }: RestEvidence): readonly RestSpan[] | undefined {
  const spansMin = release === undefined && metric.tolerance.unit === 'B' ? 3 : 2;
  const shown = spans.slice(-spansMin);
  return shown.length === spansMin && shown.every(({ condemned }) => condemned) ? shown : undefined;
}

/**
 * Swings, a fill or what time gives back hide a leak while the target is driven: it keeps its pace from rest to rest, past any
 * fill. A backlog that is not empty does so too.
 */
function growsOn(rested: RestEvidence): Decision | undefined {
  const { driven, metric } = rested;
  const last = judgingSpan(rested);
  const before = growingSpans(rested)?.at(-2);
  if (last === undefined || before === undefined || metric.drain !== undefined) return undefined;
  if (!isSamePace(before.slope.estimate, last.slope.estimate)) return undefined;
  if (driven.state === 'undecided' && last.untilCycles < metric.tolerance.fillCycles) return undefined;
  const rule = { name: 'grows-from-rest-to-rest', numbers: restNumbers(rested) } as const;
  return { ...fromRestToRest(rested, last), state: 'leak', rule, shape: 'linear' };
}

function staysOpen(rested: RestEvidence): Decision | undefined {
  const { driven, release, metric } = rested;
  const { drain } = metric;
  const last = judgingSpan(rested);
  if (last === undefined && release === undefined && drain === undefined) return undefined;
  const shown = driven.state === 'undecided' ? driven : common(rested);
  return {
    ...shown,
    state: 'undecided',
    rule: { name: 'unclear-from-rest-to-rest', numbers: restNumbers(rested) },
    ...(driven.state === 'leak' && { doubt: release === undefined ? 'filling' : 'released' }),
    ...(drain !== undefined && { doubt: 'draining', drain }),
    ...(last !== undefined && { cyclesToDecide: last.untilCycles + 2 * last.cycles }),
  };
}
