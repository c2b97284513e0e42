import type { RawFrame } from '../../model/attribution-protocol.js';
import type { CodeLocation } from '../../model/run-record.js';
import { isOwn } from '../source/own-caller.js';
import { sourceAt } from '../source/source-excerpt.js';
import type { SourceLocator } from '../source/source-locator.js';
import { findCall, functionExtent, type SourceExtent } from '../source/source-search.js';

/** As many functions of a stack are looked at, and more up to the first that is the target's own. */
const innerFrames = 12;

/** A function on the stack of a site, in its source. */
export interface SiteFunction {
  readonly location: CodeLocation;
  readonly extent: SourceExtent;
}

/** Innermost first. */
export function functionsOf(frames: readonly RawFrame[], locator: SourceLocator): SiteFunction[] {
  const locations = frames.flatMap((frame) => locator.locate(frame) ?? []);
  const count = Math.max(innerFrames, locations.findIndex(isOwn) + 1);
  return locations.slice(0, count).map((location) => {
    const start = { line: location.line, column: location.column ?? 1 };
    return { location, extent: functionExtent(locator.linesOf(location.file), start) };
  });
}

export function isWithin({ location, extent }: SiteFunction, { file, line }: CodeLocation): boolean {
  return location.file === file && line >= extent.first && line <= extent.last;
}

export function withSource(lines: readonly string[], { line, column }: { line: number; column: number }) {
  return { line, column, ...sourceAt(lines, { line, column }) };
}

/** Callers are shown where they call, as far as their source shows. */
export function stackFrom(
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
