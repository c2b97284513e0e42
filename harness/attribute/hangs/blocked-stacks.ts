import type { RawFrame } from '../../model/attribution-protocol.js';
import type { Clock } from '../../platform/clock.js';
import { InspectorClient } from '../../platform/inspector/inspector-client.js';
import { openInspector } from '../../platform/inspector/open-inspector.js';

/** Where a target was whose event loop is blocked. */
export interface BlockedReading {
  /** As often as one looked, innermost first: where each function stood. */
  readonly stacks: readonly (readonly RawFrame[])[];
  readonly sourceMaps: Readonly<Record<string, string>>;
}

const wholeTimeoutMs = 10_000;
const looks = 5;
const betweenLooksMs = 20;
/** Loops and regular expressions pause at once; a call into native code does not. */
const pauseTimeoutMs = 2_000;

interface Script {
  readonly scriptId: string;
  readonly url: string;
  readonly sourceMapURL?: string;
}

interface CallFrame {
  readonly functionName: string;
  readonly location: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber: number };
}

/**
 * Looks at a Node target that will not answer any more. Its inspector stays open: an agent in it closes it when it leaves.
 * @param pid of the process whose event loop is blocked
 * @throws {Error} when the inspector does not open, or does not answer in time
 */
export async function readBlockedStacks(pid: number, clock: Clock): Promise<BlockedReading> {
  const { url } = await openInspector(pid, clock, () => undefined);
  const client = await InspectorClient.connect(url, AbortSignal.timeout(wholeTimeoutMs));
  try {
    const urls = new Map<string, string>();
    const sourceMaps: Record<string, string> = {};
    client.on<Script>('Debugger.scriptParsed', ({ scriptId, url, sourceMapURL = '' }) => {
      urls.set(scriptId, url);
      if (sourceMapURL !== '') sourceMaps[url] = sourceMapURL;
    });
    await client.ask('Debugger.enable');
    const stacks = await pausedStacks(client, clock);
    return { stacks: stacks.map((frames) => frames.map((frame) => rawFrameOf(frame, urls))), sourceMaps };
  } finally {
    await client.close();
  }
}

async function pausedStacks(client: InspectorClient, clock: Clock): Promise<(readonly CallFrame[])[]> {
  const stacks: (readonly CallFrame[])[] = [];
  while (stacks.length < looks) {
    // Caught at once: it may be over before the target answers.
    const paused = client
      .next<{ callFrames: readonly CallFrame[] }>('Debugger.paused', AbortSignal.timeout(pauseTimeoutMs))
      .catch(() => undefined);
    await client.ask('Debugger.pause');
    const event = await paused;
    if (event === undefined) break;
    stacks.push(event.callFrames);
    await client.ask('Debugger.resume');
    await clock.wait(betweenLooksMs);
  }
  return stacks;
}

function rawFrameOf({ functionName, location }: CallFrame, urls: ReadonlyMap<string, string>): RawFrame {
  const { scriptId, lineNumber, columnNumber } = location;
  return [urls.get(scriptId) ?? '', lineNumber + 1, columnNumber + 1, functionName];
}
