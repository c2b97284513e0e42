import type { FrameTable, RawFrame } from '../../model/attribution-protocol.js';
import type { CodeLocation } from '../../model/run-record.js';
import type { SourceLocator } from '../source/source-locator.js';

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
