import type { CodeLocation } from '../../model/run-record.js';
import type { GrowingSite } from '../evidence/allocation-sites.js';
import { ownerOf } from '../evidence/frames.js';
import type { GrowingGroup } from '../evidence/growing-group.js';
import type { GrownKind, HolderGrowth } from '../snapshot/holders-by-path.js';
import type { SourceLocator } from '../source/source-locator.js';
import { findAddition, findCall, findDynamicImport } from '../source/source-search.js';
import { importedModules } from './known-holders.js';
import { functionsOf, isWithin, type SiteFunction, stackFrom, withSource } from './site-functions.js';

/** Sites below this share of the steepest are not looked through. */
const shareOfSteepestMin = 0.02;
/** Of a line that adds to the holder, or that wrote a function which it keeps. */
const certainScore = 3;
/** More, for a line that adds to the holder where the class of its entries is constructed on the same stack. */
const constructedScore = 4;
/** Larger files are bundles, in which one name is many things. */
const linesOfFileMax = 5_000;

/** What is known of how things come to be made. */
export interface SiteEvidence {
  readonly sites: readonly GrowingSite[];
  /** Their stacks name lines. */
  readonly groups: readonly GrowingGroup[];
  readonly locator: SourceLocator;
}

interface FoundSite {
  readonly site: GrowingSite;
  readonly stack: CodeLocation[];
  readonly score: number;
  /** The line adds to the holder, or wrote a function that it keeps. */
  readonly certain: boolean;
}

/**
 * Where what a holder keeps is added to it, when nobody saw it being added: among the growing allocation sites, the
 * function whose source speaks of the holder, or in which a function that is kept was written. The profiler knows
 * functions only: the line within is looked for in the source.
 * @returns the stack, innermost first; that of the steepest site when no source speaks of the holder
 */
export function siteOfHolder(holder: HolderGrowth, evidence: SiteEvidence): CodeLocation[] {
  const { sites, locator } = evidence;
  if (holder.path.expression === importedModules) {
    const place = importingPlace(evidence);
    if (place !== undefined) return [place];
  }
  const located = sites.filter(({ frames }) => frames.length > 0);
  const steepest = located.find(({ inTables }) => !inTables) ?? located[0];
  if (steepest === undefined) return additionAnywhere(holder, [], locator) ?? closureStack(holder, locator);
  const best = bestSite(holder, located, steepest, evidence);
  if (best?.certain === true) return best.stack;
  const site = best?.site ?? steepest;
  const functions = functionsOf(site.frames, locator);
  const elsewhere = additionAnywhere(holder, functions, locator);
  if (elsewhere !== undefined) return elsewhere;
  // A line that only speaks of a name says less than where the functions that are kept were written.
  if (closuresOf(holder).some(({ entries }) => entries > 0)) {
    const written = closureStack(holder, locator);
    if (written.length > 0) return written;
  }
  const headline = madeAt(functions[0], evidence) ?? calledAt(functions[0], site, locator);
  return best?.stack ?? stackFrom(functions, headline, locator);
}

/** The line in a function that calls what Node allocates by; the function itself would be named by its first line. */
function calledAt(
  one: SiteFunction | undefined,
  { callee }: GrowingSite,
  locator: SourceLocator,
): CodeLocation | undefined {
  const name = callee.split(/[ .]/).at(-1);
  if (one === undefined || name === undefined || name === '') return undefined;
  const lines = locator.linesOf(one.location.file);
  const call = findCall(lines, one.extent, name);
  return call === undefined ? undefined : { ...one.location, ...withSource(lines, call) };
}

/** `import()` leaves no frame of who asked: the files that are known to run are looked through. */
function importingPlace({ sites, groups, locator }: SiteEvidence): CodeLocation | undefined {
  const frames = [...sites, ...groups].flatMap((one) => one.frames.filter((frame) => ownerOf(frame) === 'target'));
  const files = new Set(frames.flatMap((frame) => locator.locate(frame)?.file ?? []));
  for (const file of files) {
    const place = findDynamicImport(locator.linesOf(file));
    if (place !== undefined) return locator.describe({ file, ...place });
  }
  return undefined;
}

function bestSite(
  holder: HolderGrowth,
  located: readonly GrowingSite[],
  steepest: GrowingSite,
  evidence: SiteEvidence,
): FoundSite | undefined {
  const { locator } = evidence;
  const closures = closuresOf(holder);
  const classes = classesOf(holder);
  let best: FoundSite | undefined;
  for (const site of located) {
    const share = Math.min(1, site.slope.estimate / steepest.slope.estimate);
    if (share < shareOfSteepestMin) continue;
    const functions = functionsOf(site.frames, locator);
    const weight = site.inTables ? 0.5 : 3 * share;
    const constructedAt = functions.findIndex(({ location }) => classes.has(location.function ?? ''));
    functions.forEach((one, depth) => {
      const found = lineWithin(one, holder, closures, evidence);
      if (found === undefined) return;
      const certain = found.score >= certainScore;
      const constructs = certain && constructedAt >= 0 && depth > constructedAt;
      const score = found.score + weight - depth * 0.1 + (constructs ? constructedScore : 0);
      if (best === undefined || score > best.score) {
        const headline = { ...one.location, ...found.place };
        best = {
          stack: stackFrom(functions.slice(depth), headline, locator),
          score,
          site,
          certain,
        };
      }
    });
  }
  return best;
}

/**
 * A function that only adds allocates nothing, and so is on no stack: the files of the stack, of the holder, and of the
 * class that has it as a field are looked through for the line.
 */
function additionAnywhere(
  { path: { names, script, fieldScript, origin } }: HolderGrowth,
  functions: readonly SiteFunction[],
  locator: SourceLocator,
): CodeLocation[] | undefined {
  const name = usable(names)[0];
  const own = script === undefined || origin === 'root' ? [] : locator.sourcesOf(script);
  const ofField = fieldScript === undefined ? [] : locator.sourcesOf(fieldScript);
  const files = new Set([...functions.map(({ location }) => location.file), ...own, ...ofField]);
  for (const file of name === undefined ? [] : files) {
    const lines = locator.linesOf(file);
    if (lines.length > linesOfFileMax) continue;
    const found = findAddition(lines, { first: 1, last: lines.length }, [name!]);
    if (found?.adds !== true) continue;
    const place = locator.describe({ file, line: found.line, column: found.column });
    const onStack = functions.findIndex((one) => isWithin(one, place));
    const callers = stackFrom(functions.slice(onStack < 0 ? 0 : onStack + 1), undefined, locator);
    return [place, ...callers];
  }
  return undefined;
}

/** The line in a function by which something is made that grows, as the hooks saw it. */
function madeAt(one: SiteFunction | undefined, { groups, locator }: SiteEvidence): CodeLocation | undefined {
  if (one === undefined) return undefined;
  for (const { frames } of groups) {
    for (const frame of frames) {
      const place = ownerOf(frame) === 'target' ? locator.locate(frame) : undefined;
      if (place !== undefined && isWithin(one, place)) return place;
    }
  }
  return undefined;
}

/** Of the objects that a holder holds itself: V8 calls their constructors so. */
function classesOf({ kinds }: HolderGrowth): Set<string> {
  return new Set(kinds.flatMap(({ type, name, entries }) => (type === 'object' && entries > 0 ? [name] : [])));
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

interface FoundLine {
  readonly place: Pick<CodeLocation, 'line' | 'column' | 'source'>;
  readonly score: number;
}

/**
 * A line that adds to the holder shows most, then one that adds to what has it, then one where a closure was written that
 * the holder keeps.
 */
function lineWithin(
  { location: { file }, extent }: SiteFunction,
  { path: { names } }: HolderGrowth,
  closures: readonly GrownKind[],
  { locator }: SiteEvidence,
): FoundLine | undefined {
  const lines = locator.linesOf(file);
  const wanted = usable(names);
  const own = findAddition(lines, extent, wanted.slice(0, 1));
  if (own?.adds === true) return { place: withSource(lines, own), score: 4 };
  const addition = findAddition(lines, extent, wanted);
  if (addition?.adds === true) return { place: withSource(lines, addition), score: 3.5 };
  for (const { place, entries } of closures) {
    const written = locator.locate([place!.url, place!.line, place!.column, '']);
    if (written?.file !== file || written.line < extent.first || written.line > extent.last) continue;
    return {
      place: withSource(lines, { line: written.line, column: written.column ?? 1 }),
      score: entries > 0 ? 3 : 1,
    };
  }
  return addition === undefined ? undefined : { place: withSource(lines, addition), score: 0.5 };
}

/** Every module assigns its `exports`: only where they are the holder does a line that does so add to it. */
function usable(names: readonly string[]): string[] {
  const [holder] = names;
  const says = (name: string) => name !== 'default' && (name !== 'exports' || name === holder);
  return names.filter((name) => says(name) && /^[\p{ID_Start}$_#][\p{ID_Continue}$]*$/u.test(name));
}
