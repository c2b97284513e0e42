import type { LiveHolder, LiveSite } from '../../model/runtime.js';
import type { GrownHolder, GrownSite } from '../evidence/runtime-growth.js';
import { haveSimilarSize } from '../evidence/slope.js';
import { isMultiple } from './lead-joins.js';

/** A type that fits, or a rate that does; a rate that is a multiple needs more beside it. */
const scoreMin = 2;

/** Whose entries come as fast as what the site makes, and are of its type; or on whose entries as much of it hangs. */
export function likelyHolder({ site, rate }: GrownSite, holders: readonly GrownHolder[]): GrownHolder | undefined {
  const scored = holders.map((candidate) => ({ candidate, score: likeness(site, rate, candidate) }));
  const best = scored.sort(
    (one, other) => other.score - one.score || Number(one.candidate.wasEmptied) - Number(other.candidate.wasEmptied),
  )[0];
  return best === undefined || best.score < scoreMin ? undefined : best.candidate;
}

function likeness(site: LiveSite, rate: number | undefined, { holder, rate: entriesRate }: GrownHolder): number {
  if (rate === undefined) return 0;
  const typeFits = site.type !== undefined && site.type === holder.type;
  if (haveSimilarSize(rate, entriesRate)) return typeFits ? 4 : 2;
  const isWhole = isMultiple(rate, entriesRate) || isMultiple(entriesRate, rate);
  return (isWhole && typeFits) || hangsOn(holder, site) ? 3 : 0;
}

/**
 * The outermost holder with whose entries those of this one come: as many to an entry now as have come to one. A number beside
 * that one limits both, and its name is what the code adds to.
 */
export function outermost(inner: GrownHolder, holders: ReadonlyMap<string, GrownHolder>): GrownHolder {
  const outer = holders.get(inner.holder.within ?? '');
  if (outer === undefined || outer.rate <= 0) return inner;
  const isWithEntries = haveSimilarSize(inner.rate / outer.rate, inner.holder.entries / outer.holder.entries);
  return isWithEntries ? outermost(outer, holders) : inner;
}

/** Of what a site has made, what must hang on the entries of a holder: other holders may have the rest. */
const hangingShareMin = 0.5;

function hangsOn({ contents }: LiveHolder, { type, count }: LiveSite): boolean {
  return type !== undefined && (contents?.get(type) ?? 0) >= hangingShareMin * count;
}

/** What is emptied now and then explains no growth that lasts, unless nothing else explains as much. */
export function withoutEmptied<Group extends { readonly holder: GrownHolder; readonly sites: readonly GrownSite[] }>(
  groups: readonly Group[],
  alone: readonly GrownSite[],
): readonly Group[] {
  const lasting = groups.filter(({ holder }) => !holder.wasEmptied);
  const emptied = groups.filter(({ holder }) => holder.wasEmptied);
  const growthOf = (those: readonly Group[]) => those.reduce((sum, { sites }) => sum + heapGrowth(sites), 0);
  return growthOf(lasting) + heapGrowth(alone) >= growthOf(emptied) ? lasting : groups;
}

/**
 * Runtimes hand memory of what was just freed to new things without another record of where those were made. Entries of
 * a holder that are larger than what their places seem to have made say how much of it is booked elsewhere.
 */
export function scaleOf({ holder: { bytesPerEntry = 0 }, rate }: GrownHolder, sites: readonly GrownSite[]): number {
  return Math.max(1, (rate * bytesPerEntry) / heapGrowth(sites) || 1);
}

export function heapGrowth(sites: readonly GrownSite[]): number {
  return sites.reduce((sum, { metrics }) => sum + (metrics.get('heapUsed')?.slope.estimate ?? 0), 0);
}
