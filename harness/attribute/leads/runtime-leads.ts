import path from 'node:path';
import { metricDefinition } from '../../model/metric.js';
import type { EntryExpiry } from '../../model/run-log.js';
import type { CodeLocation, Suspect } from '../../model/run-record.js';
import type { LiveHolder, LiveSite, StackFrame } from '../../model/runtime.js';
import type { EvidenceRound } from '../evidence/attribution-session.js';
import { type GrownHolder, type GrownSite, grownHolders, grownSites } from '../evidence/runtime-growth.js';
import { addSlopes, type Point } from '../evidence/slope.js';
import { isWithoutTime, keptTimeAt, keptTimeInFile } from '../source/kept-time.js';
import type { SourceLocator } from '../source/source-locator.js';
import type { Lead, LeadEvidence } from './lead.js';
import { groupedByLine, isMadeByTarget, isTargets, lineServed, ownFirst, sumOf } from './site-groups.js';
import { heapGrowth, likelyHolder, outermost, scaleOf, withoutEmptied } from './site-holders.js';

/** Of what no holder is known to keep: where holders account for the rest, that is theirs too. */
const leftMin = 0.2;

/** Leads from what a runtime other than Node reports of itself: what stays alive, where it was made, who holds it. */
export function runtimeLeads(rounds: readonly EvidenceRound[], locator: SourceLocator): Lead[] {
  const holders = grownHolders(rounds);
  const keepers = new Map<string, GrownHolder>([
    ...(rounds.at(-1)?.runtime?.holders ?? []).map(
      (holder) => [holder.key, { holder, rate: 0, wasEmptied: false }] as const,
    ),
    ...holders.map((grown) => [grown.holder.key, grown] as const),
  ]);
  const sites = withoutLibrary(grownSites(rounds));
  const held = new Map<GrownHolder, GrownSite[]>();
  const alone: GrownSite[] = [];
  for (const site of sites) {
    const inner = keepers.get(site.site.heldBy ?? '') ?? likelyHolder(site, holders);
    if (inner === undefined) {
      alone.push(site);
      continue;
    }
    const holder = outermost(inner, keepers);
    held.set(holder, [...(held.get(holder) ?? []), site]);
  }
  const all = Array.from(held, ([holder, grown]) => ({ holder, sites: grown, scale: scaleOf(holder, grown) }));
  const groups = withoutEmptied(all, alone);
  const missing = groups.reduce((sum, { sites: grown, scale }) => sum + (scale - 1) * heapGrowth(grown), 0);
  const left = Math.max(0, 1 - missing / heapGrowth(alone));
  return [
    ...groups.map(({ holder: { holder, capacity }, sites: grown, scale }) => ({
      ...leadOf(
        grown.map((site) => scaled(site, scale)),
        holder,
        locator,
      ),
      ...(capacity !== undefined && { capacity }),
    })),
    ...(left < leftMin
      ? []
      : groupedByLine(alone.map((site) => scaled(site, left))).map((group) => leadOf(group, undefined, locator))),
  ];
}

function scaled({ site, metrics, rate }: GrownSite, scale: number): GrownSite {
  const heap = metrics.get('heapUsed');
  if (heap === undefined || scale === 1) return { site, metrics, rate };
  const { estimate, low, high } = heap.slope;
  const slope = { estimate: estimate * scale, low: low * scale, high: high * scale };
  const points = heap.points.map(([cycles, value]): Point => [cycles, value * scale]);
  return { site, rate, metrics: new Map(metrics).set('heapUsed', { slope, points }) };
}

/** What only the library seems to make is left out where the target's own code makes more of the same. */
function withoutLibrary(sites: readonly GrownSite[]): readonly GrownSite[] {
  const most = new Map<string, number>();
  for (const { metrics } of sites.filter(({ site }) => site.stack.some(isTargets)))
    for (const [metric, { slope }] of metrics) most.set(metric, Math.max(most.get(metric) ?? 0, slope.estimate));
  return sites.filter(
    ({ site: { stack }, metrics }) =>
      stack.length === 0 ||
      stack.some(isTargets) ||
      [...metrics].some(([metric, { slope }]) => slope.estimate > (most.get(metric) ?? 0)),
  );
}

export function leadOf(sites: readonly GrownSite[], holder: LiveHolder | undefined, locator: SourceLocator): Lead {
  const evidence = new Map<string, LeadEvidence>();
  for (const metric of new Set(sites.flatMap(({ metrics }) => [...metrics.keys()]))) {
    evidence.set(metric, evidenceOf(metric, sites, holder, locator));
  }
  const expiry = expiryOf(sites, holder, locator);
  return {
    evidence,
    rates: sites.flatMap(({ rate }) => rate ?? []),
    ...(holder !== undefined && { holder: describeHolder(holder, locator) }),
    ...(expiry !== undefined && { expiry }),
    ...(sites.some(({ site }) => site.keepsPages) && { keepsPages: true }),
    ...(sites.every(({ site }) => site.isUnspecific) && { isUnspecific: true }),
  };
}

/** What the runtime reads from the entries, else what their source says. */
function expiryOf(
  sites: readonly GrownSite[],
  holder: LiveHolder | undefined,
  locator: SourceLocator,
): EntryExpiry | undefined {
  if (holder?.expiry !== undefined) return holder.expiry ?? undefined;
  if (isWithoutTime(holder?.entryNumbers)) return undefined;
  const places = holder?.location === undefined ? [] : [holder.location];
  const stacks = [places, ...sites.map(({ site }) => locate(site.stack, locator))];
  for (const keptTime of [keptTimeAt, keptTimeInFile])
    for (const stack of stacks) {
      const expiry = keptTime(stack, locator);
      if (expiry !== undefined) return expiry;
    }
  return undefined;
}

/**
 * Sites that one holder keeps, or that one line makes, are one leak: together they grow. What makes the entries of the holder
 * says where, else what the target itself makes, else the largest.
 */
function evidenceOf(
  metric: string,
  sites: readonly GrownSite[],
  holder: LiveHolder | undefined,
  locator: SourceLocator,
): LeadEvidence {
  const first = holder === undefined ? ownFirst : madeFirst;
  const grown = sites
    .flatMap(({ site, rate, metrics }) => {
      const growth = metrics.get(metric);
      return growth === undefined ? [] : [{ site, rate, growth }];
    })
    .sort((one, other) => first(one.site, other.site) || other.growth.slope.estimate - one.growth.slope.estimate);
  const [{ site, growth, rate: rateOfIt }] = grown as [(typeof grown)[number]];
  const rate = holder === undefined ? sumOf(grown.map((one) => one.rate)) : rateOfIt;
  const served = holder === undefined ? lineServed(grown.map((one) => one.site)) : undefined;
  const { added, stack } = placesOf(site, holder, locator);
  const location = placeOf(site.kind, stack);
  const slope = grown.map((one) => one.growth.slope).reduce(addSlopes);
  return {
    kind: holder !== undefined && site.kind === 'allocation-site' ? 'retainer' : site.kind,
    slope,
    describe: (share, booked = slope.estimate) =>
      describe({
        site,
        metric,
        rate: rate === undefined ? undefined : rate / share,
        growth: booked / share,
        location,
        served: served === undefined ? undefined : withSource(served, locator),
        holder,
        locator,
        added,
      }),
    series: growth.points,
    ...(location !== undefined && { location, stack }),
  };
}

/** What a package or the runtime itself has made is named by the line that adds it to a holder of the target's own. */
function placesOf(site: LiveSite, holder: LiveHolder | undefined, locator: SourceLocator) {
  const stack = locate(site.stack, locator);
  const { addedAt } = holder ?? {};
  const added = site.kind === 'allocation-site' && !isMadeByTarget(site) && addedAt?.isOwn === true;
  return { added, stack: added ? [...locate([addedAt], locator), ...stack] : stack };
}

function madeFirst(one: LiveSite, other: LiveSite): number {
  return Number(other.makesEntries ?? false) - Number(one.makesEntries ?? false);
}

/** Without the runtime's own library, unless there is nothing else. */
function locate(frames: readonly StackFrame[], locator: SourceLocator): CodeLocation[] {
  const wanted = frames.filter(isTargets);
  return (wanted.length > 0 ? wanted : frames).map(({ isOwn: _, ...place }) => withSource(place, locator));
}

function withSource(place: CodeLocation, locator: SourceLocator): CodeLocation {
  if (!path.isAbsolute(place.file)) return place;
  const { file, line, column = 0 } = place;
  return { ...locator.describe({ file, line, column }), ...place };
}

/** What packages open or start, they open for the code that calls them; what they keep, they keep for themselves. */
function placeOf(kind: Suspect['kind'], stack: readonly CodeLocation[]): CodeLocation | undefined {
  const own = kind === 'allocation-site' ? undefined : stack.find((place) => place.package === undefined);
  return own ?? stack[0];
}

function describeHolder({ description, path: steps, location }: LiveHolder, locator: SourceLocator): Suspect['holder'] {
  return {
    description: `\`${description}\``,
    path: [...steps],
    ...(location !== undefined && { location: withSource(location, locator) }),
  };
}

/** What is done with a thing of each kind, and what is missing. */
const words: Partial<Record<Suspect['kind'], readonly [made: string, missing: string]>> = {
  fd: ['opened', 'are not closed'],
  handle: ['made', 'are not closed'],
  timer: ['started', 'are not cleared'],
  process: ['started', 'do not end'],
  file: ['made', 'are not removed'],
  thread: ['started', 'do not end'],
  call: ['started', 'do not end'],
};

interface Description {
  readonly site: LiveSite;
  readonly metric: string;
  /** Things that come each cycle; absent where only their size grows. */
  readonly rate: number | undefined;
  /** Of the metric, a cycle. */
  readonly growth: number;
  readonly location: CodeLocation | undefined;
  /** The line of the target's own that packages have made it for, at several places. */
  readonly served: CodeLocation | undefined;
  readonly holder: LiveHolder | undefined;
  readonly locator: SourceLocator;
  /** The location is where it was added to the holder, not where it was made. */
  readonly added: boolean;
}

/** One sentence: what is made, where, and what keeps it. */
function describe({ site, metric, rate, growth, location, served, holder, locator, added }: Description): string {
  const { kind, what } = site;
  const [made, missing] = words[kind] ?? [added ? 'added' : 'made', 'stay alive'];
  const at = location === undefined ? '' : ` at ${locator.placeWords(location)}`;
  const place = served === undefined ? at && ` ${made}${at}` : ` ${made} for ${locator.placeWords(served)}, most${at},`;
  const subject = `${what.charAt(0).toUpperCase()}${what.slice(1)}${place}`;
  if (rate === undefined && metricDefinition(metric)?.unit === 'B') {
    // Keys are what keeps their entries.
    const isItself = holder !== undefined && what.includes(`\`${holder.description}\``);
    const keeper = holder === undefined || isItself ? '' : `, kept by \`${holder.description}\`,`;
    return `${subject}${keeper} grow by ${Math.round(growth)} B a cycle`;
  }
  const amount = `${Number((rate ?? growth).toPrecision(2))} a cycle`;
  return holder === undefined || words[kind] !== undefined
    ? `${subject} ${missing}: ${amount}`
    : `${subject} (${amount}) are kept by \`${holder.description}\``;
}
