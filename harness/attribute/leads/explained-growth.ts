import { heapMetrics } from '../evidence/heap-metrics.js';
import { type Slope, slopeOf } from '../evidence/slope.js';
import type { Lead, LeadEvidence } from './lead.js';

/** What leads account for of the growth of one metric. */
export interface Book {
  readonly total: number;
  /** What a lead has of the growth, with its part of what tables added. */
  entry(lead: Lead): LeadEvidence;
}

/** A slope that was judged over a doubling has more of it than the mean. */
export const shareOfTablesMax = 2;
/** Of the growth: what two passes and two ways of measuring differ in; more than this is not possible. */
const shareOfGrowthMax = 1.1;
/** Of the growth: where the others account for that much, what does not fit beside them is not the leak. */
const shareOfOthersMin = 0.5;
/** A lead claims all of the growth where it claims it to within this share: two snapshots differ from floors by as much. */
const wholeToleranceShare = 0.03;
/** Of what two snapshots show, that the profiler must have seen grow round by round; what fills up slows down. */
const shareOfSeriesMin = 0.5;

/**
 * Tables count for what is missing otherwise, and for no more. Where leads claim more than there is, those that are in
 * doubt get what the others leave.
 */
export function bookOf(leads: readonly Lead[], metric: string, growth: number, doubtful: ReadonlySet<Lead>): Book {
  const claims = claimsOf(leads, metric);
  const kept = sumOf(claims);
  const tables = claims.reduce((total, [, { tablesPerCycle = 0 }]) => total + tablesPerCycle, 0);
  const missing = Number.isFinite(growth) ? Math.max(0, growth - kept) : tables;
  const part = tables === 0 ? 0 : Math.min(shareOfTablesMax, missing / tables);
  const isOverfull = kept > shareOfGrowthMax * growth;
  const doubted = sumOf(claims.filter(([lead]) => doubtful.has(lead)));
  const certain = kept - doubted;
  const certainPart = isOverfull ? Math.min(1, growth / certain) : 1;
  const doubtfulPart = isOverfull && doubted > 0 ? Math.max(0, growth - certain) / doubted : 1;
  return {
    total: certain * certainPart + doubted * doubtfulPart + part * tables,
    entry: (lead) => {
      const evidence = lead.evidence.get(metric)!;
      const scale = doubtful.has(lead) ? doubtfulPart : certainPart;
      return { ...evidence, slope: scaled(evidence.slope, scale, part * (evidence.tablesPerCycle ?? 0)) };
    },
  };
}

/**
 * Leads that cannot be what grows, since others account for it: by themselves they claim more than all there is, or
 * the allocations seen on their stack do not keep up with what they claim. A cache that still filled between the two
 * snapshots is such. Beside one that has just what grows, there is nothing left for the others: Node's timers of idle
 * connections claimed half of what an interval for each request was.
 */
export function doubtfulLeads(leads: readonly Lead[], growthByMetric: ReadonlyMap<string, number>): Set<Lead> {
  const doubtful = new Set<Lead>();
  for (const [metric, growth] of growthByMetric) {
    const claims = claimsOf(leads, metric);
    if (!(sumOf(claims) > shareOfGrowthMax * growth)) continue;
    const fitting = claims.filter(
      ([, shown]) => shown.slope.estimate <= shareOfGrowthMax * growth && keepsUp(metric, shown),
    );
    if (sumOf(fitting) < shareOfOthersMin * growth) continue;
    const whole = fitting.filter(([, { slope }]) => Math.abs(slope.estimate - growth) <= wholeToleranceShare * growth);
    const certain = whole.length === 1 ? whole : fitting;
    for (const claim of claims) if (!certain.includes(claim)) doubtful.add(claim[0]);
  }
  return doubtful;
}

/** The profiler shows bytes of a heap. */
function keepsUp(metric: string, { series, slope }: LeadEvidence): boolean {
  const seen = heapMetrics.has(metric) && series !== undefined ? slopeOf(series) : undefined;
  return seen === undefined || seen.high >= shareOfSeriesMin * slope.estimate;
}

type Claim = readonly [lead: Lead, shown: LeadEvidence];

function claimsOf(leads: readonly Lead[], metric: string): Claim[] {
  return leads.flatMap((lead): Claim[] => {
    const shown = lead.evidence.get(metric);
    return shown === undefined ? [] : [[lead, shown]];
  });
}

function sumOf(claims: readonly Claim[]): number {
  return claims.reduce((total, [, { slope }]) => total + slope.estimate, 0);
}

function scaled({ estimate, low, high }: Slope, scale: number, more: number): Slope {
  return { estimate: estimate * scale + more, low: low * scale + more, high: high * scale + more };
}
