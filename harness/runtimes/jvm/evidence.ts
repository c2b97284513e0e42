import { rmSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RuntimeReading } from '../../model/runtime.js';
import { AttachedJvm } from './attach.js';
import type { ClassHistogram } from './class-histogram.js';
import { type Recorded, readRecorded } from './flight-recorder/allocation-samples.js';
import { findHeld, type Held } from './heap-dump/holders.js';
import { ObjectGraph } from './heap-dump/object-graph.js';
import { holderOf } from './holder-names.js';
import { liveSites } from './live-sites.js';
import { apartFromRooms, type Counted, roomSites } from './room-sites.js';
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
const nothingHeld: Held = { holders: [], rooms: [], largestNumbers: () => new Map() };

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
    const held = await this.held(now);
    const { holders, rooms } = held;
    const counted: Counted = { objects: now, rooms };
    const since = { ...recorded, samples: recorded.samples.filter(({ allocatedAt }) => allocatedAt > this.beganAt) };
    return {
      sites: [
        ...liveSites(apartFromRooms(counted), apartFromRooms(this.before ?? counted), since, this.files),
        ...roomSites(counted, this.before, recorded, this.files),
      ],
      holders: [...holders, ...rooms.map(({ held }) => held)].map((group) => holderOf(group, held, this.files)),
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

  private path(name: string): string {
    return join(this.directory, `jvm-${this.pid}-${name}`);
  }
}
