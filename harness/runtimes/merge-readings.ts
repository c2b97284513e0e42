import type { MetricValues } from '../model/agent-protocol.js';
import type { LiveHolder, LiveSite, RuntimeReading } from '../model/runtime.js';

/** The values of several processes as those of one. */
export function addValues(parts: readonly MetricValues[]): MetricValues {
  const sums: MetricValues = {};
  for (const part of parts)
    for (const [metric, value] of Object.entries(part)) sums[metric] = (sums[metric] ?? 0) + value;
  return sums;
}

/** What several processes report as one reading: workers run the same code and fill the same containers, each its own. */
export function mergeReadings(readings: readonly RuntimeReading[]): RuntimeReading {
  const allocators = readings.flatMap(({ allocator }) => allocator ?? []);
  return {
    sites: mergeSites(readings.flatMap(({ sites }) => sites)),
    holders: mergeByKey(
      readings.flatMap(({ holders }) => holders),
      (one: LiveHolder, other) => ({
        ...one,
        entries: one.entries + other.entries,
        // What limits the container of one process limits that of each.
        parts: (one.parts ?? 1) + (other.parts ?? 1),
      }),
    ),
    ...(allocators.length > 0 && {
      allocator: {
        allocatedBytes: allocators.reduce((sum, { allocatedBytes }) => sum + allocatedBytes, 0),
        liveBytes: allocators.reduce((sum, { liveBytes }) => sum + liveBytes, 0),
      },
    }),
    warnings: [...new Set(readings.flatMap(({ warnings }) => warnings))],
  };
}

/** Those of one key as one. */
export function mergeSites(sites: readonly LiveSite[]): LiveSite[] {
  return mergeByKey(sites, (one, other) => ({
    ...one,
    live: addValues([one.live, other.live]),
    count: one.count + other.count,
  }));
}

function mergeByKey<Entry extends { readonly key: string }>(
  entries: readonly Entry[],
  add: (one: Entry, other: Entry) => Entry,
): Entry[] {
  const merged = new Map<string, Entry>();
  for (const entry of entries) {
    const present = merged.get(entry.key);
    merged.set(entry.key, present === undefined ? entry : add(present, entry));
  }
  return [...merged.values()];
}
