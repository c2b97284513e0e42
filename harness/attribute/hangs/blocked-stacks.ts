import { readFileSync } from 'node:fs';
import type { RawFrame } from '../../model/attribution-protocol.js';
import type { RunningTarget } from '../../model/target.js';
import type { Clock } from '../../platform/clock.js';
import { InspectorClient } from '../evidence/inspector-client.js';

/** Where a target was whose event loop is blocked. */
export interface BlockedReading {
  /** As often as one looked, innermost first: where each function stood. */
  readonly stacks: readonly (readonly RawFrame[])[];
  readonly sourceMaps: Readonly<Record<string, string>>;
}

/** Node opens its inspector on this signal, from a thread of its own, unless the target listens for it. */
const wakeSignal = 'SIGUSR1';
const wakeSignalBit = 1n << 9n;
const openTimeoutMs = 3_000;
const pollMs = 50;
const wholeTimeoutMs = 10_000;
const looks = 5;
const betweenLooksMs = 20;
/** Loops and regular expressions pause at once; a call into native code does not. */
const pauseTimeoutMs = 2_000;
const announced = /Debugger listening on (ws:\/\/127\.0\.0\.1:\S+)/;

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
 * Looks at a Node target that will not answer any more. Nothing but ending it may follow: its inspector stays open.
 * @param pid of the process whose event loop is blocked
 * @returns undefined where the target keeps the signal for itself
 * @throws {Error} when the inspector does not open, or does not answer in time
 */
export async function readBlockedStacks(
  { lastLines }: Pick<RunningTarget, 'lastLines'>,
  pid: number,
  clock: Clock,
): Promise<BlockedReading | undefined> {
  if (!catchesWakeSignal(pid)) return undefined;
  process.kill(pid, wakeSignal);
  const client = await InspectorClient.connect(
    await inspectorUrl(lastLines, clock),
    AbortSignal.timeout(wholeTimeoutMs),
  );
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
    client.close();
  }
}

/** Whoever does not catch it is ended by it. */
function catchesWakeSignal(pid: number): boolean {
  const caught = /^SigCgt:\s*([\da-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return caught !== undefined && (BigInt(`0x${caught}`) & wakeSignalBit) !== 0n;
}

async function inspectorUrl(lastLines: () => readonly string[], clock: Clock): Promise<string> {
  const startedMs = clock.monotonicMs();
  while (clock.monotonicMs() - startedMs < openTimeoutMs) {
    const url = lastLines()
      .map((line) => announced.exec(line)?.[1])
      .findLast((found) => found !== undefined);
    if (url !== undefined) return url;
    await clock.wait(pollMs);
  }
  throw new Error(
    'the inspector of the blocked target did not open: the target waits in native code, or its port is taken',
  );
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
