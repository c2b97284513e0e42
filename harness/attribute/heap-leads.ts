import type { RawFrame } from '../model/attribution-protocol.js';
import type { CodeLocation, Suspect } from '../model/run-record.js';
import type { GrowingSite } from './allocation-sites.js';
import type { Lead, LeadEvidence } from './lead.js';
import { type GrowingGroup, locateStack } from './resource-leads.js';
import { siteOfHolder } from './site-of-holder.js';
import type { Slope } from './slope.js';
import type { GrownKind, HolderGrowth, SnapshotAnalysis } from './snapshot/analyse-snapshots.js';
import type { SourceLocator } from './source-locator.js';
import { findDeclaration } from './source-search.js';

export interface HeapEvidence {
  readonly analysis: SnapshotAnalysis;
  /** Cycles between the two snapshots. */
  readonly cycles: number;
  /** Ids that the snapshots give to growing collections, by the key of their group. */
  readonly collections: Readonly<Record<string, number>>;
  readonly groups: readonly GrowingGroup[];
  readonly sites: readonly GrowingSite[];
  readonly locator: SourceLocator;
}

/** Relative, of a growth that two snapshots show: what is left over from the last cycle, a table just doubled. */
const snapshotError = 0.03;
const leastBytesPerCycle = 1;
/** Tables that are this many times what they hold are what the holder keeps. */
const littleBesides = 8;
/** An entry that comes less often than this is not what comes every cycle. */
const leastOfEntries = 0.2;

/** One lead for each holder that has grown between the snapshots. */
export function heapLeads(evidence: HeapEvidence): Lead[] {
  return evidence.analysis.holders
    .filter((holder) => (heapBytesOf(holder) + holder.offHeapBytes) / evidence.cycles >= leastBytesPerCycle)
    .map((holder) => holderLead(holder, evidence));
}

function holderLead(grown: HolderGrowth, evidence: HeapEvidence): Lead {
  const { cycles, locator, analysis, collections } = evidence;
  const group = groupOf(grown, evidence);
  // The emitter is what people know; how it keeps its listeners is Node's business.
  const emitter = group?.kind === 'listener' ? analysis.paths[collections[group.key!]!] : undefined;
  const holder = emitter === undefined ? grown : { ...grown, path: emitter };
  const stack =
    group === undefined ? siteOfHolder(holder, evidence.sites, locator) : locateStack(group.frames, locator);
  const location = stack[0];
  const rate = group?.slope.estimate ?? entryRate(holder, cycles);
  const shown = (slopePerCycle: number): LeadEvidence => ({
    kind: 'retainer',
    slope: slopeWithin(slopePerCycle, group?.slope),
    description: describe(holder, group, rate, location, locator),
    ...(location !== undefined && { location, stack }),
    ...seriesOf(stack, slopePerCycle, evidence.sites),
  });
  const growth: Record<string, number> = {
    heapUsed: heapBytesOf(holder) / cycles,
    arrayBuffers: holder.offHeapBytes / cycles,
    external: holder.offHeapBytes / cycles,
    objects: holder.objects / cycles,
    ...Object.fromEntries(holder.kinds.filter(isObject).map(({ name, count }) => [`objects.${name}`, count / cycles])),
    ...(group?.kind === 'listener' && { listeners: group.slope.estimate }),
    ...timersOf(holder, cycles),
  };
  const present = Object.entries(growth).filter(([, slope]) => slope > 0);
  return {
    evidence: new Map(present.map(([metric, slope]) => [metric, shown(slope)])),
    holder: describeHolder(holder, group, location, locator),
    rates: [rate],
  };
}

/**
 * Growth that goes with the cycles. A table doubles in a step, which the judgement of the heap leaves out as well, and
 * so it counts only where there is little else: a Set of numbers.
 */
function heapBytesOf({ bytes, storageBytes }: HolderGrowth): number {
  return bytes * littleBesides >= storageBytes ? bytes : bytes + storageBytes;
}

/** The growing collection or list of listeners that the holder is, or hangs on. */
function groupOf({ ids, path: { chain, expression } }: HolderGrowth, { groups, collections }: HeapEvidence) {
  const above = new Set([...ids, ...chain]);
  const candidates = groups.filter(({ key }) => key !== undefined && above.has(collections[key] ?? -1));
  const direct = candidates.find(({ key }) => ids.includes(collections[key!]!));
  const event = (type: string) => /'(.*)'$/.exec(type)?.[1] ?? type;
  return direct ?? candidates.find(({ type }) => expression.includes(event(type))) ?? candidates[0];
}

function isObject({ type, name }: GrownKind): boolean {
  return type === 'object' && !name.startsWith('system / ');
}

function timersOf({ kinds, path: { script } }: HolderGrowth, cycles: number): Record<string, number> {
  const timeouts = kinds.find(({ name }) => name === 'Timeout');
  return timeouts === undefined || script?.startsWith('node:') !== true ? {} : { timers: timeouts.count / cycles };
}

function entriesOf({ kinds }: HolderGrowth): GrownKind[] {
  return kinds.filter(({ entries }) => entries > 0).sort((a, b) => b.entries - a.entries);
}

function entryRate(holder: HolderGrowth, cycles: number): number {
  return (entriesOf(holder)[0]?.entries ?? 0) / cycles;
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
  const touched = sites.filter(({ frames }) => frames.some((frame) => names.has(`${fileOf(frame)} ${frame[3]}`)));
  const first = touched[0];
  if (first === undefined || slopePerCycle <= 0) return {};
  const series = first.points.map(([cycles], index): [number, number] => [
    cycles,
    touched.reduce((sum, { points }) => sum + (points[index]?.[1] ?? 0), 0),
  ]);
  return { series };
}

function fileOf([file]: RawFrame): string {
  return file.startsWith('file://') ? decodeURI(file.slice('file://'.length)) : file;
}

function describe(
  holder: HolderGrowth,
  group: GrowingGroup | undefined,
  rate: number,
  location: CodeLocation | undefined,
  locator: SourceLocator,
): string {
  const place = location === undefined ? '' : ` at ${locator.shortPlace(location)}`;
  const kept = holderName(holder, group, locator);
  const amount = `${Number(rate.toPrecision(3))} a cycle`;
  if (group?.kind === 'listener')
    return `Listeners of ${group.type} added${place} are not removed (${amount}); kept by ${kept}`;
  return `${entryNoun(holder)} added${place} (${amount}) are kept by ${kept}`;
}

function entryNoun(holder: HolderGrowth): string {
  const entries = entriesOf(holder);
  const most = entries[0]?.entries ?? 0;
  const telling = entries.filter(({ entries: count }) => count >= most * leastOfEntries);
  const object = telling.find(isObject);
  if (object !== undefined) return object.name === 'Object' ? 'Objects' : `\`${object.name}\` objects`;
  const closure = telling.find(({ type }) => type === 'closure');
  if (closure !== undefined) return closure.name === '' ? 'Functions' : `Functions \`${closure.name}\``;
  if (telling.some(({ type }) => type.includes('string'))) return 'Strings';
  const largest = holder.kinds.find(isObject);
  return largest === undefined ? 'Entries' : `\`${largest.name}\` objects`;
}

function holderName(
  { path: retaining }: HolderGrowth,
  group: GrowingGroup | undefined,
  locator: SourceLocator,
): string {
  const { expression, className, script, origin } = retaining;
  const kind = group?.kind === 'listener' ? group.type.split(' ')[0]! : className;
  const file = script === undefined || origin === 'root' ? '' : locator.shortScript(script);
  const parts = [kind, file].filter((part) => part !== '' && part !== 'variable').join(' in ');
  return `\`${expression}\`${parts === '' ? '' : ` (${parts})`}`;
}

function describeHolder(
  holder: HolderGrowth,
  group: GrowingGroup | undefined,
  location: CodeLocation | undefined,
  locator: SourceLocator,
): Suspect['holder'] {
  const { steps, origin, script } = holder.path;
  const shown = group?.kind === 'listener' ? [...steps, `listeners of ${group.type}`] : [...steps];
  const [entry] = entriesOf(holder);
  if (holder.path.className === 'variable' && entry !== undefined) shown[shown.length - 1] += `: ${entry.name}`;
  if (origin === 'variable' && script !== undefined) shown[0] = `${shown[0]} (${locator.shortScript(script)})`;
  const declared = declarationOf(holder, location, locator);
  return {
    description: holderName(holder, group, locator),
    path: shown,
    ...(declared !== undefined && { location: declared }),
  };
}

/** Where the variable or field that is the holder is declared. */
function declarationOf(
  { path: { names, script, origin } }: HolderGrowth,
  location: CodeLocation | undefined,
  locator: SourceLocator,
): CodeLocation | undefined {
  const own = script === undefined || origin === 'root' ? [] : locator.sourcesOf(script);
  const near = location === undefined ? own : [location.file, ...own];
  const variable = origin === 'variable' ? names.at(-1) : undefined;
  const field = names.length > 1 || origin !== 'variable' ? names[0] : undefined;
  const find = (name: string | undefined, kind: 'variable' | 'property', files: readonly string[]) => {
    for (const file of name === undefined ? [] : files) {
      const place = findDeclaration(locator.linesOf(file), name!, kind);
      if (place !== undefined) return locator.describe({ file, ...place });
    }
    return undefined;
  };
  return find(field, 'property', near) ?? find(variable, 'variable', own);
}
