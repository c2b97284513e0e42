import path from 'node:path';
import type { CodeLocation, Suspect } from '../model/run-record.js';
import type { LiveHolder, LiveSite, RuntimeReading, StackFrame } from '../model/runtime.js';
import type { Lead, LeadEvidence } from './lead.js';
import { isMultiple } from './lead-joins.js';
import type { EvidenceRound } from './session.js';
import { addSlopes, haveSimilarSize, keepsGrowing, type Point, type Slope, slopeOf } from './slope.js';
import type { SourceLocator } from './source-locator.js';

/** A type that fits, or a rate that does; a rate that is a multiple needs more beside it. */
const leastScore = 2;

export interface MetricGrowth {
  readonly slope: Slope;
  readonly points: readonly Point[];
}

export interface GrownSite {
  readonly site: LiveSite;
  readonly metrics: ReadonlyMap<string, MetricGrowth>;
  /** Things that come each cycle; absent where their number stays and only their size grows. */
  readonly rate: number | undefined;
}

interface GrownHolder {
  readonly holder: LiveHolder;
  readonly rate: number;
}

/** Leads from what a runtime other than Node reports of itself: what stays alive, where it was made, who holds it. */
export function runtimeLeads(rounds: readonly EvidenceRound[], locator: SourceLocator): Lead[] {
  const holders = grownHolders(rounds);
  const byHolder = new Map<GrownHolder | GrownSite, GrownSite[]>();
  for (const grown of withoutEchoes(grownSites(rounds))) {
    const key = holderOf(grown, holders) ?? grown;
    byHolder.set(key, [...(byHolder.get(key) ?? []), grown]);
  }
  return Array.from(byHolder, ([key, sites]) => leadOf(sites, 'holder' in key ? key.holder : undefined, locator));
}

function grownSites(rounds: readonly EvidenceRound[]): GrownSite[] {
  return seriesOf(rounds, ({ sites }) => sites).flatMap(({ latest: site, pointsOf }): GrownSite[] => {
    const metrics = new Map<string, MetricGrowth>();
    for (const metric of Object.keys(site.live)) {
      const growth = growthOf(pointsOf(({ live }) => live[metric] ?? 0));
      if (growth !== undefined) metrics.set(metric, growth);
    }
    const rate = growthOf(pointsOf(({ count }) => count))?.slope.estimate;
    return metrics.size === 0 ? [] : [{ site, metrics, rate }];
  });
}

/**
 * Runtimes hand memory of what the library has just freed to new things without another record of where those were made.
 * What only the library seems to make is left out where the target's own code makes more of the same.
 */
function withoutEchoes(sites: readonly GrownSite[]): readonly GrownSite[] {
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

/** Of the target: written by its authors, or in a package that they use. */
function isTargets(frame: StackFrame): boolean {
  return frame.isOwn || frame.package !== undefined;
}

function grownHolders(rounds: readonly EvidenceRound[]): GrownHolder[] {
  return seriesOf(rounds, ({ holders }) => holders).flatMap(({ latest: holder, pointsOf }): GrownHolder[] => {
    const growth = growthOf(pointsOf(({ entries }) => entries));
    return growth === undefined ? [] : [{ holder, rate: growth.slope.estimate }];
  });
}

interface EntrySeries<Entry> {
  /** As it was read last. */
  readonly latest: Entry;
  /** One for each round that was read; where the entry was not there, the value is 0. */
  pointsOf(value: (entry: Entry) => number): Point[];
}

export function seriesOf<Entry extends { readonly key: string }>(
  rounds: readonly EvidenceRound[],
  entriesOf: (reading: RuntimeReading) => readonly Entry[],
): EntrySeries<Entry>[] {
  const read = rounds.flatMap(({ cycles, runtime }) =>
    runtime === undefined ? [] : [{ cycles, entries: new Map(entriesOf(runtime).map((entry) => [entry.key, entry])) }],
  );
  const last = read.at(-1)?.entries ?? new Map<string, Entry>();
  return Array.from(last.values(), (latest) => ({
    latest,
    pointsOf: (value) =>
      read.map(({ cycles, entries }): Point => {
        const entry = entries.get(latest.key);
        return [cycles, entry === undefined ? 0 : value(entry)];
      }),
  }));
}

function growthOf(points: readonly Point[]): MetricGrowth | undefined {
  const slope = slopeOf(points);
  return slope === undefined || !keepsGrowing(points) ? undefined : { slope, points };
}

/** Whose entries come as fast as what the site makes, and are of its type. */
function holderOf({ site, rate }: GrownSite, holders: readonly GrownHolder[]): GrownHolder | undefined {
  const known = holders.find(({ holder }) => holder.key === site.heldBy);
  if (known !== undefined) return known;
  const scored = holders.map((candidate) => ({ candidate, score: likeness(site, rate, candidate) }));
  const best = scored.sort((one, other) => other.score - one.score)[0];
  return best === undefined || best.score < leastScore ? undefined : best.candidate;
}

function likeness(site: LiveSite, rate: number | undefined, { holder, rate: entriesRate }: GrownHolder): number {
  if (rate === undefined) return 0;
  const typeFits = site.type !== undefined && site.type === holder.type;
  if (haveSimilarSize(rate, entriesRate)) return typeFits ? 4 : 2;
  const isWhole = isMultiple(rate, entriesRate) || isMultiple(entriesRate, rate);
  return isWhole && typeFits ? 3 : 0;
}

export function leadOf(sites: readonly GrownSite[], holder: LiveHolder | undefined, locator: SourceLocator): Lead {
  const evidence = new Map<string, LeadEvidence>();
  for (const metric of new Set(sites.flatMap(({ metrics }) => [...metrics.keys()]))) {
    evidence.set(metric, evidenceOf(metric, sites, holder, locator));
  }
  return {
    evidence,
    rates: sites.flatMap(({ rate }) => rate ?? []),
    ...(holder !== undefined && { holder: describeHolder(holder, locator) }),
  };
}

/** Sites that one holder keeps are one leak: together they grow, and the largest says where. */
function evidenceOf(
  metric: string,
  sites: readonly GrownSite[],
  holder: LiveHolder | undefined,
  locator: SourceLocator,
): LeadEvidence {
  const grown = sites
    .flatMap(({ site, rate, metrics }) => {
      const growth = metrics.get(metric);
      return growth === undefined ? [] : [{ site, rate, growth }];
    })
    .sort((one, other) => other.growth.slope.estimate - one.growth.slope.estimate);
  const [{ site, rate, growth }] = grown as [(typeof grown)[number]];
  const stack = locate(site.stack, locator);
  const location = placeOf(site.kind, stack);
  return {
    kind: holder !== undefined && site.kind === 'allocation-site' ? 'retainer' : site.kind,
    slope: grown.map((one) => one.growth.slope).reduce(addSlopes),
    description: describe({ site, rate, growth: growth.slope.estimate, location, holder, locator }),
    series: growth.points,
    ...(location !== undefined && { location, stack }),
  };
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
  /** Things that come each cycle; absent where only their size grows. */
  readonly rate: number | undefined;
  /** Of the metric, a cycle. */
  readonly growth: number;
  readonly location: CodeLocation | undefined;
  readonly holder: LiveHolder | undefined;
  readonly locator: SourceLocator;
}

/** One sentence: what is made, where, and what keeps it. */
function describe({ site: { kind, what }, rate, growth, location, holder, locator }: Description): string {
  const [made, missing] = words[kind] ?? ['made', 'stay alive'];
  const place = location === undefined ? '' : ` ${made} at ${locator.placeWords(location)}`;
  const subject = `${what.charAt(0).toUpperCase()}${what.slice(1)}${place}`;
  if (rate === undefined && kind === 'allocation-site') return `${subject} grow by ${Math.round(growth)} B a cycle`;
  const amount = `${Number((rate ?? growth).toPrecision(2))} a cycle`;
  return holder === undefined || words[kind] !== undefined
    ? `${subject} ${missing}: ${amount}`
    : `${subject} (${amount}) are kept by \`${holder.description}\``;
}
