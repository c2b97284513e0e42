import type { CodeLocation } from '../../model/run-record.js';
import type { GrowingSite } from '../evidence/allocation-sites.js';
import { locateGroup } from '../evidence/frames.js';
import type { GrowingGroup } from '../evidence/growing-group.js';
import type { Slope } from '../evidence/slope.js';
import type { SnapshotAnalysis } from '../snapshot/analyse-snapshots.js';
import type { HolderGrowth } from '../snapshot/holders-by-path.js';
import { inLocalWords, inWordsOfAddition } from '../source/local-name.js';
import { filePathOf, type SourceLocator } from '../source/source-locator.js';
import { describeGrowth, describeHolder, entriesOf, isObject, nothingHeld } from './holder-words.js';
import { handleTypeOf, inKnownWords } from './known-holders.js';
import type { Lead, LeadEvidence } from './lead.js';
import { siteOfHolder } from './site-of-holder.js';

export interface HeapEvidence {
  readonly analysis: SnapshotAnalysis;
  /** Cycles between the two snapshots. */
  readonly cycles: number;
  /** Cycles since the target started. */
  readonly allCycles: number;
  /** Ids that the snapshots give to growing collections, by the key of their group. */
  readonly collections: Readonly<Record<string, number>>;
  readonly groups: readonly GrowingGroup[];
  readonly sites: readonly GrowingSite[];
  readonly locator: SourceLocator;
}

/** Relative, of a growth that two snapshots show: what is left over from the last cycle, a table just doubled. */
const snapshotError = 0.03;
const bytesPerCycleMin = 1;
/** Entries that come less often than this are not what comes every cycle: the holder keeps one thing, which grows. */
const entryRateMin = 0.02;

/** One lead for each holder that has grown between the snapshots. */
export function heapLeads(evidence: HeapEvidence): Lead[] {
  const grown = [...evidence.analysis.holders, ...quietHolders(evidence)];
  return grown
    .filter(({ bytes, tableBytes, offHeapBytes }) => {
      const perCycle = (bytes + offHeapBytes) / evidence.cycles + tableBytes / evidence.allCycles;
      return perCycle >= bytesPerCycleMin;
    })
    .map((holder) => holderLead(holder, evidence));
}

/** Collections that grow in their tables only, which need not have been made anew between the snapshots: of numbers. */
function quietHolders({ analysis, groups, collections }: HeapEvidence): HolderGrowth[] {
  const held = new Set(analysis.holders.flatMap(({ ids }) => ids));
  return groups.flatMap(({ kind, key }) => {
    const id = kind === 'collection' && key !== undefined ? collections[key] : undefined;
    const grown = id === undefined || held.has(id) ? undefined : analysis.growing[id];
    if (id === undefined || grown === undefined) return [];
    return [{ ...nothingHeld, ids: [id], ...grown }];
  });
}

function holderLead(grown: HolderGrowth, evidence: HeapEvidence): Lead {
  const { cycles, allCycles, locator, analysis, collections } = evidence;
  const group = groupOf(grown, evidence);
  // The emitter is what people know; how it keeps its listeners is Node's business.
  const emitter = group?.kind === 'listener' ? analysis.growing[collections[group.key!]!]?.path : undefined;
  const known = inKnownWords(emitter ?? grown.path, entriesOf(grown)[0]?.name);
  const local = { ...grown, path: inLocalWords(known, locator) };
  const made = group ?? madeFor(local, evidence.groups);
  const stack = made === undefined ? siteOfHolder(local, evidence) : locateGroup(made, locator);
  const location = stack[0];
  const holder = { ...local, path: inWordsOfAddition(local.path, location, locator) };
  const rate = made === undefined ? entryRate(holder, cycles) : rateOf(grown, made, evidence);
  const words = { holder, group, rate, location, locator, isSeenMade: made !== undefined };
  const shown = (metric: string, slopePerCycle: number): LeadEvidence => ({
    kind: 'retainer',
    slope: slopeWithin(slopePerCycle, group?.slope),
    ...(metric === 'heapUsed' && { tablesPerCycle: holder.tableBytes / allCycles }),
    describe: (share) => describeGrowth({ ...words, rate: rate / share }),
    ...(location !== undefined && { location, stack }),
    ...seriesOf(stack, slopePerCycle, evidence.sites),
  });
  const growth: Record<string, number> = {
    heapUsed: holder.bytes / cycles,
    arrayBuffers: holder.offHeapBytes / cycles,
    external: holder.offHeapBytes / cycles,
    ...objectsOf(holder, cycles),
    listeners: holder.listeners / cycles + listenerRate(grown, group, rate),
    ...timersOf(grown, cycles),
  };
  const present = Object.entries(growth).filter(([metric, slope]) => slope > 0 || metric === 'heapUsed');
  return {
    evidence: new Map(present.map(([metric, slope]) => [metric, shown(metric, slope)])),
    holder: describeHolder(words),
    rates: [rate],
    ...(holder.capacity !== undefined && { capacity: { ...holder.capacity, entriesPerCycle: rate } }),
    ...(holder.expiry !== undefined && { expiry: holder.expiry }),
  };
}

/** What was added to an event of an emitter, whoever wrote that emitter: packages have their own, which no hook watches. */
function listenerRate({ path: { names } }: HolderGrowth, group: GrowingGroup | undefined, rate: number): number {
  if (group?.kind === 'listener') return group.slope.estimate;
  return names[1] === '_events' ? rate : 0;
}

/** All, and by class, as the census of live objects has them. */
function objectsOf({ classes }: HolderGrowth, cycles: number): Record<string, number> {
  const counts = Object.entries(classes).map(([name, count]) => [`objects.${name}`, count / cycles] as const);
  return { objects: counts.reduce((sum, [, count]) => sum + count, 0), ...Object.fromEntries(counts) };
}

/** The growing collection or list of listeners that the holder is, or hangs on. */
function groupOf({ ids, path: { chain, expression } }: HolderGrowth, { groups, collections }: HeapEvidence) {
  const above = new Set([...ids, ...chain]);
  const candidates = groups.filter(({ key }) => key !== undefined && above.has(collections[key] ?? -1));
  const direct = candidates.find(({ key }) => ids.includes(collections[key!]!));
  const event = (type: string) => /'(.*)'$/.exec(type)?.[1] ?? type;
  return direct ?? candidates.find(({ type }) => expression.includes(event(type))) ?? candidates[0];
}

/** Things of all the holders that are one: each of them is a collection of its own. */
function rateOf({ ids }: HolderGrowth, group: GrowingGroup, { groups, collections }: HeapEvidence): number {
  const alike = groups.filter(({ kind, key }) => kind === group.kind && ids.includes(collections[key ?? ''] ?? -1));
  return alike.length < 2 ? group.slope.estimate : alike.reduce((sum, { slope }) => sum + slope.estimate, 0);
}

/** Handles and timers that Node keeps for the target are made where the hooks saw them made. */
function madeFor({ path }: HolderGrowth, groups: readonly GrowingGroup[]): GrowingGroup | undefined {
  if (path.origin === 'root' && path.expression === 'timers') return groups.find(({ kind }) => kind === 'timer');
  const type = handleTypeOf(path);
  return type === undefined
    ? undefined
    : groups.find(({ kind, type: made }) => kind === 'handle' && made.startsWith(type));
}

function timersOf({ kinds, path: { script } }: HolderGrowth, cycles: number): Record<string, number> {
  const timeouts = kinds.find(({ name }) => name === 'Timeout');
  return timeouts === undefined || script?.startsWith('node:') !== true ? {} : { timers: timeouts.count / cycles };
}

/** What V8 keeps for itself with what is kept: tables, hidden classes, compiled code. */
const ofV8: ReadonlySet<string> = new Set(['array', 'hidden', 'object shape', 'code']);

function entryRate(holder: HolderGrowth, cycles: number): number {
  const entries = (entriesOf(holder)[0]?.entries ?? 0) / cycles;
  if (entries >= entryRateMin) return entries;
  const kept = holder.kinds.filter(({ type }) => !ofV8.has(type));
  const named = kept.find(isObject)?.count;
  return (named ?? Math.max(0, ...kept.map(({ count }) => count))) / cycles;
}

function slopeWithin(estimate: number, grouped: Slope | undefined): Slope {
  const relative = grouped === undefined ? 0 : (grouped.high - grouped.low) / 2 / grouped.estimate;
  const margin = estimate * Math.max(snapshotError, relative);
  return { estimate, low: estimate - margin, high: estimate + margin };
}

/** The curve of the sites that this lead's stack passes through, where the profiler saw them. */
function seriesOf(
  stack: readonly CodeLocation[],
  slopePerCycle: number,
  sites: readonly GrowingSite[],
): Pick<LeadEvidence, 'series'> {
  const names = new Set(stack.map((place) => `${place.file} ${place.function?.split('.').at(-1)}`));
  const touched = sites.filter(({ frames }) =>
    frames.some(([url, , , name]) => names.has(`${filePathOf(url)} ${name}`)),
  );
  const first = touched[0];
  if (first === undefined || slopePerCycle <= 0) return {};
  const series = first.points.map(([cycles], index): [number, number] => [
    cycles,
    touched.reduce((sum, { points }) => sum + (points[index]?.[1] ?? 0), 0),
  ]);
  return { series };
}
