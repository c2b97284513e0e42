/**
 * The attribution hooks: installed by the agent only in the attribution pass, before the target's code loads, or late
 * in a target that runs already. They follow what the target makes and where, holding on to none of it, and answer the
 * requests of AttributionMethods.
 */
import inspector from 'node:inspector';
import v8 from 'node:v8';
import type {
  AttributionMethods,
  FrameTable,
  ResourceGroup,
  ResourceReading,
} from '../model/attribution-protocol.js' with { 'resolution-mode': 'import' };
import { watchCollections } from './attribution-collections.cjs';
import { type DescriptorWatch, watchDescriptors } from './attribution-descriptors.cjs';
import { watchListeners } from './attribution-listeners.cjs';
import { watchModules } from './attribution-modules.cjs';
import { type LiveResource, type ResourceWatch, watchResources } from './attribution-resources.cjs';
import { createSiteSampling } from './attribution-sites.cjs';
import { takeSnapshot } from './attribution-snapshot.cjs';
import { readSourceMapUrls } from './attribution-source-maps.cjs';
import { createStackTable, type StackTable } from './attribution-stacks.cjs';
import { ask } from './inspector-session.cjs';
import { type HooksStart, onLeave } from './leaving.cjs';
import type { WorkerThreads } from './worker-threads.cjs';

type Handler = (params: never) => unknown;
type WorkerSnapshotsWanted = AttributionMethods['attribution.workerSnapshots']['params'];

const examplesPerGroup = 5;
/** Inlined functions are missing from the profiler's stacks, and folded allocations are counted as one. */
const compilerFlags = ['--no-turbo-inlining', '--no-turbo-allocation-folding', '--no-maglev'];

/** Installs the hooks; returns the handlers of `attribution.*`. */
export function installAttribution(start: HooksStart, workers: WorkerThreads): Record<string, Handler> {
  if (start === 'from-start') for (const flag of compilerFlags) v8.setFlagsFromString(flag);
  const stacks = createStackTable();
  const resources = watchResources(stacks, start);
  const descriptors = watchDescriptors(resources.captureWithOrigin);
  const collections = watchCollections(stacks);
  const listeners = watchListeners(stacks);
  const modules = watchModules(stacks);
  // One session for all: object ids of heap snapshots are forgotten when a session ends.
  const session = new inspector.Session();
  session.connect();
  onLeave(() => session.disconnect());
  if (start === 'late') runUnoptimised(session);
  const sampling = createSiteSampling(session);
  return {
    'attribution.start': async ({ intervalBytes }: { intervalBytes: number }) => {
      sampling.start(intervalBytes);
      resources.started();
      await workers.sampleEvery(intervalBytes);
    },
    'attribution.sites': () => sampling.read(),
    'attribution.workerSites': () => workers.sites(),
    'attribution.resources': () =>
      withFrames(stacks, [
        ...groupResources(stacks, resources, descriptors),
        ...collections.read(),
        ...listeners.read(),
        ...modules.read(),
      ]),
    'attribution.snapshot': ({ path }: { path: string }) =>
      takeSnapshot(session, path, () => new Map([...collections.growing(), ...listeners.growing()])),
    'attribution.workerSnapshots': async (wanted: WorkerSnapshotsWanted) => ({
      snapshots: await workers.snapshots(wanted.directory, wanted.name, wanted.of),
    }),
    'attribution.sourceMaps': async () => ({ ...(await workers.sourceMaps()), ...readSourceMapUrls(session) }),
  };
}

/**
 * What a target that runs already has compiled does not heed flags, and nobody can say how they were set before. While
 * coverage is precise, V8 runs no optimised code; it does again when the session ends.
 */
function runUnoptimised(session: inspector.Session): void {
  ask(session, 'Profiler.enable');
  ask(session, 'Profiler.startPreciseCoverage', { callCount: false, detailed: false });
}

interface Counted {
  count: number;
  readonly examples: string[];
}

function groupResources(stacks: StackTable, resources: ResourceWatch, descriptors: DescriptorWatch): ResourceGroup[] {
  const groups = new Map<string, ResourceGroup & Counted>();
  const add = ({ kind, type, stack, example }: Omit<LiveResource, 'descriptor'>) => {
    const key = `${kind}\n${type}\n${stack}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = { kind, type, stack: stacks.framesOf(stack), count: 0, examples: [] };
      groups.set(key, group);
    }
    group.count += 1;
    // The latest: the first ones are those that were there from the start.
    if (example !== undefined) {
      group.examples.push(example);
      if (group.examples.length > examplesPerGroup) group.examples.shift();
    }
  };
  const live = resources.live();
  for (const resource of live) add(resource);
  const byDescriptor = new Map(live.map((resource) => [resource.descriptor, resource]));
  for (const { descriptor, type, target, stack } of descriptors.open()) {
    const handle = stack === undefined ? byDescriptor.get(descriptor) : undefined;
    add({ kind: 'descriptor', type, stack: stack ?? handle?.stack ?? 0, example: handle?.example ?? target });
  }
  for (const { path, stack } of descriptors.temporaryFiles()) add({ kind: 'file', type: 'file', stack, example: path });
  return [...groups.values()];
}

/** Only the frames that the groups name travel. */
function withFrames({ frames }: FrameTable, groups: readonly ResourceGroup[]): ResourceReading {
  const renumbered = new Map<number, number>();
  const number = (index: number) => {
    const known = renumbered.get(index) ?? renumbered.size;
    renumbered.set(index, known);
    return known;
  };
  const named = groups.map((group) => ({ ...group, stack: group.stack.map(number) }));
  return { frames: [...renumbered.keys()].map((index) => frames[index]!), groups: named };
}
