import type { GoFrame } from './own-code.js';

/** One place of the heap profile, with what it allocated and is alive. */
export interface HeapRecord {
  readonly objects: number;
  readonly bytes: number;
  /** Objects that it ever made. */
  readonly made: number;
  /** Innermost first. */
  readonly stack: readonly GoFrame[];
  /** Of the instruction that allocates in the innermost frame: a line may allocate in several ways. */
  readonly address: string;
}

export interface HeapProfile {
  /** Of `runtime.MemStats`, read before the profile was written. */
  readonly heapAllocBytes: number;
  readonly heapObjects: number;
  /** Mean bytes between two samples; 1 where every allocation was recorded. */
  readonly rateBytes: number;
  readonly records: readonly HeapRecord[];
}

/** `<live objects>: <live bytes> [<all objects>: <all bytes>] @ <addresses>` */
const recordLine = /^(\d+): (\d+) \[(\d+): \d+\] @/;
/** `#  <address>  <function>+<offset>  <file>:<line>` */
const frameLine = /^#\t0x([\da-f]+)\t(.+)\+0x[\da-f]+\t+(.+):(\d+)$/;

/**
 * Reads a heap profile in its text form (`debug=1`), with sampled values scaled to what was allocated.
 * @returns undefined when the text is something else
 */
export function parseHeapProfile(text: string): HeapProfile | undefined {
  const sampledBytes = /^heap profile: .* @ heap\/(\d+)\n/.exec(text)?.[1];
  if (sampledBytes === undefined) return undefined;
  // The head shows twice the rate, a custom of older tools.
  const rateBytes = Math.max(1, Number(sampledBytes) / 2);
  const records: (HeapRecord & { stack: GoFrame[]; address: string })[] = [];
  for (const line of text.split('\n')) {
    if (line === '# runtime.MemStats') break;
    const [, objects, bytes, made] = recordLine.exec(line) ?? [];
    if (objects !== undefined)
      records.push({
        ...scaled(Number(objects), Number(bytes), rateBytes),
        made: Number(made),
        stack: [],
        address: '',
      });
    const [, address, name, file, number] = frameLine.exec(line) ?? [];
    const record = records.at(-1);
    if (address === undefined || record === undefined) continue;
    if (record.stack.length === 0) record.address = address;
    record.stack.push({ function: name!, file: file!, line: Number(number) });
  }
  return {
    heapAllocBytes: statistic(text, 'HeapAlloc'),
    heapObjects: statistic(text, 'HeapObjects'),
    rateBytes,
    records,
  };
}

function statistic(text: string, name: string): number {
  return Number(new RegExp(`^# ${name} = (\\d+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
}

/** An allocation of mean size is sampled with probability `1 - exp(-size / rate)`. */
function scaled(objects: number, bytes: number, rateBytes: number): { objects: number; bytes: number } {
  if (rateBytes <= 1 || objects === 0) return { objects, bytes };
  const factor = 1 / (1 - Math.exp(-bytes / objects / rateBytes));
  return { objects: objects * factor, bytes: bytes * factor };
}

/** Goroutines at the head of a goroutine profile in its text form (`debug=1`). */
export function parseGoroutineCount(text: string): number | undefined {
  const count = /^goroutine profile: total (\d+)/.exec(text)?.[1];
  return count === undefined ? undefined : Number(count);
}

export interface Goroutine {
  /** `chan receive`, `IO wait`, ... */
  readonly state: string;
  /** Innermost first. */
  readonly stack: readonly GoFrame[];
  /** The `go` statement; absent for the first goroutine. */
  readonly createdBy?: GoFrame;
  /** Stacks of the goroutines that it descends from, when each was left; only with `GODEBUG=tracebackancestors`. */
  readonly ancestors: readonly GoFrame[];
}

/** Reads a goroutine profile with a stack each (`debug=2`). */
export function parseGoroutines(text: string): Goroutine[] {
  return text.split(/\n\n+/).flatMap((block) => parseGoroutine(block) ?? []);
}

function parseGoroutine(block: string): Goroutine | undefined {
  const [head, ...lines] = block.split('\n');
  const state = /^goroutine \d+.*? \[([^\],]+).*\]:$/.exec(head ?? '')?.[1];
  if (state === undefined) return undefined;
  const stack: GoFrame[] = [];
  const ancestors: GoFrame[] = [];
  let createdBy: GoFrame | undefined;
  let isOfAncestor = false;
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('[originating from goroutine')) isOfAncestor = true;
    const place = /^\t(.+):(\d+)(?: \+0x[\da-f]+)?$/.exec(line);
    if (place === null) continue;
    const name = lines[index - 1] ?? '';
    const frame = { function: functionOf(name), file: place[1]!, line: Number(place[2]) };
    const isCreation = name.startsWith('created by ');
    if (isOfAncestor) {
      if (!isCreation) ancestors.push(frame);
    } else if (isCreation) createdBy = frame;
    else stack.push(frame);
  }
  return { state, stack, ancestors, ...(createdBy !== undefined && { createdBy }) };
}

/** `created by main.watch in goroutine 1` and `main.(*hub).run(0xc0000, {...})` -> the function alone. */
function functionOf(line: string): string {
  return line
    .replace(/^created by /, '')
    .replace(/ in goroutine \d+$/, '')
    .replace(/\([^()]*\)$/, '');
}
