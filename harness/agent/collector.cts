import { setTimeout } from 'node:timers';
import v8 from 'node:v8';
import vm from 'node:vm';

export interface Collector {
  /** Collects until two reads agree within `toleranceBytes`, at most `maxReads` times; returns the reads it took. */
  settle(maxReads: number, toleranceBytes: number): Promise<number>;
  /** A planted 8 MiB is taken away: on some Node versions `gc(...)` is but a scavenge. */
  selfTest(): boolean;
}

const selfTestBytes = 8 * 1024 * 1024;
/** Finalizers and deoptimised code are let go in a macrotask, so collections in a row stay above the floor. */
const macrotaskMs = 2;

export function createCollector(): Collector {
  const collect = fullCollection();
  return {
    async settle(maxReads, toleranceBytes) {
      let before = Number.POSITIVE_INFINITY;
      collect();
      for (let read = 1; ; read += 1) {
        await new Promise((resolve) => setTimeout(resolve, macrotaskMs));
        collect();
        const used = v8.getHeapStatistics().used_heap_size;
        if (Math.abs(before - used) <= toleranceBytes || read >= maxReads) return read;
        before = used;
      }
    },
    selfTest() {
      let planted: number[] | undefined = new Array<number>(selfTestBytes / 8).fill(1.5);
      const withPlanted = v8.getHeapStatistics().used_heap_size;
      planted = planted.length > 0 ? undefined : planted;
      collect();
      return withPlanted - v8.getHeapStatistics().used_heap_size > selfTestBytes / 2;
    },
  };
}

/** `gc()` without arguments is a full collection on every Node; the global of that name is kept from the target. */
function fullCollection(): () => void {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;
  v8.setFlagsFromString('--no-expose-gc');
  return () => collect();
}
