import { isLimit, wordsOf } from '../../model/limit-words.js';
import { metricDefinition } from '../../model/metric.js';
import type { HolderCapacity } from '../../model/run-log.js';
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
  /** How many entries its code lets it hold, where a number beside it shows that. */
  readonly capacity?: HolderCapacity;
  /** It has far fewer entries than the cycles since the start have added: it is emptied now and then, and only fills again. */
  readonly wasEmptied: boolean;
}

/** A holder that keeps its entries has this share at least of what all cycles have added; those of the warm-up may add fewer. */
const keptShareMin = 0.5;

/** Places of which more and more is alive. */
export function grownSites(rounds: readonly EvidenceRound[]): GrownSite[] {
  return seriesOf(rounds, ({ sites }) => sites).flatMap(({ latest: site, pointsOf }): GrownSite[] => {
    const metrics = new Map<string, MetricGrowth>();
    for (const metric of Object.keys(site.live)) {
      const growth = growthOf(pointsOf(({ live }) => live[metric] ?? 0)) ?? evenGrowth(site, metric, pointsOf);
      if (growth !== undefined) metrics.set(metric, growth);
    }
    const rate = growthOf(pointsOf(({ count }) => count))?.slope.estimate;
    return metrics.size === 0 ? [] : [{ site, metrics, rate }];
  });
}

/** Containers that get more and more entries. */
export function grownHolders(rounds: readonly EvidenceRound[]): GrownHolder[] {
  const read = rounds.flatMap(({ runtime }) => runtime ?? []);
  const holdersBefore = new Map(
    read.slice(0, -1).flatMap(({ holders }) => holders.map((holder) => [holder.key, holder])),
  );
  return seriesOf(rounds, ({ holders }) => holders).flatMap(({ latest: holder, pointsOf }): GrownHolder[] => {
    const growth = growthOf(pointsOf(({ entries }) => entries));
    if (growth === undefined) return [];
    const rate = growth.slope.estimate;
    const limit = limitOf(holder, holdersBefore.get(holder.key));
    return [
      {
        holder,
        rate,
        wasEmptied: holder.entries < keptShareMin * addedSinceStart(rounds, growth.points),
        ...(limit !== undefined && { capacity: { ...limit, entriesPerCycle: rate } }),
      },
    ];
  });
}

/**
 * How many entries would have come since the start at the rate of now. The operation that was driven least before counts, since it
 * may be the one that adds them.
 */
function addedSinceStart(rounds: readonly EvidenceRound[], points: readonly Point[]): number {
  const read = rounds.filter(({ runtime }) => runtime !== undefined);
  const [first, last] = [read[0]!, read.at(-1)!];
  const grown = points.at(-1)![1] - points[0]![1];
  const perOperation = Object.entries(last.cyclesByOperation ?? {}).map(
    ([name, cycles]) => cycles / (cycles - (first.cyclesByOperation?.[name] ?? 0)),
  );
  return grown * Math.min(last.cycles / (last.cycles - first.cycles), ...perOperation);
}

/**
 * The smallest limit that stayed as it was while the holder grew, and that it had not reached. That of a part limits all parts
 * by as many times, where it is their entries that grow and not their number alone.
 */
function limitOf(
  holder: LiveHolder,
  before: LiveHolder | undefined,
): Omit<HolderCapacity, 'entriesPerCycle'> | undefined {
  const { description, path, parts = 1, entries, numbers = [] } = holder;
  const { parts: partsBefore = 1 } = before ?? {};
  if (before === undefined || (parts > partsBefore && entries / parts <= before.entries / partsBefore))
    return undefined;
  const called = new Set([description.split('.').at(-1), path.at(-1)].flatMap((name) => wordsOf(name ?? '')));
  const steady = numbers.filter(
    (number) =>
      number.value * parts > entries &&
      isLimit(number, called) &&
      before.numbers?.some(({ name, value }) => name === number.name && value === number.value),
  );
  const smallest = steady.sort((one, other) => one.value - other.value)[0];
  return smallest === undefined ? undefined : { name: smallest.name, entries: smallest.value * parts };
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

/** Bytes as if each entry had always taken what it takes now: what is packed while it is small grows in one leap. */
function evenGrowth(
  { entries, live }: LiveSite,
  metric: string,
  pointsOf: EntrySeries<LiveSite>['pointsOf'],
): MetricGrowth | undefined {
  if (entries === undefined || entries === 0 || metricDefinition(metric)?.unit !== 'B') return undefined;
  const bytesPerEntry = (live[metric] ?? 0) / entries;
  return growthOf(pointsOf((earlier) => (earlier.entries ?? 0) * bytesPerEntry));
}

function growthOf(points: readonly Point[]): MetricGrowth | undefined {
  const slope = slopeOf(points);
  return slope === undefined || !keepsGrowing(points) ? undefined : { slope, points };
}
