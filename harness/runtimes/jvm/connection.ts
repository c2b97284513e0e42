import type { MetricValues } from '../../model/agent-protocol.js';
import type { RuntimeConnection, RuntimeReading } from '../../model/runtime.js';
import type { AttachedJvm } from './attach.js';
import { type ClassHistogram, parseClassHistogram } from './class-histogram.js';
import type { JvmEvidence } from './evidence.js';

/** What is cleaned up after one collection goes with the next: most floors take two reads. */
const readsMax = 5;
/** Two reads of a JVM at rest differ by what attaching allocates. Measured: 0 to 2 KB. */
const toleranceBytes = 2_048;

/** A JVM, read by its diagnostic commands. */
export class JvmConnection implements RuntimeConnection {
  constructor(
    private readonly jvm: AttachedJvm,
    private readonly sources: JvmEvidence,
  ) {}

  async floor(): Promise<MetricValues> {
    const { bytes, objects, classes } = await this.settled();
    const instances = (name: string) => classes.get(name)?.instances ?? 0;
    return {
      heapUsed: bytes,
      heapObjects: objects,
      classes: instances('java.lang.Class'),
      directBuffers: instances('java.nio.DirectByteBuffer'),
      virtualThreads: instances('java.lang.VirtualThread'),
    };
  }

  async beginRecording(): Promise<void> {
    await this.sources.begin(() => this.settled());
  }

  async evidence(): Promise<RuntimeReading> {
    return this.sources.read(await this.settled());
  }

  async close(): Promise<void> {
    await this.sources.end();
  }

  /** The command collects all of the heap before it counts. */
  private async settled(): Promise<ClassHistogram> {
    let least = await this.histogram();
    for (let read = 1; read < readsMax; read += 1) {
      const next = await this.histogram();
      const isAtRest = Math.abs(least.bytes - next.bytes) <= toleranceBytes;
      if (next.bytes <= least.bytes) least = next;
      if (isAtRest) break;
    }
    return least;
  }

  private async histogram(): Promise<ClassHistogram> {
    const histogram = parseClassHistogram(await this.jvm.command('GC.class_histogram'));
    if (histogram === undefined) throw new Error('the class histogram has an unknown form');
    return histogram;
  }
}
