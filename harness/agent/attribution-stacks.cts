import type { RawFrame } from '../model/attribution-protocol.js' with { 'resolution-mode': 'import' };
import { createFrameTable, ownFilePrefix } from './attribution-frames.cjs';

/** Call stacks, each kept once and named by a number; 0 is the empty one. */
export interface StackTable {
  /** The stack of the caller of `above`. Costs about a microsecond a frame. */
  capture(above: (...parameters: never[]) => unknown): number;
  /** The number of a stack that is known as frames, innermost first. */
  intern(frames: Iterable<RawFrame>): number;
  /** Has a frame of the target's own code or of a package of it. */
  isOfTarget(stack: number): boolean;
  /** Has a frame of the target's own code. */
  hasOwnCode(stack: number): boolean;
  /** The innermost frame, builtins aside, is the target's: neither Node nor plateau made the call. */
  startsInTarget(stack: number): boolean;
  /** A stack is being captured; what the table itself does then must not be watched. */
  readonly busy: boolean;
  /** The stack with `caller` behind it. */
  join(stack: number, caller: number): number;
  /** Indices into `frames`. */
  framesOf(stack: number): readonly number[];
  readonly frames: readonly RawFrame[];
}

const depthLimit = 40;
const joinedDepthLimit = 80;
/** Beyond, stacks count as the empty one: memory stays bounded whatever the target does. */
const stackLimit = 20_000;

export function createStackTable(): StackTable {
  const table = createFrameTable();
  const { frames } = table;
  const stacks: (readonly number[])[] = [[]];
  const stackIndices = new Map<string, number>([['', 0]]);

  const stackIndex = (indices: readonly number[]): number => {
    const key = indices.join();
    const known = stackIndices.get(key);
    if (known !== undefined) return known;
    if (stacks.length >= stackLimit) return 0;
    stackIndices.set(key, stacks.length);
    return stacks.push(indices) - 1;
  };
  const framesOf = (stack: number) => stacks[stack] ?? [];

  const fileAt = (index: number) => frames[index]?.[0] ?? '';

  let busy = false;
  /** The tables are Maps and Arrays too: what is watched must not include them. */
  const quietly = (intern: () => number): number => {
    const before = busy;
    busy = true;
    try {
      return intern();
    } finally {
      busy = before;
    }
  };
  return {
    frames,
    framesOf,
    get busy() {
      return busy;
    },
    capture: (above) => quietly(() => stackIndex(callSitesAbove(above).map(table.ofSite))),
    intern: (rawFrames) => quietly(() => stackIndex(Array.from(rawFrames, table.ofFrame))),
    isOfTarget: (stack) => framesOf(stack).some((index) => isOfTarget(fileAt(index))),
    hasOwnCode: (stack) =>
      framesOf(stack).some((index) => isOfTarget(fileAt(index)) && !fileAt(index).includes('/node_modules/')),
    startsInTarget: (stack) =>
      isOfTarget(
        framesOf(stack)
          .map(fileAt)
          .find((file) => file !== '') ?? '',
      ),
    join: (stack, caller) =>
      caller === 0
        ? stack
        : quietly(() => stackIndex([...framesOf(stack), ...framesOf(caller)].slice(0, joinedDepthLimit))),
  };
}

function isOfTarget(file: string): boolean {
  return file !== '' && !file.startsWith(ownFilePrefix) && !file.startsWith('node:');
}

/** The target may have its own limit and its own formatter: both are put back, and source maps are followed later. */
function callSitesAbove(above: (...parameters: never[]) => unknown): NodeJS.CallSite[] {
  const { stackTraceLimit, prepareStackTrace } = Error;
  let sites: NodeJS.CallSite[] = [];
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = depthLimit;
    Error.prepareStackTrace = (_, callSites) => {
      sites = callSites;
      return '';
    };
    Error.captureStackTrace(holder, above);
    void holder.stack;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
  return sites;
}
