export const workerHeap = 'workerHeapUsed';

/** Metrics whose bytes the sampling profiler shows: of the main thread, and of workers. */
export const heapMetrics: ReadonlySet<string> = new Set(['heapUsed', workerHeap]);
