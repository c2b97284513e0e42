import inspector from 'node:inspector';
import { setTimeout } from 'node:timers';
import type { RawFrame, RunningStack, TimeReading } from '../model/attribution-protocol.js' with {
  'resolution-mode': 'import',
};
import { readSourceMapUrls } from './attribution-source-maps.cjs';
import { createStackTable } from './attribution-stacks.cjs';
import { ask, type CallFrame, rawFrameOf } from './inspector-session.cjs';

/** What V8's CPU profiler shows. */
interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly hitCount: number;
  readonly children?: readonly number[];
  /** 1-based lines that ran. */
  readonly positionTicks?: readonly { readonly line: number; readonly ticks: number }[];
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
}

const samplingIntervalUs = 500;
/** The stacks that were seen most often. */
const stacksMax = 200;
const waiting = '(idle)';

/** Follows the main thread for `windowMs`, or longer where it is blocked. */
export async function takeTimeProfile(windowMs: number): Promise<TimeReading> {
  const session = new inspector.Session();
  session.connect();
  try {
    ask(session, 'Profiler.enable');
    ask(session, 'Profiler.setSamplingInterval', { interval: samplingIntervalUs });
    ask(session, 'Profiler.start');
    await new Promise((resolve) => setTimeout(resolve, windowMs));
    const { profile } = ask<{ profile: Profile }>(session, 'Profiler.stop');
    return { ...readingOf(profile), sourceMaps: readSourceMapUrls(session) };
  } finally {
    session.disconnect();
  }
}

function readingOf({ nodes }: Profile): Omit<TimeReading, 'sourceMaps'> {
  const callers = new Map<number, ProfileNode>();
  for (const node of nodes) for (const child of node.children ?? []) callers.set(child, node);
  const table = createStackTable();
  const busy = nodes.filter(({ callFrame, hitCount }) => hitCount > 0 && callFrame.functionName !== waiting);
  const running = [...busy]
    .sort((a, b) => b.hitCount - a.hitCount)
    .slice(0, stacksMax)
    .map(
      (node): RunningStack => ({
        stack: table.framesOf(table.intern(stackOf(node, callers))),
        samples: node.hitCount,
        lines: (node.positionTicks ?? []).map(({ line, ticks }) => [line, ticks] as const),
      }),
    );
  return { frames: table.frames, running, samples: samplesOf(nodes), busySamples: samplesOf(busy) };
}

function samplesOf(nodes: readonly ProfileNode[]): number {
  return nodes.reduce((sum, { hitCount }) => sum + hitCount, 0);
}

/** Innermost first. */
function stackOf(node: ProfileNode, callers: ReadonlyMap<number, ProfileNode>): RawFrame[] {
  const stack: RawFrame[] = [];
  for (let caller: ProfileNode | undefined = node; caller !== undefined; caller = callers.get(caller.id))
    stack.push(rawFrameOf(caller.callFrame));
  return stack;
}
