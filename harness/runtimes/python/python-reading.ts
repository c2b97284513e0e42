import path from 'node:path';
import type { EntryExpiry } from '../../model/run-log.js';
import type { LiveHolder, LiveSite, RuntimeReading } from '../../model/runtime.js';
import type { OwnCode, PythonFrame } from './own-code.js';

/** Where a place is, without the functions. */
type PythonPlace = readonly (readonly [file: string, line: number])[];

interface PythonSite {
  readonly stack: readonly PythonFrame[];
  readonly bytes: number;
  readonly count: number;
  readonly type?: string;
}

/** An open descriptor, a thread, a task or a process. */
interface PythonThing {
  readonly kind: 'fd' | 'thread' | 'call' | 'file' | 'process';
  readonly metrics: readonly string[];
  /** The type of what is open, the command of a process, the function of a thread, or that of a task and where it waits. */
  readonly what: string;
  readonly count: number;
  readonly stack: readonly PythonFrame[];
}

interface PythonHolder {
  /** From a module or a running function to the container. */
  readonly path: readonly string[];
  readonly entries: number;
  readonly type: string | null;
  readonly container: string;
  /** Beside the container: its own, of its owner, of its module. */
  readonly numbers: readonly (readonly [name: string, value: number, isNear: boolean, isCompared?: true])[];
  /** The stack that made most of its entries; in the last reading only, like what follows. */
  readonly entriesMadeAt?: PythonPlace | null;
  /** Stacks that made what hangs on its entries. */
  readonly places?: readonly PythonPlace[];
  readonly bytesPerEntry?: number;
  /** The bytes are all that its entries keep, not a part of it. */
  readonly isWhole?: boolean;
  /** The only line that adds to it. */
  readonly addedAt?: PythonFrame | null;
  /** What says that its entries go by themselves, and for how long they are still kept, ms; absent of what is no container. */
  readonly expiry?: readonly [name: string, inMs: number | null] | null;
}

/** The answer of the agent to `evidence`. */
export interface PythonReading {
  readonly sites: readonly PythonSite[];
  readonly things: readonly PythonThing[];
  readonly holders: readonly PythonHolder[];
  /** Automatic collection is on. */
  readonly collects: boolean;
}

const collectionIsOff =
  'the target has switched garbage collection off: objects in cycles stay until it collects them itself';

export function runtimeReading({ sites, things, holders, collects }: PythonReading, code: OwnCode): RuntimeReading {
  const liveBytes = new Map(sites.map(({ stack, bytes }) => [keyOf(stack), bytes]));
  // Of several containers that hold the same things, the first is the one that people know.
  const keepers = new Map(
    holders.toReversed().flatMap((holder) =>
      (holder.places ?? [])
        .map(keyOf)
        .filter((place) => mayKeep(holder, liveBytes.get(place) ?? 0))
        .map((place) => [place, holder] as const),
    ),
  );
  return {
    sites: [
      ...sites.map((site) => allocationSite(site, keepers.get(keyOf(site.stack)), code)),
      ...things.map((thing) => openSite(thing, keepers.get(keyOf(thing.stack)), code)),
    ],
    holders: holders.map((holder) => holderOf(holder, code)),
    warnings: collects ? [] : [collectionIsOff],
  };
}

/** Of what is alive, what the entries must account for that keep it. */
const keptShareMin = 0.5;

/** A few small entries do not keep what many have made in the same place. */
function mayKeep({ entries, bytesPerEntry = 0, isWhole }: PythonHolder, bytes: number): boolean {
  return !isWhole || entries * bytesPerEntry >= keptShareMin * bytes;
}

function keyOf(place: readonly (readonly [file: string, line: number, ...rest: unknown[]])[]): string {
  return place.map(([file, line]) => `${file}:${line}`).join(' < ');
}

function allocationSite(
  { stack, bytes, count, type: ownType }: PythonSite,
  keeper: PythonHolder | undefined,
  code: OwnCode,
): LiveSite {
  const type = keeper?.type ?? ownType;
  return {
    key: keyOf(stack),
    live: { heapUsed: bytes, objects: count },
    count,
    kind: 'allocation-site',
    what: type === undefined ? 'objects' : `\`${type}\` objects`,
    ...(type !== undefined && { type }),
    ...heldBy(keeper),
    ...(keeper?.entriesMadeAt && keyOf(keeper.entriesMadeAt) === keyOf(stack) && { makesEntries: true as const }),
    stack: stack.map((frame) => code.frame(frame)),
  };
}

function openSite({ kind, metrics, what, count, stack }: PythonThing, keeper: PythonHolder | undefined, code: OwnCode) {
  return {
    key: `${kind} ${metrics.join()} ${what} ${keyOf(stack)}`,
    live: Object.fromEntries(metrics.map((metric) => [metric, count])),
    count,
    kind,
    what: wordsFor(kind, what),
    ...heldBy(keeper),
    stack: stack.map((frame) => code.frame(frame)),
  } satisfies LiveSite;
}

function wordsFor(kind: PythonThing['kind'], what: string): string {
  if (kind === 'fd') return `\`${what}\` objects`;
  if (kind === 'file') return what;
  if (kind === 'process') return `child processes \`${what}\``;
  if (kind === 'thread') return `threads that run \`${what}\``;
  const [name, file, line] = what.split('|');
  const place = file === undefined ? '' : ` (waiting at ${path.basename(file)}:${line})`;
  return `tasks of \`${name}\`${place}`;
}

function heldBy(keeper: PythonHolder | undefined): Pick<LiveSite, 'heldBy'> {
  return keeper === undefined ? {} : { heldBy: expressionOf(keeper) };
}

function expressionOf({ path: steps }: PythonHolder): string {
  return steps.join('');
}

function expiryOf([name, inMs]: readonly [string, number | null]): EntryExpiry {
  return { name, ...(inMs !== null && { inMs }) };
}

function holderOf(holder: PythonHolder, code: OwnCode): LiveHolder {
  const { path: steps, entries, type, container, numbers, bytesPerEntry, expiry, addedAt } = holder;
  const expression = expressionOf(holder);
  return {
    key: expression,
    description: expression,
    path: [...steps.slice(0, -1), `${steps.at(-1)}: ${container}`],
    entries,
    numbers: numbers.map(([name, value, isNear, isCompared]) => ({
      name,
      value,
      isNear,
      ...(isCompared && { isCompared }),
    })),
    ...(bytesPerEntry !== undefined && { bytesPerEntry }),
    ...(addedAt && { addedAt: code.frame(addedAt) }),
    // The agent looks for what takes entries out of a container.
    ...(expiry !== undefined && { expiry: expiry && expiryOf(expiry) }),
    ...(type !== null && { type }),
  };
}
