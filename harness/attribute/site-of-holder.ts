import type { RawFrame } from '../model/attribution-protocol.js';
import type { CodeLocation } from '../model/run-record.js';
import type { GrowingSite } from './allocation-sites.js';
import type { GrownKind, HolderGrowth } from './snapshot/analyse-snapshots.js';
import type { SourceLocator } from './source-locator.js';
import { findAddition, findCall, functionExtent, type SourceExtent } from './source-search.js';

/** Sites below this share of the steepest are not looked through. */
const leastOfSteepest = 0.02;
const mostFrames = 12;

/** A function on the stack of a site, in its source. */
interface SiteFunction {
  readonly location: CodeLocation;
  readonly extent: SourceExtent;
}

/**
 * Where what a holder keeps is added to it, when nobody saw it being added: among the growing allocation sites, the
 * function whose source speaks of the holder, or in which a function that is kept was written. The profiler knows
 * functions only: the line within is looked for in the source.
 * @returns the stack, innermost first; that of the steepest site when no source speaks of the holder
 */
export function siteOfHolder(
  holder: HolderGrowth,
  sites: readonly GrowingSite[],
  locator: SourceLocator,
): CodeLocation[] {
  const located = sites.filter(({ frames }) => frames.length > 0);
  const steepest = located.find(({ inTables }) => !inTables) ?? located[0];
  if (steepest === undefined) return closureStack(holder, locator);
  const closures = closuresOf(holder);
  let best: { stack: CodeLocation[]; score: number } | undefined;
  for (const site of located) {
    const share = Math.min(1, site.slope.estimate / steepest.slope.estimate);
    if (share < leastOfSteepest) continue;
    const functions = functionsOf(site.frames, locator);
    const weight = site.inTables ? 0.5 : 3 * share;
    functions.forEach(({ location, extent }, depth) => {
      const found = lineWithin(location, extent, holder, closures, locator);
      if (found === undefined) return;
      const score = found.score + weight - depth * 0.1;
      if (best === undefined || score > best.score) {
        best = { stack: stackFrom(functions.slice(depth), { ...location, ...found.place }, locator), score };
      }
    });
  }
  return best?.stack ?? stackFrom(functionsOf(steepest.frames, locator), undefined, locator);
}

function closuresOf({ kinds }: HolderGrowth): GrownKind[] {
  return kinds.filter(({ type, place }) => type === 'closure' && place !== undefined && !place.url.startsWith('node:'));
}

function closureStack(holder: HolderGrowth, locator: SourceLocator): CodeLocation[] {
  const closure = closuresOf(holder).sort((a, b) => b.entries - a.entries)[0];
  const { url, line, column } = closure?.place ?? { url: '', line: 0, column: 0 };
  const location = locator.locate([url, line, column, '']);
  return location === undefined ? [] : [location];
}

function functionsOf(frames: readonly RawFrame[], locator: SourceLocator): SiteFunction[] {
  return frames.slice(0, mostFrames).flatMap((frame) => {
    const location = locator.locate(frame);
    if (location === undefined) return [];
    const start = { line: location.line, column: location.column ?? 1 };
    return [{ location, extent: functionExtent(locator.linesOf(location.file), start) }];
  });
}

interface FoundLine {
  readonly place: Pick<CodeLocation, 'line' | 'column' | 'source'>;
  readonly score: number;
}

/** A line that adds to the holder tells most, then one where a closure was written that the holder keeps. */
function lineWithin(
  { file }: CodeLocation,
  extent: SourceExtent,
  { path: { names } }: HolderGrowth,
  closures: readonly GrownKind[],
  locator: SourceLocator,
): FoundLine | undefined {
  const lines = locator.linesOf(file);
  const usable = names.filter((name) => /^[\p{ID_Start}$_#][\p{ID_Continue}$]*$/u.test(name));
  const addition = findAddition(lines, extent, usable);
  if (addition !== undefined) return { place: withSource(lines, addition), score: addition.adds ? 4 : 2 };
  for (const { place, entries } of closures) {
    const written = locator.locate([place!.url, place!.line, place!.column, '']);
    if (written?.file !== file || written.line < extent.first || written.line > extent.last) continue;
    return {
      place: withSource(lines, { line: written.line, column: written.column ?? 1 }),
      score: entries > 0 ? 3 : 1,
    };
  }
  return undefined;
}

function withSource(lines: readonly string[], { line, column }: { line: number; column: number }) {
  const source = lines[line - 1]?.trim();
  return { line, column, ...(source !== undefined && { source }) };
}

/** Callers are shown where they call, as far as their source tells. */
function stackFrom(
  functions: readonly SiteFunction[],
  headline: CodeLocation | undefined,
  locator: SourceLocator,
): CodeLocation[] {
  return functions.map(({ location, extent }, index) => {
    if (index === 0) return headline ?? location;
    const callee = functions[index - 1]?.location.function?.split(/[ .]/).at(-1);
    const lines = locator.linesOf(location.file);
    const call = callee === undefined ? undefined : findCall(lines, extent, callee);
    return call === undefined ? location : { ...location, ...withSource(lines, call) };
  });
}
