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

interface Profile {
  readonly head: ProfileNode;
  readonly samples: readonly { readonly nodeId: number; readonly size: number }[];
}

/** The largest sites of a reading; growth hides in no smaller one for long. */
const sitesMax = 1_000;

export function createSiteSampling(session: inspector.Session): SiteSampling {
  return {
    start: (intervalBytes) => ask(session, 'HeapProfiler.startSampling', { samplingInterval: intervalBytes }),
    read() {
      const { profile } = ask<{ profile: Profile }>(session, 'HeapProfiler.getSamplingProfile');
      const samples = countSamples(profile);
      const sites = allocatingNodes(profile.head).sort((a, b) => b.bytes - a.bytes);
      const table = createStackTable();
      const largest = sites.slice(0, sitesMax).map(
        ({ id, bytes, frames }): AllocationSite => ({
          bytes,
          samples: samples.get(id)?.count ?? 0,
          largeBytes: samples.get(id)?.largeBytes ?? 0,
          stack: table.framesOf(table.intern(frames)),
        }),
      );
      const otherBytes = sites.slice(sitesMax).reduce((sum, { bytes }) => sum + bytes, 0);
      return { frames: table.frames, sites: largest, otherBytes };
    },
  };
}

/** From here on, an object is a table or an array: an interval is shorter, so that each is sampled for what it is. */
const largeObjectBytes = 8 * 1024;

function countSamples({ samples }: Profile): Map<number, { count: number; largeBytes: number }> {
  const counted = new Map<number, { count: number; largeBytes: number }>();
  for (const { nodeId, size } of samples) {
    const node = counted.get(nodeId) ?? { count: 0, largeBytes: 0 };
    node.count += 1;
    if (size >= largeObjectBytes) node.largeBytes += size;
    counted.set(nodeId, node);
  }
  return counted;
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
