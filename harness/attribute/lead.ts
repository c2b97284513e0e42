import type { CodeLocation, Finding, Suspect } from '../model/run-record.js';
import { ownCaller } from './own-caller.js';
import { addSlopes, haveSimilarSize, type Point, type Slope } from './slope.js';

/** What one metric shows of a leak. */
export interface LeadEvidence {
  readonly kind: Suspect['kind'];
  /** Growth per cycle in the metric's own unit. */
  readonly slope: Slope;
  /**
   * What the tables that hold the growth may add to it: they double now and then, and whether a judged slope has a
   * doubling in it depends on when it was read.
   */
  readonly tablesPerCycle?: number;
  /** One sentence. */
  readonly description: string;
  readonly location?: CodeLocation;
  readonly stack?: readonly CodeLocation[];
  readonly series?: readonly Point[];
}

/** One leak as the attribution pass sees it, in all metrics that it shows in. */
export interface Lead {
  readonly evidence: ReadonlyMap<string, LeadEvidence>;
  readonly holder?: Suspect['holder'];
  /** Things that come each cycle, as each view counts them. */
  readonly rates: readonly number[];
}

const mostSuspects = 10;
const leastShare = 0.02;
/** Of the largest share in the same metric: what lies below is what a runtime does besides. */
const leastOfLargest = 0.1;

/** Leads that show the same leak in different metrics become one. */
export function mergeLeads(leads: readonly Lead[]): Lead[] {
  const merged: Lead[] = [];
  for (const lead of leads) {
    const index = merged.findIndex((other) => isSameLeak(other, lead));
    if (index < 0) merged.push(lead);
    else merged[index] = join(merged[index]!, lead);
  }
  return merged;
}

/** They name the same line; or the heap shows what a function keeps that it makes at the same rate. */
function isSameLeak(one: Lead, other: Lead): boolean {
  const places = placesOf(one);
  const twoViews = (one.holder === undefined) !== (other.holder === undefined);
  return placesOf(other).some((place) =>
    places.some(
      (candidate) =>
        candidate.file === place.file &&
        (candidate.line === place.line ||
          (twoViews && candidate.function === place.function && haveSameRate(one, other))),
    ),
  );
}

function placesOf(lead: Lead): CodeLocation[] {
  return [...lead.evidence.values()].flatMap(({ location }) => location ?? []);
}

/** Two leads with the same rate from the same function are one leak. */
export function haveSameRate(one: Lead, other: Lead): boolean {
  return one.rates.some((rate) => other.rates.some((candidate) => haveSimilarSize(rate, candidate)));
}

function join(one: Lead, other: Lead): Lead {
  const evidence = new Map(one.evidence);
  for (const [metric, shown] of other.evidence) {
    const present = evidence.get(metric);
    evidence.set(metric, present === undefined ? shown : joinEvidence(present, shown));
  }
  const largest = heldGrowth(other) > heldGrowth(one) ? other : one;
  const holder = largest.holder ?? one.holder ?? other.holder;
  return { evidence, rates: [...one.rates, ...other.rates], ...(holder !== undefined && { holder }) };
}

/** Bytes a cycle that a lead keeps, in the heap and outside. */
export function heldGrowth({ evidence }: Lead): number {
  const heap = evidence.get('heapUsed');
  return (heap?.slope.estimate ?? 0) + (heap?.tablesPerCycle ?? 0) + (evidence.get('external')?.slope.estimate ?? 0);
}

/** Two groups of one kind add up; two views of one thing, from the heap and from its hooks, do not. */
function joinEvidence(one: LeadEvidence, other: LeadEvidence): LeadEvidence {
  const larger = other.slope.estimate > one.slope.estimate ? other : one;
  if (one.kind !== other.kind) return larger;
  const tablesPerCycle = (one.tablesPerCycle ?? 0) + (other.tablesPerCycle ?? 0);
  return { ...larger, slope: addSlopes(one.slope, other.slope), tablesPerCycle };
}

export interface Suspicion {
  readonly suspects: readonly Suspect[];
  /** Share of each leaking metric's growth that the leads account for. */
  readonly explained: Readonly<Record<string, number>>;
}

/**
 * Makes suspects of leads: each belongs to the first leaking finding that it shows in, the gravest finding first, the
 * largest share first.
 * @param slopeInPass growth per cycle of a metric in the attribution pass; what a share of a finding that is driven by
 *   time is a share of
 */
export function suspectsOf(
  leads: readonly Lead[],
  leaking: readonly Finding[],
  slopeInPass: (metric: string) => number | undefined,
): Suspicion {
  const growthOf = (finding: Finding) =>
    finding.driver === 'time' || finding.slope.estimate <= 0
      ? (slopeInPass(finding.metric) ?? Number.NaN)
      : finding.slope.estimate;
  const explained: Record<string, number> = {};
  for (const finding of leading(leaking)) {
    const share = bookOf(leads, finding.metric, growthOf(finding)).total / growthOf(finding);
    if (Number.isFinite(share)) explained[finding.metric] = roundedShare(Math.max(0, share));
  }
  const ranked = leads.flatMap((lead) => {
    const order = leaking.findIndex(({ metric }) => lead.evidence.has(metric));
    const finding = leaking[order];
    if (finding === undefined) return [];
    const growth = growthOf(finding);
    const evidence = bookOf(leads, finding.metric, growth).entry(lead.evidence.get(finding.metric)!);
    const share = Number.isFinite(growth) ? evidence.slope.estimate / growth : 1;
    return share < leastShare
      ? []
      : [{ order, share, suspect: suspectOf(lead, evidence, finding, roundedShare(share)) }];
  });
  ranked.sort((a, b) => a.order - b.order || b.share - a.share);
  const largest = new Map<number, number>();
  for (const { order, share } of ranked) largest.set(order, Math.max(largest.get(order) ?? 0, share));
  const suspects = ranked.filter(({ order, share }) => share >= leastOfLargest * largest.get(order)!);
  return { suspects: suspects.slice(0, mostSuspects).map(({ suspect }) => suspect), explained };
}

interface Book {
  readonly total: number;
  /** What a lead has of the growth, with its part of what tables added. */
  entry(evidence: LeadEvidence): LeadEvidence;
}

/** A slope that was judged over a doubling has more of it than the mean. */
const mostOfTables = 2;

/** Tables count for what is missing otherwise, and for no more. */
function bookOf(leads: readonly Lead[], metric: string, growth: number): Book {
  const shown = leads.flatMap(({ evidence }) => evidence.get(metric) ?? []);
  const kept = shown.reduce((total, { slope }) => total + slope.estimate, 0);
  const tables = shown.reduce((total, { tablesPerCycle = 0 }) => total + tablesPerCycle, 0);
  const missing = Number.isFinite(growth) ? Math.max(0, growth - kept) : tables;
  const part = tables === 0 ? 0 : Math.min(mostOfTables, missing / tables);
  return {
    total: kept + part * tables,
    entry: (evidence) => {
      const more = part * (evidence.tablesPerCycle ?? 0);
      const { estimate, low, high } = evidence.slope;
      return { ...evidence, slope: { estimate: estimate + more, low: low + more, high: high + more } };
    },
  };
}

/** One finding a metric: the whole metric, where it was judged for each operation too. */
function leading(leaking: readonly Finding[]): Finding[] {
  return [...new Map(leaking.toReversed().map((finding) => [finding.metric, finding])).values()].toReversed();
}

function suspectOf({ holder }: Lead, evidence: LeadEvidence, finding: Finding, share: number): Suspect {
  const { kind, description, location, stack, slope, series } = evidence;
  const calledFrom = ownCaller(evidence);
  return {
    kind,
    description,
    metric: finding.metric,
    ...(location !== undefined && { location }),
    ...(stack !== undefined && stack.length > 0 && { stack: [...stack] }),
    ...(calledFrom !== undefined && { calledFrom }),
    ...(holder !== undefined && { holder }),
    ...(finding.operation !== undefined && { operation: finding.operation }),
    perCycle: { ...slope, unit: `${finding.unit}/cycle` },
    share,
    ...(series !== undefined && { series: series.map(([cycles, value]): [number, number] => [cycles, value]) }),
  };
}

export function roundedShare(share: number): number {
  return Math.round(share * 1_000) / 1_000;
}
