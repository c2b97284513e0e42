import { rmSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LiveHolder, RuntimeReading } from '../../model/runtime.js';
import { AttachedJvm } from './attach.js';
import type { ClassHistogram } from './class-histogram.js';
import { type Recorded, readRecorded } from './flight-recorder/allocation-samples.js';
import type { HolderGroup } from './heap-dump/holder-group.js';
import { findHeld, type Held, threadLocalStep } from './heap-dump/holders.js';
import { type Field, ObjectGraph } from './heap-dump/object-graph.js';
import { readableClass } from './java-names.js';
import { liveSites } from './live-sites.js';
import { apartFromRooms, type Counted, holderKey, roomSites } from './room-sites.js';
import { SourceFiles } from './source-files.js';

/** Only what is read here: a recording with the JDK's own settings costs more, and writes more. */
const settings = `<?xml version="1.0" encoding="UTF-8"?>
<configuration version="2.0">
${['OldObjectSample', 'ThreadStart', 'ThreadEnd']
  .map(
    (event) =>
      `  <event name="jdk.${event}"><setting name="enabled">true</setting>` +
      '<setting name="stackTrace">true</setting><setting name="cutoff">0 ns</setting></event>',
  )
  .join('\n')}
</configuration>
`;

/** A dump has the size of the live heap and takes 40 ms for each 10 MiB to read, with three times the memory. */
const heapBytesMax = 256 * 1024 * 1024;
const recordingName = 'plateau';
const nothing: Recorded = { samples: [], threads: [] };
const nothingHeld: Held = { holders: [], rooms: [] };

/**
 * Ends the recording of a plateau that died before it could.
 * @returns whether it has ended; undefined where there is none
 */
export async function closeLeftRecording(pid: number): Promise<boolean | undefined> {
  try {
    const jvm = await AttachedJvm.open(pid);
    if (!(await jvm.command('JFR.check')).includes(`name=${recordingName}`)) return undefined;
    await jvm.command(`JFR.stop name=${recordingName}`);
    return true;
  } catch {
    return false;
  }
}

/** Where the live objects of a JVM come from, and who holds them: from its flight recorder and from heap dumps. */
export class JvmEvidence {
  private readFiles: SourceFiles | undefined;
  private isRecording = false;
  private before: Counted | undefined;
  /** Of what was allocated by then, the line says where a room was made, and nothing of what has come since. */
  private beganAt = 0;
  private readonly warnings: string[] = [];
  private forgetRecording: () => void = () => undefined;

  /** @param noteRecording notes that one is about to begin, until what it returns is called */
  constructor(
    private readonly jvm: AttachedJvm,
    private readonly directory: string,
    private readonly pid: number,
    private readonly workingDirectory: string | undefined,
    private readonly noteRecording: () => () => void,
  ) {}

  /** Looked through only where a cause is looked for. */
  private get files(): SourceFiles {
    this.readFiles ??= new SourceFiles(this.workingDirectory);
    return this.readFiles;
  }

  /** @param count counts the live objects, once the recorder has made its own */
  async begin(count: () => Promise<ClassHistogram>): Promise<void> {
    await this.startRecording();
    const { samples } = await this.recorded();
    this.beganAt = Math.max(0, ...samples.map(({ allocatedAt }) => allocatedAt));
    const objects = await count();
    this.before = { objects, rooms: (await this.held(objects)).rooms };
  }

  /** What is full now was made before: the recorder runs from the first cycle on, where the service was just started. */
  async startRecording(): Promise<void> {
    if (this.isRecording) return;
    const path = this.path('settings.jfc');
    await writeFile(path, settings, { mode: 0o600 });
    this.forgetRecording = this.noteRecording();
    try {
      await this.jvm.command(`JFR.start name=${recordingName} settings=${path} dumponexit=false`);
      this.isRecording = true;
    } catch (error) {
      this.warnings.push(
        `The JVM cannot record allocations, so no line is named: ${(error as Error).message}. ` +
          'Use a Java runtime with the module jdk.jfr.',
      );
    }
  }

  async read(now: ClassHistogram): Promise<RuntimeReading> {
    const recorded = await this.recorded();
    const { holders, rooms } = await this.held(now);
    const counted: Counted = { objects: now, rooms };
    const since = { ...recorded, samples: recorded.samples.filter(({ allocatedAt }) => allocatedAt > this.beganAt) };
    return {
      sites: [
        ...liveSites(apartFromRooms(counted), apartFromRooms(this.before ?? counted), since, this.files),
        ...roomSites(counted, this.before, recorded, this.files),
      ],
      holders: [...holders, ...rooms.map(({ held }) => held)].map((group) => this.toHolder(group)),
      warnings: [...new Set(this.warnings)],
    };
  }

  async end(): Promise<void> {
    if (!this.isRecording) return;
    this.isRecording = false;
    await this.jvm.command(`JFR.stop name=${recordingName}`);
    this.forgetRecording();
  }

  private async recorded(): Promise<Recorded> {
    if (!this.isRecording) return nothing;
    const path = this.path('dump.jfr');
    try {
      await this.jvm.command(`JFR.dump name=${recordingName} filename=${path}`);
      return readRecorded(await readFile(path));
    } catch (error) {
      this.warnings.push(`The flight recording of the JVM could not be read: ${(error as Error).message}`);
      return nothing;
    } finally {
      rmSync(path, { force: true });
    }
  }

  private async held({ bytes }: ClassHistogram): Promise<Held> {
    if (bytes > heapBytesMax) {
      this.warnings.push(`The live heap of ${Math.round(bytes / 1024 ** 2)} MiB is too large to look for holders.`);
      return nothingHeld;
    }
    const path = this.path('heap.hprof');
    try {
      await this.jvm.command(`GC.heap_dump ${path}`);
      if (statSync(path).size === 0) throw new Error('the dump is empty');
      return findHeld(ObjectGraph.read(path));
    } catch (error) {
      this.warnings.push(`The heap dump of the JVM could not be read: ${(error as Error).message}`);
      return nothingHeld;
    } finally {
      rmSync(path, { force: true });
    }
  }

  private toHolder(group: HolderGroup): LiveHolder {
    const { path, root, entries, type, contents } = group;
    const field = this.namingField(group);
    const location =
      field !== undefined
        ? this.files.declarationOf(field.declaredIn, declaredName(field))
        : root.kind === 'static'
          ? this.files.declarationOf(root.className, root.field)
          : undefined;
    return {
      key: holderKey(group),
      description: field === undefined ? joined(path.slice(0, group.namedSteps)) : fieldWords(field),
      path,
      entries,
      type,
      contents,
      ...(location !== undefined && { location }),
    };
  }

  /**
   * Of what no field of the user's leads to directly, the user's own field that comes last, which is how its code calls
   * it: the way to it goes through threads, servers and cleaners.
   */
  private namingField({ isRoundabout, path, fields }: HolderGroup): Field | undefined {
    if (!isRoundabout || path.some((step) => step.startsWith(threadLocalStep))) return undefined;
    return fields.findLast(({ declaredIn }) => this.files.fileOf(declaredIn) !== undefined) ?? fields.at(-1);
  }

  private path(name: string): string {
    return join(this.directory, `jvm-${this.pid}-${name}`);
  }
}

/** `App.CARTS`, `[]`, `items` -> `App.CARTS[].items`; of what a ThreadLocal holds, the ThreadLocal comes first. */
function joined(path: readonly string[]): string {
  const start = path.findLastIndex((step) => step.startsWith(threadLocalStep));
  return path
    .slice(Math.max(0, start))
    .map((step, index) => (index === 0 || step === '[]' ? step : `.${step}`))
    .join('');
}

/** What a local class captures is a field `val$name`; what a lambda does, `arg$1`. */
const capturedByClass = /^val\$/;
const capturedByLambda = /^arg\$\d+$/;

function declaredName({ name }: Field): string {
  return name.replace(capturedByClass, '');
}

function fieldWords(field: Field): string {
  const owner = readableClass(field.declaredIn);
  return capturedByLambda.test(field.name) ? `a variable that a ${owner} captured` : `${owner}.${declaredName(field)}`;
}
