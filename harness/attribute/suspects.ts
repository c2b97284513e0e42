import path from 'node:path';
import type { BoundedHolder, EntryExpiry, ExpiringHolder } from '../model/run-log.js';
import type { CodeLocation, Finding, Suspect } from '../model/run-record.js';
import { bookOf, doubtfulLeads, shareOfTablesMax } from './leads/explained-growth.js';
import type { Lead, LeadEvidence } from './leads/lead.js';
import { placeOf } from './leads/lead-joins.js';
import { ownCaller } from './source/own-caller.js';

const suspectsMax = 10;
const shareMin = 0.02;
/** Of the largest share in the same metric: what lies below is what a runtime does besides. */
const shareOfLargestMin = 0.1;

/** Of the growth of a metric: most of it. */
const shareOfCauseMin = 0.5;

export interface Suspicion {
  readonly suspects: readonly Suspect[];
  /** Share of each leaking metric's growth that the leads account for. */
  readonly explained: Readonly<Record<string, number>>;
  readonly bounded?: readonly BoundedHolder[];
  readonly expiring?: readonly ExpiringHolder[];
}

/** What the attribution pass drove, and how its metrics grew. */
export interface PassGrowth {
  /** Growth of a metric per cycle of all operations. */
  readonly slopeOf: (metric: string) => number | undefined;
  /** Part of the cycles that were of an operation, 0 to 1. */
  readonly shareOf: (operation: string) => number;
}

/**
 * Makes suspects of leads. Each belongs to the first leaking finding of which it has a share worth naming. The gravest
 * finding comes first, then the largest share, then what cannot be a leak beside the others. Last is what names no thing.
 * Where the first of them names no line, one that does and accounts for most of another finding goes before it.
 * @param leaking with slopes per cycle of all operations, as those of the leads are
 */
export function suspectsOf(leads: readonly Lead[], leaking: readonly Finding[], pass: PassGrowth): Suspicion {
  const growthOf = (finding: Finding) => growthInPass(finding, pass);
  const explained: Record<string, number> = {};
  const findings = leading(leaking);
  const doubtful = doubtfulLeads(leads, new Map(findings.map((finding) => [finding.metric, growthOf(finding)])));
  for (const finding of findings) {
    const share = bookOf(leads, finding.metric, growthOf(finding), doubtful).total / growthOf(finding);
    if (Number.isFinite(share)) explained[finding.metric] = roundedShare(Math.max(0, share));
  }
  const sharesOf = (lead: Lead) =>
    sharesOfGrowth(lead, findings, (metric, growth) => bookOf(leads, metric, growth, doubtful).entry(lead), growthOf);
  const largest = new Map<number, number>();
  const ranked = leads.flatMap((lead) => {
    const shown = leaking.flatMap((finding, order) => {
      if (!lead.evidence.has(finding.metric)) return [];
      const growth = growthOf(finding);
      const evidence = bookOf(leads, finding.metric, growth, doubtful).entry(lead);
      const share = Number.isFinite(growth) ? evidence.slope.estimate / growth : 1;
      largest.set(order, Math.max(largest.get(order) ?? 0, share));
      return share < shareMin ? [] : [{ order, share, lead, evidence, finding }];
    });
    return shown.slice(0, 1);
  });
  const doubts = ({ lead }: { lead: Lead }) => Number(doubtful.has(lead));
  const vague = ({ lead }: { lead: Lead }) => Number(lead.isUnspecific ?? false);
  ranked.sort((a, b) => vague(a) - vague(b) || a.order - b.order || doubts(a) - doubts(b) || b.share - a.share);
  const suspects = withPlaceFirst(ranked)
    .filter(({ order, share }) => share >= shareOfLargestMin * largest.get(order)!)
    .map(({ share, ...shown }) => suspectOf({ ...shown, share: roundedShare(share) }, pass));
  return {
    suspects: suspects.slice(0, suspectsMax),
    explained,
    bounded: leads.flatMap((lead) => {
      if (lead.capacity === undefined) return [];
      const entriesPerCycle = lead.capacity.entriesPerCycle * measuredPart(lead, findings, pass);
      return [{ ...lead.capacity, entriesPerCycle, description: nameOf(lead), shares: sharesOf(lead) }];
    }),
    expiring: leads.flatMap((lead) =>
      lead.expiry === undefined ? [] : [expiringHolder(lead, lead.expiry, sharesOf(lead))],
    ),
  };
}

/** A worker's end of a port shows how much it keeps, and the line that opens the port is in another thread. */
function withPlaceFirst<Shown extends Suspected>(ranked: readonly Shown[]): readonly Shown[] {
  if (ranked[0]?.evidence.location !== undefined) return ranked;
  const placed = ranked.find(({ evidence, share }) => evidence.location !== undefined && share >= shareOfCauseMin);
  return placed === undefined ? ranked : [placed, ...ranked.filter((shown) => shown !== placed)];
}

/** Which part of the growth of each metric a lead accounts for. */
function sharesOfGrowth(
  { evidence }: Lead,
  findings: readonly Finding[],
  entryOf: (metric: string, growth: number) => LeadEvidence,
  growthOf: (finding: Finding) => number,
): Record<string, number> {
  const shares = findings.flatMap((finding) => {
    if (!evidence.has(finding.metric)) return [];
    const growth = growthOf(finding);
    const share = entryOf(finding.metric, growth).slope.estimate / growth;
    return Number.isFinite(share) ? [[finding.metric, roundedShare(share)] as const] : [];
  });
  return Object.fromEntries(shares);
}

/** Where nothing is known of who holds it, by the line that makes it. */
function nameOf({ holder }: Lead, location?: CodeLocation): string {
  if (holder !== undefined) return holder.description;
  return location === undefined ? 'a collection' : `${path.basename(location.file)}:${location.line}`;
}

function expiringHolder(lead: Lead, expiry: EntryExpiry, shares: Record<string, number>): ExpiringHolder {
  const location = placeOf(lead)?.location;
  return { ...expiry, description: nameOf(lead, location), ...(location !== undefined && { location }), shares };
}

/** What leads have shares of. A leak that gets faster is judged by its end, and the pass is at its beginning. */
function growthInPass({ metric, driver, shape, slope }: Finding, { slopeOf }: PassGrowth): number {
  const inPass = slopeOf(metric);
  if (driver === 'time' || slope.estimate <= 0) return inPass ?? Number.NaN;
  return shape === 'accelerating' && inPass !== undefined && inPass > 0 ? inPass : slope.estimate;
}

/**
 * How much came a cycle when it was measured, as a part of what came in the pass: a server that worked off a backlog meanwhile
 * added 11 entries to its log for each request, of which each brought two. Entries come as bytes do.
 */
function measuredPart({ evidence }: Lead, findings: readonly Finding[], { slopeOf }: PassGrowth): number {
  const finding = findings.find(({ metric, driver }) => driver !== 'time' && evidence.has(metric));
  const measured = finding?.slope.estimate ?? Number.NaN;
  const inPass = slopeOf(finding?.metric ?? '') ?? Number.NaN;
  return measured > 0 && inPass > shareOfTablesMax * measured ? measured / inPass : 1;
}

/** One finding a metric: the whole metric, where it was judged for each operation too. */
function leading(leaking: readonly Finding[]): Finding[] {
  return [...new Map(leaking.toReversed().map((finding) => [finding.metric, finding])).values()].toReversed();
}

interface Suspected {
  readonly lead: Lead;
  /** What the lead has of the finding's growth, per cycle of all operations. */
  readonly evidence: LeadEvidence;
  readonly finding: Finding;
  /** Of the finding's growth. */
  readonly share: number;
}

/** All amounts are per cycle of the operation that the finding names, where it names one. */
function suspectOf({ lead: { holder }, evidence, finding, share }: Suspected, { shareOf }: PassGrowth): Suspect {
  const { kind, describe, location, stack, slope, series } = evidence;
  const ofCycles = finding.operation === undefined ? 1 : shareOf(finding.operation);
  const calledFrom = ownCaller(evidence);
  return {
    kind,
    description: describe(ofCycles, slope.estimate),
    metric: finding.metric,
    ...(location !== undefined && { location }),
    ...(stack !== undefined && stack.length > 0 && { stack: [...stack] }),
    ...(calledFrom !== undefined && { calledFrom }),
    ...(holder !== undefined && { holder }),
    ...(finding.operation !== undefined && { operation: finding.operation }),
    perCycle: {
      estimate: slope.estimate / ofCycles,
      low: slope.low / ofCycles,
      high: slope.high / ofCycles,
      unit: `${finding.unit}/cycle`,
    },
    share,
    ...(series !== undefined && { series: series.map(([cycles, value]): [number, number] => [cycles, value]) }),
  };
}

export function roundedShare(share: number): number {
  return Math.round(share * 1_000) / 1_000;
}
