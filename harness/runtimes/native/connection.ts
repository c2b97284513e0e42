import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { MetricValues } from '../../model/agent-protocol.js';
import type { ProcessFacts, RuntimeConnection, RuntimeReading } from '../../model/runtime.js';
import { identityOf } from '../../platform/process-identity.js';
import { readGoBuildInfo } from '../go/build-info.js';
import { mergeReadings } from '../merge-readings.js';
import { type AllocationCounts, ownerOfCounterFile, readCounts, readRecording, setRecording } from './counter-file.js';
import { kindOfName } from './executables.js';
import { readEvidence } from './recorded-evidence.js';
import { findLineTools, Symboliser } from './symbolise.js';

/** From C, C++ or Rust. What Go links in of C is its own: it names the lines of the target itself. */
function isCompiledByUser(executable: string): boolean {
  return kindOfName(executable) === 'native' && readGoBuildInfo(executable) === undefined;
}

/** The counters of one process, and what it recorded. */
export class NativeConnection implements RuntimeConnection {
  private symboliser: Promise<Symboliser> | undefined;
  /** B that each site had alive before the first cycle, in the order of the recording. */
  private readonly bytesBefore: readonly number[];

  constructor(
    private readonly path: string,
    private readonly facts: ProcessFacts,
    private readonly directory: string,
    isRecorded: boolean,
  ) {
    this.bytesBefore = isRecorded ? readRecording(path).sites.map(({ bytes }) => bytes) : [];
  }

  async floor() {
    const { liveBytes, liveBlocks } = this.counts();
    return { nativeUsed: liveBytes, allocations: liveBlocks };
  }

  counts(): AllocationCounts {
    this.removeLeftFiles();
    return readCounts(this.path);
  }

  load() {
    return this.floor();
  }

  async beginRecording() {
    setRecording(this.path, true);
  }

  /** What is freed meanwhile is seen. */
  async withoutRecording<Result>(step: () => Promise<Result> | undefined): Promise<Result | undefined> {
    setRecording(this.path, false);
    try {
      return await step();
    } finally {
      setRecording(this.path, true);
    }
  }

  async evidence(): Promise<RuntimeReading> {
    this.symboliser ??= findLineTools().then((lineTools) => new Symboliser(lineTools));
    const { pid, executable, workingDirectory = '/' } = this.facts;
    const allocator = readCounts(this.path);
    const evidence = await readEvidence(readRecording(this.path), {
      pid,
      workingDirectory,
      bytesBefore: this.bytesBefore,
      isUsersOwn: executable !== undefined && isCompiledByUser(executable),
      symboliser: await this.symboliser,
    });
    return { ...evidence, allocator };
  }

  async close() {}

  /** Of children that were killed: they could not remove theirs. */
  private removeLeftFiles(): void {
    for (const name of readdirSync(this.directory)) {
      const pid = ownerOfCounterFile(name);
      if (pid !== undefined && identityOf(pid) === undefined) rmSync(join(this.directory, name), { force: true });
    }
  }
}

/**
 * A process of a runtime that maps its own heap, with the blocks that C code has allocated in it. Its mappings are that
 * heap, and its threads and descriptors are the runtime's to report.
 */
export class ConnectionWithBlocks implements RuntimeConnection {
  constructor(
    private readonly runtime: RuntimeConnection,
    private readonly native: NativeConnection,
    private readonly metric: 'nativeUsed' | 'heapUsed',
  ) {}

  async floor(): Promise<MetricValues> {
    const values = await this.runtime.floor();
    if (this.metric === 'heapUsed') return values;
    const { liveBytes, mappedBytes } = this.native.counts();
    return { ...values, nativeUsed: liveBytes - mappedBytes };
  }

  async beginRecording(): Promise<void> {
    await this.runtime.beginRecording?.();
    await this.native.beginRecording();
  }

  async evidence(options: { readonly isLast: boolean }): Promise<RuntimeReading> {
    const { sites, ...rest } = await this.native.evidence();
    const blocks = sites.flatMap(({ live, ...site }) =>
      live.nativeUsed === undefined ? [] : [{ ...site, live: { [this.metric]: live.nativeUsed } }],
    );
    // What it allocates to look at itself is no growth, and recording that took Python ten times as long.
    const own = await this.native.withoutRecording(() => this.runtime.evidence?.(options));
    return mergeReadings([...(own === undefined ? [] : [own]), { ...rest, sites: blocks }]);
  }

  async close(): Promise<void> {
    await this.runtime.close();
    await this.native.close();
  }
}
