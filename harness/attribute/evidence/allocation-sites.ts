import type { RawFrame } from '../../model/attribution-protocol.js';
import type { EvidenceRound } from './attribution-session.js';
import { framesOf, isInstrument, ownerOf, stackKey, targetFrames } from './frames.js';
import { keepsGrowing, type Point, type Slope, slopeOf } from './slope.js';

/** Allocations of one call stack of the target, over the rounds. */
export interface GrowingSite {
  /** Of the target alone, innermost first; empty when only Node was on the stack. */
  readonly frames: readonly RawFrame[];
  /** Function that allocates, Node's own included: `Duplex`, `setTimeout`, `Map`. */
  readonly allocator: string;
  /** Function of Node that the target called for it: `mark`, `Session`; empty where the target allocates itself. */
  readonly callee: string;
  readonly points: readonly Point[];
  readonly slope: Slope;
  /** The growth is that of large tables, which double now and then whoever adds to them; otherwise they are left out. */
  readonly inTables: boolean;
  /** Bytes of large tables at the last reading. */
  readonly tableBytes: number;
  /** Grows beyond doubt. */
  readonly steady: boolean;
}

interface SiteSeries {
  readonly frames: readonly RawFrame[];
  readonly allocators: Map<string, number>;
  readonly callees: Map<string, number>;
  readonly bytes: Map<number, number>;
  readonly largeBytes: Map<number, number>;
}

/** Below, a slope is what a profiler leaves behind by itself. */
const bytesPerCycleMin = 1;

/**
 * Call stacks whose live bytes grow with the cycles, steepest first. Stacks that differ in Node's frames only are one
 * site.
 */
export function growingSites(rounds: readonly Pick<EvidenceRound, 'cycles' | 'sites'>[]): GrowingSite[] {
  const sampled = rounds.filter(({ sites }) => sites !== undefined);
  const series = new Map<string, SiteSeries>();
  for (const { cycles, sites } of sampled) {
    if (sites === undefined) continue;
    for (const { stack, bytes, largeBytes } of sites.sites) {
      const frames = framesOf(sites, stack);
      if (isInstrument(frames)) continue;
      const site = seriesOf(series, frames);
      site.bytes.set(cycles, (site.bytes.get(cycles) ?? 0) + bytes);
      site.largeBytes.set(cycles, (site.largeBytes.get(cycles) ?? 0) + largeBytes);
      addTo(site.allocators, frames[0]?.[3] ?? '', bytes);
      addTo(site.callees, calleeOf(frames), bytes);
    }
  }
  return [...series.values()]
    .flatMap((site) => growthOf(site, sampled) ?? [])
    .sort((a, b) => b.slope.estimate - a.slope.estimate);
}

function growthOf(site: SiteSeries, sampled: readonly Pick<EvidenceRound, 'cycles'>[]): GrowingSite | undefined {
  const all = sampled.map(({ cycles }): Point => [cycles, site.bytes.get(cycles) ?? 0]);
  const small = all.map(([cycles, bytes]): Point => [cycles, bytes - (site.largeBytes.get(cycles) ?? 0)]);
  const inTables = (slopeOf(small)?.estimate ?? 0) < bytesPerCycleMin;
  const points = inTables ? all : small;
  const slope = slopeOf(points);
  if (slope === undefined || slope.estimate < bytesPerCycleMin) return undefined;
  return {
    frames: site.frames,
    allocator: mostOf(site.allocators),
    callee: mostOf(site.callees),
    points,
    slope,
    inTables,
    tableBytes: all.length === 0 ? 0 : (site.largeBytes.get(all.at(-1)![0]) ?? 0),
    steady: keepsGrowing(points),
  };
}

function seriesOf(series: Map<string, SiteSeries>, frames: readonly RawFrame[]): SiteSeries {
  const own = targetFrames(frames);
  const key = own.length > 0 ? stackKey(own) : stackKey(frames.slice(0, 1));
  let site = series.get(key);
  if (site === undefined) {
    site = { frames: own, allocators: new Map(), callees: new Map(), bytes: new Map(), largeBytes: new Map() };
    series.set(key, site);
  }
  return site;
}

/** What the innermost frame of the target called. */
function calleeOf(frames: readonly RawFrame[]): string {
  const caller = frames.findIndex((frame) => ownerOf(frame) === 'target');
  return frames[caller - 1]?.[3] ?? '';
}

function addTo(sums: Map<string, number>, key: string, bytes: number): void {
  sums.set(key, (sums.get(key) ?? 0) + bytes);
}

function mostOf(counts: ReadonlyMap<string, number>): string {
  return [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most), ['', 0] as [string, number])[0];
}
