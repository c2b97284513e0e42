import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { LiveSite, RuntimeReading, StackFrame } from '../../model/runtime.js';
import { countOfEach } from '../../platform/count-of-each.js';
import { type FileMapping, readFileMappings } from '../../platform/file-mappings.js';
import { readProcessVariable, readProcLink } from '../../platform/process-stat.js';
import { isPreload } from './build-preload.js';
import type { RecordedSite, Recording } from './counter-file.js';
import {
  firstKnownFrame,
  isForeign,
  isInterpreter,
  lacksLines,
  makesTask,
  type PlacedFrame,
  placeWords,
  stackFrameOf,
  startsThread,
} from './frames.js';
import { inodesBelow } from './made-files.js';
import { isRoom } from './rooms.js';
import type { Symboliser } from './symbolise.js';

/** By bytes and by blocks each; what has less alive explains no growth that is judged. */
const sitesMax = 500;

export interface RecordedProcess {
  readonly pid: number;
  readonly workingDirectory: string;
  /** B that each site had alive before the first cycle, in the order of the recording. */
  readonly bytesBefore: readonly number[];
  /** The user builds it, and may build it with line numbers. */
  readonly isUsersOwn: boolean;
  readonly symboliser: Symboliser;
}

/** The C library keeps a thread's stack until somebody joins it; of that only a small block is counted. */
const endedThreads = { what: 'stacks of threads that have ended and are not joined', keepsPages: true } as const;

/** Of a task the place that spawns it, in place of the package that makes it; everything else as it is. */
function taskOf(site: LiveSite): LiveSite {
  const [maker] = site.stack;
  const spawner = site.stack.findIndex(({ isOwn }) => isOwn);
  if (maker === undefined || !makesTask(maker) || spawner < 0) return site;
  return { ...site, what: 'tokio tasks', stack: site.stack.slice(spawner) };
}

/** What a stack has made: blocks of memory, open descriptors or running threads. */
type Made = Pick<LiveSite, 'live' | 'count' | 'kind' | 'what' | 'isRoom' | 'keepsPages'> & {
  readonly site: RecordedSite;
};

/** Everything that a process has made while it was recorded and that is still there, by who made it. */
export async function readEvidence(recording: Recording, process: RecordedProcess): Promise<RuntimeReading> {
  const made = [
    ...blocksIn(recording, process.bytesBefore),
    ...descriptorsIn(recording, process.pid),
    ...threadsIn(recording, process.pid),
    ...filesIn(recording, process.pid),
  ];
  const located = locateIn(process);
  const byNative = made.flatMap((entry) => {
    const places = located(entry.site.stack);
    return places[0] !== undefined && isInterpreter(places[0].module) ? [] : [{ entry, places }];
  });
  const stacks = await symbolise(
    byNative.map(({ places }) => places.filter(({ module }) => !isInterpreter(module))),
    process.symboliser,
  );
  const threads = numbersIn(`/proc/${process.pid}/task`).length;
  const sites = byNative.flatMap(({ entry }, index) => {
    const frames = stacks[index]!;
    if (frames.some(isForeign)) return [];
    const site = liveSite(entry, frames, process.workingDirectory);
    if (entry.kind !== 'allocation-site') return [site];
    if (entry.count > threads && frames.some(startsThread)) return [{ ...site, ...endedThreads }];
    return [taskOf(site)];
  });
  return { sites, holders: [], warnings: warningsOf(recording, stacks, process.isUsersOwn) };
}

function blocksIn({ sites }: Recording, bytesBefore: readonly number[]): Made[] {
  const before = new Map(sites.map((site, index) => [site, bytesBefore[index] ?? 0]));
  const alive = sites.filter(({ blocks }) => blocks > 0);
  const largest = [...alive].sort((one, other) => other.bytes - one.bytes).slice(0, sitesMax);
  const blocksMax = [...alive].sort((one, other) => other.blocks - one.blocks).slice(0, sitesMax);
  return [...new Set([...largest, ...blocksMax])].map((site) => ({
    site,
    live: { nativeUsed: site.bytes, allocations: site.blocks },
    count: site.blocks,
    kind: 'allocation-site',
    // Of mapped files no bytes are counted, but the pages that were read through them are resident.
    ...(site.bytes > 0 ? { what: 'blocks of memory' } : { what: 'mappings of files', keepsPages: true }),
    ...(isRoom(site, before.get(site)!) && { isRoom: true }),
  }));
}

function descriptorsIn({ sites, openers }: Recording, pid: number): Made[] {
  const kinds = new Map(numbersIn(`/proc/${pid}/fd`).map((descriptor) => [descriptor, kindOf(pid, descriptor)]));
  const grouped = new Map<string, { site: RecordedSite; kind: string; count: number }>();
  for (const [descriptor, kind] of kinds) {
    const index = openers.get(descriptor);
    const site = index === undefined ? undefined : sites[index];
    if (site === undefined || kind === undefined) continue;
    const key = `${index}/${kind}`;
    grouped.set(key, { site, kind, count: (grouped.get(key)?.count ?? 0) + 1 });
  }
  return Array.from(grouped.values(), ({ site, kind, count }) => ({
    site,
    live: { fds: count },
    count,
    kind: 'fd',
    what: `open ${kind}s`,
  }));
}

function threadsIn({ sites, starters }: Recording, pid: number): Made[] {
  const threads = numbersIn(`/proc/${pid}/task`).map((thread) => sites[starters.get(thread) ?? -1]);
  return counted(threads, 'threads', 'thread', 'threads');
}

function filesIn({ sites, makers }: Recording, pid: number): Made[] {
  const files = inodesBelow(readProcessVariable(pid, 'TMPDIR')).map((inode) => sites[makers.get(inode) ?? -1]);
  return counted(files, 'tempFiles', 'file', 'files');
}

function counted(
  things: readonly (RecordedSite | undefined)[],
  metric: string,
  kind: Made['kind'],
  what: string,
): Made[] {
  const counts = countOfEach(things.filter((site) => site !== undefined));
  return Array.from(counts, ([site, count]) => ({ site, live: { [metric]: count }, count, kind, what }));
}

function numbersIn(directory: string): number[] {
  return readdirSync(directory).map(Number);
}

/** `file`, `socket`, `pipe`, `eventfd`, ...; undefined for one that was closed meanwhile. */
function kindOf(pid: number, descriptor: number): string | undefined {
  const name = readProcLink(`/proc/${pid}/fd/${descriptor}`) ?? '';
  return name.startsWith('/') ? 'file' : /^(?:anon_inode:\[?)?(\w+)/.exec(name)?.[1];
}

interface Place {
  readonly module: string;
  readonly address: number;
}

/** Of each address of a stack the file that it was loaded from, and where it lies there. */
function locateIn({ pid, symboliser }: RecordedProcess): (stack: readonly bigint[]) => Place[] {
  const mappings = readFileMappings(pid);
  // A return address is that of the next instruction, which may be of another line.
  return (stack) => stack.flatMap((address) => locate(address - 1n, mappings, symboliser));
}

async function symbolise(located: readonly (readonly Place[])[], symboliser: Symboliser): Promise<PlacedFrame[][]> {
  const addresses = new Map<string, number[]>();
  for (const { module, address } of located.flat()) {
    const known = addresses.get(module);
    if (known === undefined) addresses.set(module, [address]);
    else known.push(address);
  }
  const found = new Map<string, ReadonlyMap<number, readonly { function?: string }[]>>();
  for (const [module, places] of addresses) {
    found.set(module, await symboliser.lookUp(module, places));
  }
  return located.map((places) =>
    places.flatMap(({ module, address }) =>
      (found.get(module)?.get(address) ?? []).map((frame) => ({ ...frame, module })),
    ),
  );
}

/** An address in the terms of the file that it was loaded from; nothing for generated code and for plateau's library. */
function locate(address: bigint, mappings: readonly FileMapping[], symboliser: Symboliser): Place[] {
  const mapping = mappings.find(({ start, end }) => address >= start && address < end);
  if (mapping === undefined || isPreload(mapping.path)) return [];
  const inFile = symboliser.elf(mapping.path)?.addressOf(Number(address - mapping.start + mapping.offset));
  return inFile === undefined ? [] : [{ module: mapping.path, address: inFile }];
}

function liveSite({ site: _, ...made }: Made, frames: readonly PlacedFrame[], workingDirectory: string): LiveSite {
  const stack = frames.flatMap((frame): StackFrame | [] => stackFrameOf(frame, workingDirectory) ?? []);
  const known = stack.length === 0 ? firstKnownFrame(frames) : undefined;
  const by = known === undefined ? '' : ` from ${placeWords(known)}`;
  const key = frames.map(({ module, function: name, line }) => `${basename(module)}:${name}:${line}`).join('<');
  return { ...made, key: `${made.what}<${key}`, what: `${made.what}${by}`, stack };
}

function warningsOf(
  { unrecorded }: Recording,
  stacks: readonly (readonly PlacedFrame[])[],
  isUsersOwn: boolean,
): string[] {
  return [
    ...(unrecorded > 0
      ? [`${unrecorded} allocations were not recorded: they came from too many different places`]
      : []),
    ...(isUsersOwn && lacksLines(stacks.flat()) ? [noLines] : []),
  ];
}

const noLines =
  'the target has no line numbers: build it with -g (C, C++), or with debug = "line-tables-only" in the profile of Cargo.toml';
