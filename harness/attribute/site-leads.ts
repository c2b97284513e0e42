import type { CodeLocation } from '../model/run-record.js';
import type { GrowingSite } from './allocation-sites.js';
import type { Lead, LeadEvidence } from './lead.js';
import { type GrowingGroup, locateStack } from './resource-leads.js';
import { type Slope, slopeOf } from './slope.js';
import type { SourceLocator } from './source-locator.js';
import { findDeclaration } from './source-search.js';

/** A site below this share of all that grows is noise. */
const leastShare = 0.003;

interface LocatedSite {
  readonly site: GrowingSite;
  readonly stack: readonly CodeLocation[];
}

/**
 * Leads where there is no heap snapshot to tell who holds what: growing collections with all that is allocated by the
 * function that fills them or for it, and the sites that are left.
 */
export function siteLeads(
  sites: readonly GrowingSite[],
  groups: readonly GrowingGroup[],
  locator: SourceLocator,
): Lead[] {
  let left: LocatedSite[] = sites
    .filter(({ steady }) => steady)
    .map((site) => ({ site, stack: locateStack(site.frames, locator) }))
    .filter(({ stack }) => stack.length > 0);
  const total = left.reduce((sum, { site }) => sum + site.slope.estimate, 0);
  const leads: Lead[] = [];
  for (const group of groups.filter(({ kind }) => kind === 'collection')) {
    const stack = locateStack(group.frames, locator);
    const filled = left.filter((located) => located.stack.some((place) => isSameFunction(place, stack[0])));
    if (stack[0] === undefined || filled.length === 0) continue;
    left = left.filter((located) => !filled.includes(located));
    leads.push(collectionLead(group, stack, stack[0], filled, locator));
  }
  const worthwhile = left.filter(({ site }) => site.slope.estimate >= total * leastShare);
  return [...leads, ...worthwhile.map((located) => siteLead(located, locator))];
}

function isSameFunction(one: CodeLocation, other: CodeLocation | undefined): boolean {
  return one.file === other?.file && baseName(one.function) === baseName(other.function);
}

/** `Store.add` as the stack tells it is `add` to the profiler. */
function baseName(functionName: string | undefined): string | undefined {
  return functionName?.split(/[ .]/).at(-1);
}

function collectionLead(
  { type, slope, key }: GrowingGroup,
  stack: readonly CodeLocation[],
  location: CodeLocation,
  filled: readonly LocatedSite[],
  locator: SourceLocator,
): Lead {
  const expression = receiverOf(location, locator);
  const name = expression === undefined ? `a ${type}` : `\`${expression}\` (${type})`;
  const points = filled[0]!.site.points.map(([cycles], index): [number, number] => [
    cycles,
    filled.reduce((sum, { site }) => sum + (site.points[index]?.[1] ?? 0), 0),
  ]);
  const rate = `${Number(slope.estimate.toPrecision(3))} a cycle`;
  const evidence: LeadEvidence = {
    kind: 'retainer',
    slope: slopeOf(points) ?? sumOf(filled),
    description: `Entries added at ${locator.shortPlace(location)} (${rate}) are kept by ${name}`,
    location,
    stack,
    series: points,
  };
  const declared = expression === undefined ? undefined : declarationOf(expression, location, locator);
  return {
    evidence: new Map([['heapUsed', evidence]]),
    rates: [slope.estimate],
    holder: {
      description: name,
      path: [`${expression ?? key ?? ''}: ${type}`],
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
    description: `What is allocated at ${locator.shortPlace(stack[0]!)} is kept: ${Math.round(site.slope.estimate)} B a cycle`,
    location: stack[0]!,
    stack,
    series: site.points,
  };
  return { evidence: new Map([['heapUsed', evidence]]), rates: [] };
}
