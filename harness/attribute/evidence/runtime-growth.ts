import type { LiveHolder, LiveSite, RuntimeReading } from '../../model/runtime.js';
import type { EvidenceRound } from './attribution-session.js';
import { keepsGrowing, type Point, type Slope, slopeOf } from './slope.js';

interface MetricGrowth {
  readonly slope: Slope;
  readonly points: readonly Point[];
}

export interface GrownSite {
  readonly site: LiveSite;
  readonly metrics: ReadonlyMap<string, MetricGrowth>;
  /** Things that come each cycle; absent where their number stays and only their size grows. */
  readonly rate: number | undefined;
}

export interface GrownHolder {
  readonly holder: LiveHolder;
  /** Entries that come each cycle; 0 where they only grow. */
  readonly rate: number;
}

/** Places of which more and more is alive. */
export function grownSites(rounds: readonly EvidenceRound[]): GrownSite[] {
  return seriesOf(rounds, ({ sites }) => sites).flatMap(({ latest: site, pointsOf }): GrownSite[] => {
    const metrics = new Map<string, MetricGrowth>();
    for (const metric of Object.keys(site.live)) {
      const growth = growthOf(pointsOf(({ live }) => live[metric] ?? 0));
      if (growth !== undefined) metrics.set(metric, growth);
    }
    const rate = growthOf(pointsOf(({ count }) => count))?.slope.estimate;
    return metrics.size === 0 ? [] : [{ site, metrics, rate }];
  });
}

/** Containers that get more and more entries. */
export function grownHolders(rounds: readonly EvidenceRound[]): GrownHolder[] {
  return seriesOf(rounds, ({ holders }) => holders).flatMap(({ latest: holder, pointsOf }): GrownHolder[] => {
    const growth = growthOf(pointsOf(({ entries }) => entries));
    return growth === undefined ? [] : [{ holder, rate: growth.slope.estimate }];
  });
}

interface EntrySeries<Entry> {
  /** As it was read last. */
  readonly latest: Entry;
  /** One for each round that was read; where the entry was not there, the value is 0. */
  pointsOf(value: (entry: Entry) => number): Point[];
}

export function seriesOf<Entry extends { readonly key: string }>(
  rounds: readonly EvidenceRound[],
  entriesOf: (reading: RuntimeReading) => readonly Entry[],
): EntrySeries<Entry>[] {
  const read = rounds.flatMap(({ cycles, runtime }) =>
    runtime === undefined ? [] : [{ cycles, entries: new Map(entriesOf(runtime).map((entry) => [entry.key, entry])) }],
  );
  const last = read.at(-1)?.entries ?? new Map<string, Entry>();
  return Array.from(last.values(), (latest) => ({
    latest,
    pointsOf: (value) =>
      read.map(({ cycles, entries }): Point => {
        const entry = entries.get(latest.key);
        return [cycles, entry === undefined ? 0 : value(entry)];
      }),
  }));
}

function growthOf(points: readonly Point[]): MetricGrowth | undefined {
  const slope = slopeOf(points);
  return slope === undefined || !keepsGrowing(points) ? undefined : { slope, points };
}
