import type { MetricValues } from '../../model/agent-protocol.js';
import type { Clock } from '../../platform/clock.js';
import { type ProcessIdentity, processKey } from '../../platform/process-identity.js';
import { hasEnded, type ProcessStat } from '../../platform/process-stat.js';
import { findProcessTree } from '../../platform/process-tree.js';
import { processUnits } from '../../platform/process-units.js';
import { ControlGroup } from './control-group.js';
import { CostLimiter } from './cost-limiter.js';
import { type CpuReading, coresBetween, readCpu } from './cpu-meter.js';
import { DescriptorKinds } from './descriptor-kinds.js';
import { machineBusyMs } from './machine-cpu.js';
import { readMemoryMap } from './memory-map.js';
import type { CpuUse, OutsideProbe, OutsideTarget, UnavailableMetric } from './outside-probe.js';
import { watchPeakMemory } from './peak-memory.js';
import { ProcessReader, type ProcessReading } from './process-reader.js';
import { residentBytesOf, sumOf } from './process-sums.js';
import { countTemporaryFiles } from './temporary-files.js';
import { UnavailableMetrics } from './unavailable-metrics.js';
import { readWasmMemory } from './wasm-memory.js';

const memoryMapShare = 0.01;
const temporaryFilesShare = 0.05;
const wasmShare = 0.02;
const treeShare = 0.005;
/** Readings at floors that cost no more are never left out. */
const freeMs = 25;
/** `stat` counts ticks of 10 ms: less would be noise. */
const cpuWindowMinMs = 100;

/** Reads `/proc`. */
export class LinuxProbe implements OutsideProbe {
  descendants: readonly ProcessIdentity[] = [];
  private readonly readers = new Map<string, ProcessReader>();
  private readonly missing = new UnavailableMetrics();
  private readonly treeLimit: CostLimiter;
  private readonly memoryMapLimit: CostLimiter;
  private readonly temporaryFilesLimit: CostLimiter;
  private readonly wasmLimit: CostLimiter;
  private hasWasm = false;
  private readonly descriptorKinds: DescriptorKinds;
  private readonly group: ControlGroup | undefined;
  private readonly killsAtFirst: number;
  private cpuTicks: number;
  private cpuAtMs: number;

  constructor(
    private readonly target: OutsideTarget,
    private readonly root: ProcessIdentity,
    private readonly clock: Clock,
  ) {
    this.treeLimit = new CostLimiter(clock);
    this.descriptorKinds = new DescriptorKinds(target.pid, new CostLimiter(clock, freeMs), this.missing);
    this.memoryMapLimit = new CostLimiter(clock, freeMs);
    this.temporaryFilesLimit = new CostLimiter(clock, freeMs);
    this.wasmLimit = new CostLimiter(clock, freeMs);
    this.group = ControlGroup.of(target.pid);
    this.killsAtFirst = this.group?.kills ?? 0;
    this.openReader(root);
    if (target.wholeTree) this.findTree();
    this.cpuAtMs = clock.monotonicMs();
    this.cpuTicks = this.sumTicks(this.readProcesses());
  }

  read({ detail }: { detail: 'light' | 'floor' }): Promise<MetricValues> {
    const values: MetricValues = { ...this.group?.read() };
    const tree = this.refreshTree(detail);
    const readings = this.readProcesses();
    this.addBasics(values, readings);
    this.addCpu(values, readings);
    if (detail === 'floor' && readings.length > 0) {
      const pids = readings.map(({ stat }) => stat.pid);
      const others = tree?.filter(({ pid }) => pid !== this.root.pid);
      if (others !== undefined) {
        values.children = others.length;
        this.descendants = others.filter((stat) => !hasEnded(stat));
      }
      this.addMemoryMaps(values, pids);
      this.descriptorKinds.add(values, pids);
      this.addTemporaryFiles(values);
      if (this.target.memoryDecides !== true) this.addWasmMemory(values);
    }
    return Promise.resolve(values);
  }

  async measureIdleCpu(windowMs: number, signal?: AbortSignal): Promise<number | undefined> {
    const before = this.readCpu();
    await this.clock.wait(windowMs, signal);
    const after = this.readCpu();
    return this.readProcesses().length === 0 || after.atMs === before.atMs ? undefined : coresBetween(before, after);
  }

  watchCpu(): () => CpuUse | undefined {
    const machineBefore = machineBusyMs();
    const before = this.readCpu();
    return () => {
      const after = this.readCpu();
      const machineAfter = machineBusyMs();
      const windowMs = after.atMs - before.atMs;
      if (windowMs <= 0 || this.readers.size === 0) return undefined;
      const targetMs = coresBetween(before, after) * windowMs;
      return machineBefore === undefined || machineAfter === undefined
        ? { targetMs, windowMs }
        : { targetMs, windowMs, machineMs: machineAfter - machineBefore };
    };
  }

  watchPeakMemory(): () => number | undefined {
    const pids = this.target.isStarted === true ? this.pids() : [];
    return watchPeakMemory(pids);
  }

  killedForMemory(): { limitBytes?: number } | undefined {
    const { kills = 0, limitBytes } = this.group ?? {};
    if (kills <= this.killsAtFirst) return undefined;
    return limitBytes === undefined ? {} : { limitBytes };
  }

  unavailable(): UnavailableMetric[] {
    return this.missing.list();
  }

  close(): void {
    for (const reader of this.readers.values()) reader.close();
    this.readers.clear();
  }

  private pids(): number[] {
    return [...this.readers.values()].map(({ identity }) => identity.pid);
  }

  private readCpu(): CpuReading {
    return readCpu(this.pids(), this.clock.monotonicMs(), { endedChildren: this.target.wholeTree });
  }

  /** The tree costs a look at every process of the machine: always at floors, in between only where it is summed over. */
  private refreshTree(detail: 'light' | 'floor'): ProcessStat[] | undefined {
    const wanted = detail === 'floor' || (this.target.wholeTree && this.treeLimit.allows(treeShare));
    return wanted ? this.treeLimit.measure(() => this.findTree()) : undefined;
  }

  private findTree(): ProcessStat[] {
    const tree = findProcessTree(this.root, this.target.runId);
    if (!this.target.wholeTree) return tree;
    const present = new Set(tree.map(processKey));
    for (const [key, reader] of this.readers) if (!present.has(key)) this.closeReader(key, reader);
    for (const stat of tree) if (!hasEnded(stat) && !this.readers.has(processKey(stat))) this.openReader(stat);
    return tree;
  }

  private openReader(identity: ProcessIdentity): void {
    try {
      this.readers.set(processKey(identity), new ProcessReader({ pid: identity.pid, startTime: identity.startTime }));
    } catch {
      // It has ended since the tree was read.
    }
  }

  private closeReader(key: string, reader: ProcessReader): void {
    reader.close();
    this.readers.delete(key);
  }

  private readProcesses(): ProcessReading[] {
    const readings: ProcessReading[] = [];
    for (const [key, reader] of this.readers) {
      const reading = reader.read();
      if (reading === undefined) this.closeReader(key, reader);
      else readings.push(reading);
    }
    return readings;
  }

  private addBasics(values: MetricValues, readings: readonly ProcessReading[]): void {
    const { pid } = this.target;
    const gone = readings.length === 0 ? `process ${pid} has ended` : undefined;
    const denied = gone ?? `/proc/${pid}/fd may not be read (another user, or not dumpable)`;
    this.missing.note(values, 'rss', residentBytesOf(readings), gone ?? '');
    this.missing.note(
      values,
      'rssAnonymous',
      sumOf(readings.map(({ anonymousBytes }) => anonymousBytes)),
      gone ?? `/proc/${pid}/statm may not be read`,
    );
    this.missing.note(values, 'threads', sumOf(readings.map(({ stat }) => stat.threads)), gone ?? '');
    this.missing.note(values, 'fds', sumOf(readings.map(({ descriptors }) => descriptors)), denied);
  }

  private addCpu(values: MetricValues, readings: readonly ProcessReading[]): void {
    const nowMs = this.clock.monotonicMs();
    const elapsedMs = nowMs - this.cpuAtMs;
    if (elapsedMs < cpuWindowMinMs || readings.length === 0) return;
    const ticks = this.sumTicks(readings);
    const seconds = Math.max(0, ticks - this.cpuTicks) / processUnits().ticksPerSecond;
    values.cpu = seconds / (elapsedMs / 1000);
    this.cpuTicks = ticks;
    this.cpuAtMs = nowMs;
  }

  /** What a child used goes over to its parent when it has been waited for: over a tree nothing is lost. */
  private sumTicks(readings: readonly ProcessReading[]): number {
    let ticks = 0;
    for (const { stat } of readings) {
      ticks += stat.userTicks + stat.systemTicks + (this.target.wholeTree ? stat.childrenTicks : 0);
    }
    return ticks;
  }

  /** The kernel stops the target's own changes to its memory map for as long as it adds this up. */
  private addMemoryMaps(values: MetricValues, pids: readonly number[]): void {
    if (this.target.memoryDecides !== true && !this.memoryMapLimit.allows(memoryMapShare)) return;
    const maps = this.memoryMapLimit.measure(() => pids.map(readMemoryMap));
    const reason = `/proc/${this.target.pid}/smaps_rollup may not be read (another user, or not dumpable)`;
    this.missing.note(values, 'pss', sumOf(maps.map((map) => map?.pssBytes)), reason);
    this.missing.note(values, 'uss', sumOf(maps.map((map) => map?.ussBytes)), reason);
  }

  /** Of a process whose heap is read from the inside, which does not show it; from its first WebAssembly module on. */
  private addWasmMemory(values: MetricValues): void {
    if (!this.wasmLimit.allows(wasmShare)) return;
    const bytes = this.wasmLimit.measure(() => readWasmMemory(this.target.pid));
    this.hasWasm ||= bytes !== undefined;
    if (this.hasWasm) values.wasmMemory = bytes ?? 0;
  }

  private addTemporaryFiles(values: MetricValues): void {
    const { temporaryDirectory } = this.target;
    if (temporaryDirectory === undefined || !this.temporaryFilesLimit.allows(temporaryFilesShare)) return;
    const files = this.temporaryFilesLimit.measure(() => countTemporaryFiles(temporaryDirectory));
    this.missing.note(values, 'tempFiles', files, `more files in ${temporaryDirectory} than can be counted`);
  }
}
