import { type RecordedEvent, type RecordedStructure, type RecordedValue, readRecording } from './recording-reader.js';

/** A frame as the JVM records it. */
export interface JavaFrame {
  /** `com.acme.shop.Cart$Item` */
  readonly className: string;
  readonly method: string;
  readonly line: number;
}

/** An object that was sampled when it was allocated, and is alive. */
export interface AllocationSample {
  /** `[B`, `com.acme.shop.Cart`; as a class histogram has it. */
  readonly className: string;
  /** Of an array its elements, else 1: objects of one class differ in size by nothing else. */
  readonly size: number;
  /** In ticks of the JVM's clock. */
  readonly allocatedAt: number;
  /** Innermost first. */
  readonly stack: readonly JavaFrame[];
}

export interface StartedThread {
  readonly name: string;
  /** Of the thread that started it, innermost first. */
  readonly stack: readonly JavaFrame[];
}

export interface Recorded {
  /** As of the last dump. */
  readonly samples: readonly AllocationSample[];
  /** Started since the recording began, and not ended. */
  readonly threads: readonly StartedThread[];
}

const sampleEvent = 'jdk.OldObjectSample';
const startEvent = 'jdk.ThreadStart';
const endEvent = 'jdk.ThreadEnd';
/** A class file holds lines of 16 bits. */
const linesMax = 65_535;
const elementsMax = 2 ** 31 - 1;
const wantedEvents = new Set([sampleEvent, startEvent, endEvent]);

export function readRecorded(bytes: Buffer): Recorded {
  const events = readRecording(bytes, wantedEvents);
  const samples = events.filter(({ type }) => type === sampleEvent);
  // Each dump writes all live samples, and the recording keeps those of the dumps before.
  const lastChunk = samples.at(-1)?.chunk;
  return {
    samples: samples.filter(({ chunk }) => chunk === lastChunk).map(sampleOf),
    threads: runningThreads(events),
  };
}

function sampleOf(event: RecordedEvent): AllocationSample {
  const object = structure(event.get('object'));
  const elements = Number(event.get('arrayElements') ?? 0);
  return {
    className: classNameOf(object?.get('type') ?? null),
    // Of what is no array, a negative number of 32 bits.
    size: elements > 0 && elements <= elementsMax ? elements : 1,
    allocatedAt: Number(event.get('allocationTime') ?? 0),
    stack: stackOf(event),
  };
}

function runningThreads(events: readonly RecordedEvent[]): StartedThread[] {
  const running = new Map<number, StartedThread>();
  for (const event of events) {
    const thread = structure(event.get(event.type === startEvent ? 'thread' : 'eventThread'));
    const id = Number(thread?.get('javaThreadId') ?? 0);
    if (event.type === endEvent) running.delete(id);
    else if (event.type === startEvent && id > 0)
      running.set(id, { name: text(thread?.get('javaName') ?? null), stack: stackOf(event) });
  }
  return [...running.values()];
}

/** Thousands of samples share a few stacks. */
const knownStacks = new WeakMap<RecordedStructure, readonly JavaFrame[]>();

function stackOf(event: RecordedStructure): readonly JavaFrame[] {
  const trace = structure(event.get('stackTrace'));
  if (trace === undefined) return [];
  const known = knownStacks.get(trace) ?? readStack(trace);
  knownStacks.set(trace, known);
  return known;
}

function readStack(trace: RecordedStructure): readonly JavaFrame[] {
  const frames = trace.get('frames');
  if (!Array.isArray(frames)) return [];
  return frames.flatMap((value): JavaFrame[] => {
    const frame = structure(value);
    const method = structure(frame?.get('method') ?? null);
    const line = Number(frame?.get('lineNumber') ?? 0);
    // What the JVM generates (calls of lambdas) has no lines: 0, or -1 as 32 bits.
    if (method === undefined || line <= 0 || line > linesMax) return [];
    return [{ className: classNameOf(method.get('type')), method: text(method.get('name')), line }];
  });
}

function classNameOf(value: RecordedValue): string {
  return text(structure(value)?.get('name') ?? null).replaceAll('/', '.');
}

function structure(value: RecordedValue): RecordedStructure | undefined {
  return typeof value === 'object' && value !== null && 'get' in value ? value : undefined;
}

/** A symbol is a structure around its text. */
function text(value: RecordedValue): string {
  if (typeof value === 'string') return value;
  const inner = structure(value)?.get('string');
  return typeof inner === 'string' ? inner : '';
}
