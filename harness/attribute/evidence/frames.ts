import type { FrameTable, RawFrame } from '../../model/attribution-protocol.js';
import type { CodeLocation } from '../../model/run-record.js';
import { isOwn } from '../source/own-caller.js';
import type { SourceLocator } from '../source/source-locator.js';
import type { GrowingGroup } from './growing-group.js';

/** Who a frame belongs to: the target's own code and its packages, Node, plateau, or V8's builtins. */
export type FrameOwner = 'target' | 'node' | 'plateau' | 'builtin';

export function ownerOf([file]: RawFrame): FrameOwner {
  if (file === '') return 'builtin';
  if (file.startsWith('plateau:')) return 'plateau';
  return file.startsWith('node:') ? 'node' : 'target';
}

/** The stack's frames, innermost first. */
export function framesOf({ frames }: FrameTable, stack: readonly number[]): RawFrame[] {
  return stack.map((index) => frames[index]).filter((frame) => frame !== undefined);
}

/** What is left when Node, builtins and plateau are folded away. */
export function targetFrames(frames: readonly RawFrame[]): RawFrame[] {
  return frames.filter((frame) => ownerOf(frame) === 'target');
}

/** The stack without Node and plateau, in the words of the sources. */
export function locateStack(frames: readonly RawFrame[], locator: SourceLocator): CodeLocation[] {
  return targetFrames(frames).flatMap((frame) => locator.locate(frame) ?? []);
}

/** By these a listener is registered with an emitter. */
const registeringNames = /^(on|once|addListener|prependListener|prependOnceListener|addEventListener)$/;

/**
 * Where things of a group are made. What a package registers, it registers for itself, but a method of its own that does as
 * the emitter's does passes on what its caller registers: `on(event, listener) { return super.on(event, listener); }`.
 */
export function locateGroup({ kind, frames }: GrowingGroup, locator: SourceLocator): CodeLocation[] {
  const stack = locateStack(frames, locator);
  if (kind !== 'listener') return stack;
  const passesOn = (place: CodeLocation) =>
    !isOwn(place) && registeringNames.test(place.function?.split(/[ .]/).at(-1) ?? '');
  const first = stack.findIndex((place) => !passesOn(place));
  return stack.slice(Math.max(0, first));
}

/** Wrappers that stand in the place of methods of the target; what these allocate, the target would too. */
const passThrough = /^plateau:agent\/attribution-(collections|listeners|descriptors|modules)\.cjs$/;
const asyncHooks = 'node:internal/async_hooks';
/** The profiler is asked through it; the target may use it too. */
const inspector = 'node:inspector';

/**
 * True for allocations of the instruments: of plateau inside the target, of the profiler, and of Node only because
 * async resources are followed.
 */
export function isInstrument(frames: readonly RawFrame[]): boolean {
  let isAsked = false;
  for (const frame of frames) {
    const owner = ownerOf(frame);
    if (frame[0] === asyncHooks) return true;
    if (frame[0] === inspector) isAsked = true;
    if (owner === 'target') return false;
    if (owner === 'plateau') return isAsked || !(passThrough.test(frame[0]) && isWrapper(frame[3]));
  }
  return isAsked;
}

/** Names of the wrappers in those files; everything else in them is the hooks' own work. */
const wrapperNames =
  /(^|\.)(wrapper|wrappedOpen\w*|opened|set|add|push|unshift|on|addListener|prependListener|addEventListener|open|openSync|load|\w+File(Sync)?)$/;

function isWrapper(functionName: string): boolean {
  return wrapperNames.test(functionName);
}

/** Distinguishes a call stack from others. */
export function stackKey(frames: readonly RawFrame[]): string {
  return frames.map((frame) => frame.join(':')).join('\n');
}
