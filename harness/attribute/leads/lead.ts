import type { EntryExpiry, HolderCapacity } from '../../model/run-log.js';
import type { CodeLocation, Suspect } from '../../model/run-record.js';
import { addSlopes, haveSimilarSize, type Point, type Slope } from '../evidence/slope.js';

/**
 * A sentence with the amounts a cycle that it names.
 * @param share of all cycles that are counted: those of the operation that the finding names; 0 to 1
 * @param booked what it has of the metric's growth, per cycle of all operations; absent: all that it claims
 */
export type Wording = (share: number, booked?: number) => string;

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
  readonly describe: Wording;
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
  /** Pages come with what it keeps that are not among its bytes. */
  readonly keepsPages?: true;
  /** It says where memory is, not what takes it. */
  readonly isUnspecific?: true;
  /** How many entries the holder may have, where its code says so. */
  readonly capacity?: HolderCapacity;
  /** What names a time after which its entries may go. */
  readonly expiry?: EntryExpiry;
}

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
  const capacity = one.capacity ?? other.capacity;
  const { expiry } = largest.holder === undefined ? (one.holder === undefined ? other : one) : largest;
  return {
    evidence,
    rates: [...one.rates, ...other.rates],
    ...(holder !== undefined && { holder }),
    ...(capacity !== undefined && { capacity }),
    ...(expiry !== undefined && { expiry }),
    ...((one.keepsPages ?? other.keepsPages) && { keepsPages: true }),
  };
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

/** Things a cycle, to three digits: `0.0986 a cycle`. */
export function rateText(perCycle: number): string {
  return `${Number(perCycle.toPrecision(3))} a cycle`;
}
