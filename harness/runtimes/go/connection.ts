import type { MetricValues } from '../../model/agent-protocol.js';
import type { RuntimeConnection, RuntimeReading } from '../../model/runtime.js';
import { correctAncestors } from './call-lines.js';
import { goroutineSites, groupGoroutines } from './goroutine-sites.js';
import { goroutineBytes, heapSites } from './heap-sites.js';
import type { OwnCode } from './own-code.js';
import type { ProfileName, ProfileOptions, ProfileSource } from './profile-source.js';
import { parseGoroutineCount, parseGoroutines, parseHeapProfile } from './profile-text.js';

/** A sync.Pool lets go at the second collection, a finalizer's object at the third. */
const readsMin = 3;
const readsMax = 8;
/** What two reads of a target at rest differ by: buffers of the connection that asks. Measured: 0.1 to 5 KB. */
const toleranceBytes = 1_024;

/** A Go process, read through its own profiles. */
export class GoConnection implements RuntimeConnection {
  constructor(
    private readonly source: ProfileSource,
    private readonly own: OwnCode,
  ) {}

  async floor(): Promise<MetricValues> {
    let least = await this.heap();
    for (let read = 1; read < readsMax; read += 1) {
      const next = await this.heap();
      const isAtRest = Math.abs(least.heapAllocBytes - next.heapAllocBytes) <= toleranceBytes;
      if (next.heapAllocBytes < least.heapAllocBytes) least = next;
      if (isAtRest && read + 1 >= readsMin) break;
    }
    const goroutines = parseGoroutineCount(await this.text('goroutine', { debug: 1 }));
    if (goroutines === undefined) throw new Error('the goroutine profile has an unknown form');
    return { heapUsed: least.heapAllocBytes, heapObjects: least.heapObjects, goroutines };
  }

  async evidence(): Promise<RuntimeReading> {
    const heap = await this.heap();
    // Where Go has it, this profile marks the goroutines that nothing reachable can wake.
    await this.source.read('goroutineleak', { debug: 1 });
    const goroutines = parseGoroutines(await this.text('goroutine', { debug: 2 }));
    const exact = [...heap.records, ...goroutines].flatMap(({ stack }) => stack);
    const groups = groupGoroutines(correctAncestors(goroutines, exact));
    const isSampled = heap.rateBytes > 1;
    return {
      sites: [...heapSites(heap, groups, this.own), ...goroutineSites(groups, this.own, goroutineBytes(heap))],
      holders: [],
      warnings: isSampled
        ? [
            `Go recorded one allocation in ${Math.round(heap.rateBytes / 1024)} KiB: small leaks have no line. ` +
              'Start the service with `target: { go: ... }`, or set runtime.MemProfileRate = 1 in its first init.',
          ]
        : [],
    };
  }

  async close(): Promise<void> {
    this.source.close();
  }

  private async heap() {
    const profile = parseHeapProfile(await this.text('heap', { debug: 1, collect: true }));
    if (profile === undefined || Number.isNaN(profile.heapAllocBytes))
      throw new Error('the heap profile has an unknown form');
    return profile;
  }

  private async text(name: ProfileName, options: ProfileOptions): Promise<string> {
    const text = await this.source.read(name, options);
    if (text === undefined) throw new Error(`the ${name} profile is missing`);
    return text;
  }
}
