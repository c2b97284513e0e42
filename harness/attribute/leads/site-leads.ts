import type { CodeLocation, Suspect } from '../../model/run-record.js';
import type { GrowingSite } from '../evidence/allocation-sites.js';
import { locateGroup, locateStack } from '../evidence/frames.js';
import type { GrowingGroup } from '../evidence/growing-group.js';
import { type Slope, slopeOf } from '../evidence/slope.js';
import type { GrowingObject } from '../snapshot/analyse-snapshots.js';
import { inLocalWords } from '../source/local-name.js';
import type { SourceLocator } from '../source/source-locator.js';
import { findDeclaration } from '../source/source-search.js';
import { describeGrowth, describeHolder, nothingHeld } from './holder-words.js';
import { inKnownWords } from './known-holders.js';
import type { Lead, LeadEvidence, Wording } from './lead.js';

/** A site below this share of all that grows is noise. */
const shareMin = 0.003;

interface LocatedSite {
  readonly site: GrowingSite;
  readonly stack: readonly CodeLocation[];
}

export interface SiteEvidence {
  readonly sites: readonly GrowingSite[];
  readonly groups: readonly GrowingGroup[];
  readonly locator: SourceLocator;
  /** What a single snapshot reports of growing collections, by the key of their group. */
  readonly growing: ReadonlyMap<string, GrowingObject>;
}

/**
 * Leads where there is no pair of heap snapshots to show who holds what: growing collections and lists of listeners
 * with all that is allocated by the function that fills them or for it, and the sites that are left.
 */
export function siteLeads({ sites, groups, locator, growing }: SiteEvidence): Lead[] {
  const located: LocatedSite[] = sites
    .map((site) => ({ site, stack: locateStack(site.frames, locator) }))
    .filter(({ stack }) => stack.length > 0);
  let left = located.filter(({ site }) => site.steady);
  const total = left.reduce((sum, { site }) => sum + site.slope.estimate, 0);
  const leads: Lead[] = [];
  for (const group of groups.filter(({ kind }) => kind === 'collection' || kind === 'listener')) {
    const stack = locateGroup(group, locator);
    const filled = left.filter((located) => located.stack.some((place) => isSameFunction(place, stack[0])));
    if (stack[0] === undefined || filled.length === 0) continue;
    left = left.filter((located) => !filled.includes(located));
    const known = growing.get(group.key ?? '');
    leads.push(
      collectionLead({
        group,
        stack,
        location: stack[0],
        filled,
        tableBytes: tablesOf(located, stack[0]),
        locator,
        known,
      }),
    );
  }
  const worthwhile = left.filter(({ site }) => site.slope.estimate >= total * shareMin);
  return [...leads, ...worthwhile.map((located) => siteLead(located, locator))];
}

function isSameFunction(one: CodeLocation, other: CodeLocation | undefined): boolean {
  return one.file === other?.file && baseName(one.function) === baseName(other.function);
}

/** `Store.add` as the stack shows it is `add` to the profiler. */
function baseName(functionName: string | undefined): string | undefined {
  return functionName?.split(/[ .]/).at(-1);
}

interface FilledCollection {
  readonly group: GrowingGroup;
  readonly stack: readonly CodeLocation[];
  readonly location: CodeLocation;
  readonly filled: readonly LocatedSite[];
  readonly tableBytes: number;
  readonly locator: SourceLocator;
  readonly known: GrowingObject | undefined;
}

function collectionLead(collection: FilledCollection): Lead {
  const { group, stack, location, filled } = collection;
  const points = filled[0]!.site.points.map(([cycles], index): [number, number] => [
    cycles,
    filled.reduce((sum, { site }) => sum + (site.points[index]?.[1] ?? 0), 0),
  ]);
  const tables = collection.known?.tableBytes ?? collection.tableBytes;
  const { describe, holder } = wordsFor(collection);
  const evidence: LeadEvidence = {
    kind: 'retainer',
    slope: slopeOf(points) ?? sumOf(filled),
    tablesPerCycle: tables / Math.max(1, points.at(-1)![0]),
    describe,
    location,
    stack,
    series: points,
  };
  const shown = new Map([['heapUsed', evidence]]);
  if (group.kind === 'listener') shown.set('listeners', { ...evidence, slope: group.slope });
  return { evidence: shown, rates: [group.slope.estimate], holder };
}

function tablesOf(located: readonly LocatedSite[], place: CodeLocation): number {
  const inside = located.filter(({ stack }) => stack.some((one) => isSameFunction(one, place)));
  return inside.reduce((sum, { site }) => sum + site.tableBytes, 0);
}

/** From the snapshot where there is one, else from the line that adds. */
function wordsFor({ group, location, locator, known }: FilledCollection): {
  describe: Wording;
  holder: Suspect['holder'];
} {
  const rate = group.slope.estimate;
  if (known !== undefined) {
    const path = inLocalWords(inKnownWords(known.path), locator);
    const words = { holder: { ...nothingHeld, ...known, path }, group, rate, location, locator };
    return {
      describe: (share) => describeGrowth({ ...words, rate: rate / share }),
      holder: describeHolder(words),
    };
  }
  const expression = receiverOf(location, locator);
  const name = expression === undefined ? `a ${group.type}` : `\`${expression}\` (${group.type})`;
  const declared = expression === undefined ? undefined : declarationOf(expression, location, locator);
  const what = group.kind === 'listener' ? 'Listeners' : 'Entries';
  return {
    describe: (share) =>
      `${what} added at ${locator.shortPlace(location)} (${Number((rate / share).toPrecision(2))} a cycle) are kept by ${name}`,
    holder: {
      description: name,
      path: [`${expression ?? group.key ?? ''}: ${group.type}`],
      ...(declared !== undefined && { location: declared }),
    },
  };
}

function sumOf(filled: readonly LocatedSite[]): Slope {
  const sum = (pick: (slope: Slope) => number) => filled.reduce((total, { site }) => total + pick(site.slope), 0);
  return { estimate: sum(({ estimate }) => estimate), low: sum(({ low }) => low), high: sum(({ high }) => high) };
}

/** What the method was called on: `this.sessions` where the call is `this.sessions.set(id, session)`. */
function receiverOf({ file, line, column }: CodeLocation, locator: SourceLocator): string | undefined {
  const text = locator.linesOf(file)[line - 1] ?? '';
  const name = '[\\p{ID_Start}$_#][\\p{ID_Continue}$]*';
  const receiver = new RegExp(`(${name}(?:\\??\\.${name})*)\\??\\.$`, 'u').exec(
    text.slice(0, Math.max(0, (column ?? 1) - 1)),
  );
  return receiver?.[1];
}

function declarationOf(expression: string, { file }: CodeLocation, locator: SourceLocator): CodeLocation | undefined {
  const names = expression.split(/\??\./);
  const kind = names.length === 1 ? 'variable' : 'property';
  const place = findDeclaration(locator.linesOf(file), names.at(-1)!, kind);
  return place === undefined ? undefined : locator.describe({ file, ...place });
}

function siteLead({ site, stack }: LocatedSite, locator: SourceLocator): Lead {
  const evidence: LeadEvidence = {
    kind: 'allocation-site',
    slope: site.slope,
    describe: (share, booked = site.slope.estimate) =>
      `What is allocated at ${locator.shortPlace(stack[0]!)} is kept: ${Math.round(booked / share)} B a cycle`,
    location: stack[0]!,
    stack,
    series: site.points,
  };
  return { evidence: new Map([['heapUsed', evidence]]), rates: [] };
}
