import type inspector from 'node:inspector';
import type { AllocationSite, RawFrame, SiteReading } from '../model/attribution-protocol.js' with {
  'resolution-mode': 'import',
};
import { createStackTable } from './attribution-stacks.cjs';
import { ask, type CallFrame, rawFrameOf } from './inspector-session.cjs';

export interface SiteSampling {
  start(intervalBytes: number): void;
  read(): SiteReading;
}

/** What V8's sampling heap profiler shows. */
interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly selfSize: number;
  readonly children: readonly ProfileNode[];
}

export interface SamplingProfile {
  readonly head: ProfileNode;
  readonly samples: readonly { readonly nodeId: number; readonly size: number }[];
}

/** The largest sites of a reading; growth hides in no smaller one for long. */
const sitesMax = 1_000;

export function createSiteSampling(session: inspector.Session): SiteSampling {
  return {
    start: (intervalBytes) => ask(session, 'HeapProfiler.startSampling', { samplingInterval: intervalBytes }),
    read() {
      const { profile } = ask<{ profile: SamplingProfile }>(session, 'HeapProfiler.getSamplingProfile');
      return readSites([profile]);
    },
  };
}

/** @param profiles of one heap each */
export function readSites(profiles: readonly SamplingProfile[]): SiteReading {
  const sites = profiles.flatMap(sitesOf).sort((a, b) => b.bytes - a.bytes);
  const table = createStackTable();
  const largest = sites
    .slice(0, sitesMax)
    .map(({ frames, ...site }): AllocationSite => ({ ...site, stack: table.framesOf(table.intern(frames)) }));
  return { frames: table.frames, sites: largest };
}

/** Standard deviations by which counts of samples may differ where all are of one rate. */
const evenDeviations = 2;

/**
 * Of what several heaps keep that was allocated since sampling started, the part of each. The workers of a pool have equal
 * parts, as far as samples show.
 */
export function sharesOf(profiles: readonly (SamplingProfile | undefined)[]): number[] {
  const counts = profiles.map((profile) => profile?.samples.length ?? 0);
  const mean = counts.reduce((sum, count) => sum + count, 0) / Math.max(1, counts.length);
  const isEven = counts.every((count) => Math.abs(count - mean) <= evenDeviations * Math.sqrt(mean));
  const bytes = profiles.map((profile) => profile?.samples.reduce((sum, { size }) => sum + size, 0) ?? 0);
  const allBytes = bytes.reduce((sum, own) => sum + own, 0);
  return bytes.map((own) => (isEven || allBytes === 0 ? 1 / profiles.length : own / allBytes));
}

function sitesOf(profile: SamplingProfile): (Omit<AllocationSite, 'stack'> & Pick<AllocatingNode, 'frames'>)[] {
  const largeBytes = largeBytesByNode(profile);
  return allocatingNodes(profile.head).map(({ id, bytes, frames }) => ({
    bytes,
    largeBytes: largeBytes.get(id) ?? 0,
    frames,
  }));
}

/** From here on, an object is a table or an array: an interval is shorter, so that each is sampled for what it is. */
const largeObjectBytes = 8 * 1024;

function largeBytesByNode({ samples }: SamplingProfile): Map<number, number> {
  const bytes = new Map<number, number>();
  for (const { nodeId, size } of samples)
    if (size >= largeObjectBytes) bytes.set(nodeId, (bytes.get(nodeId) ?? 0) + size);
  return bytes;
}

interface AllocatingNode {
  readonly id: number;
  readonly bytes: number;
  readonly frames: readonly RawFrame[];
}

function allocatingNodes(head: ProfileNode): AllocatingNode[] {
  const found: AllocatingNode[] = [];
  const visit = (node: ProfileNode, callers: readonly RawFrame[]) => {
    const frames: RawFrame[] = [rawFrameOf(node.callFrame), ...callers];
    if (node.selfSize > 0) found.push({ id: node.id, bytes: node.selfSize, frames });
    for (const child of node.children) visit(child, frames);
  };
  for (const child of head.children) visit(child, []);
  return found;
}
