import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers';
import v8 from 'node:v8';
import type { MetricValues } from '../model/agent-protocol.js' with { 'resolution-mode': 'import' };
import { onLeave } from './leaving.cjs';
import { openMallocReader } from './malloc-reader.cjs';

/** The target's own clock may be moved on. */
const realNowMs = performance.now.bind(performance);
const delayResolutionMs = 10;
/** Share by which the mean of a histogram may be off. */
const histogramError = 0.002;

export interface Readings {
  /** Everything; call right after settling. */
  floor(): MetricValues;
  /** What is cheap and allocates little. */
  load(): Promise<MetricValues>;
  /** CPU and loop delay of a time in which nothing is asked of the target. */
  idle(windowMs: number): Promise<MetricValues>;
}

/** @param mallocReader file of the addon that reads what native code has allocated */
export function createReadings(mallocReader?: string): Readings {
  const nativeUsed = openMallocReader(mallocReader);
  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
  delay.enable();
  onLeave(() => delay.disable());
  let utilization = performance.eventLoopUtilization();

  const peak = createPeak();

  let sinceMs = realNowMs();
  const resetDelay = () => {
    delay.reset();
    sinceMs = realNowMs();
  };
  const takeDelayMs = () => {
    const recordedMs = delay.count === 0 ? 0 : (delay.mean * delay.count) / 1e6;
    // A first tick only begins the first interval: what blocked the loop before it, or still does, is in none.
    const unrecordedMs = (realNowMs() - sinceMs) * (1 - histogramError) - recordedMs - delayResolutionMs;
    const usualMs = delay.count === 0 ? 0 : delay.percentile(99) / 1e6;
    resetDelay();
    return Math.max(0, Math.max(usualMs, unrecordedMs) - delayResolutionMs);
  };
  const takeUtilization = () => {
    const now = performance.eventLoopUtilization();
    const share = performance.eventLoopUtilization(now, utilization).utilization;
    utilization = now;
    return share;
  };

  return {
    floor() {
      // The heap first: every read leaves some garbage of its own.
      const heap = v8.getHeapStatistics();
      const values = heapValues(heap);
      if (nativeUsed !== undefined) values.nativeUsed = nativeUsed();
      const code = v8.getHeapCodeStatistics();
      values.heapCode = code.code_and_metadata_size + code.bytecode_and_metadata_size;
      for (const space of v8.getHeapSpaceStatistics()) {
        values[`heapSpace.${space.space_name.replace(/_space$/, '')}`] = space.space_used_size;
      }
      countResources(values);
      peak.addTo(values);
      resetDelay();
      takeUtilization();
      return values;
    },
    async load() {
      const values = heapValues(v8.getHeapStatistics());
      peak.note();
      // A loop that was blocked until now comes to its timers, and so to its delay, after this request.
      await new Promise((resolve) => setTimeout(resolve, 0));
      values.eventLoopDelay = takeDelayMs();
      values.eventLoopUtilization = takeUtilization();
      return values;
    },
    async idle(windowMs) {
      const before = process.cpuUsage();
      const startedMs = realNowMs();
      resetDelay();
      await new Promise((resolve) => setTimeout(resolve, windowMs));
      const used = process.cpuUsage(before);
      const wallMs = realNowMs() - startedMs;
      return { cpuIdle: (used.user + used.system) / 1_000 / wallMs, eventLoopDelay: takeDelayMs() };
    },
  };
}

/** V8's own record of its collections; not in the oldest Nodes that the agent may be attached to. */
type GcProfiler = InstanceType<typeof v8.GCProfiler>;

interface Peak {
  /** Takes note of the collections so far, so that no long list of them is kept. */
  note(): void;
  /** The most of the heap that was in use when a collection began, since this was called last. */
  addTo(values: MetricValues): void;
}

function createPeak(): Peak {
  let profiler: GcProfiler | undefined;
  let bytes = 0;
  const start = () => {
    profiler = typeof v8.GCProfiler === 'function' ? new v8.GCProfiler() : undefined;
    profiler?.start();
  };
  const note = () => {
    for (const { beforeGC } of profiler?.stop()?.statistics ?? [])
      bytes = Math.max(bytes, beforeGC.heapStatistics.usedHeapSize);
    start();
  };
  start();
  onLeave(() => profiler?.stop());
  return {
    note,
    addTo(values) {
      note();
      if (bytes > 0) values.peakHeapUsed = bytes;
      bytes = 0;
    },
  };
}

function heapValues(heap: v8.HeapInfo): MetricValues {
  const values: MetricValues = {
    heapUsed: heap.used_heap_size,
    heapTotal: heap.total_heap_size,
    external: heap.external_memory,
  };
  try {
    values.arrayBuffers = process.memoryUsage().arrayBuffers;
  } catch {
    // It opens a file for another of its values, and a target that leaks descriptors may have none left.
  }
  return values;
}

function countResources(values: MetricValues): void {
  const resources = process.getActiveResourcesInfo();
  values.handles = resources.length;
  for (const type of resources) values[`handles.${type}`] = (values[`handles.${type}`] ?? 0) + 1;
}
