import type { LiveSite, StackFrame } from '../../model/runtime.js';
import type { GrownSite } from '../evidence/runtime-growth.js';

/** Of the target: written by its authors, or in a package that they use. */
export function isTargets(frame: StackFrame): boolean {
  return frame.isOwn || frame.package !== undefined;
}

/** What one line of the target's own has made, itself or through packages, is one thing: a document, a name and its entry. */
export function groupedByLine(sites: readonly GrownSite[]): GrownSite[][] {
  const groups = new Map<string, GrownSite[]>();
  for (const grown of sites) {
    const key = keyOf(grown.site);
    groups.set(key, [...(groups.get(key) ?? []), grown]);
  }
  return [...groups.values()];
}

function keyOf({ key, kind, what, isRoom, stack }: LiveSite): string {
  const own = stack.find(({ isOwn }) => isOwn);
  return own === undefined ? key : [kind, what, isRoom, own.file, own.line].join();
}

/** The line that packages have made things for at several places of theirs; undefined where it is one, or the line itself. */
export function lineServed(sites: readonly LiveSite[]): StackFrame | undefined {
  const makers = sites.flatMap(({ stack }) => stack.find(isTargets) ?? []);
  const places = new Set(makers.map(({ file, line }) => `${file}:${line}`));
  const isOfPackages = makers.every(({ isOwn }) => !isOwn);
  return isOfPackages && places.size > 1 ? sites[0]?.stack.find(({ isOwn }) => isOwn) : undefined;
}

export function isMadeByTarget({ stack }: LiveSite): boolean {
  return stack.find(isTargets)?.isOwn === true;
}

export function ownFirst(one: LiveSite, other: LiveSite): number {
  return Number(isMadeByTarget(other)) - Number(isMadeByTarget(one));
}

/** Undefined where nothing comes: only the size of what is there grows. */
export function sumOf(rates: readonly (number | undefined)[]): number | undefined {
  const known = rates.flatMap((rate) => rate ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, rate) => sum + rate);
}
