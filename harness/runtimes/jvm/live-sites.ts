import type { MetricValues } from '../../model/agent-protocol.js';
import type { LiveSite, StackFrame } from '../../model/runtime.js';
import type { ClassCount, ClassHistogram } from './class-histogram.js';
import type { AllocationSample, JavaFrame, Recorded } from './flight-recorder/allocation-samples.js';
import { readableClass } from './java-names.js';
import type { SourceFiles } from './source-files.js';

/** Classes of which each object stands for one of what a metric counts. */
const countedBy: Readonly<Record<string, { readonly metric: string; readonly kind: LiveSite['kind'] }>> = {
  'java.io.FileDescriptor': { metric: 'fds', kind: 'fd' },
  'java.nio.DirectByteBuffer': { metric: 'directBuffers', kind: 'allocation-site' },
  'java.lang.Class': { metric: 'classes', kind: 'allocation-site' },
  'java.lang.VirtualThread': { metric: 'virtualThreads', kind: 'thread' },
};

/** Fewer more objects than this vary without a leak. */
const growthMin = 8;

/**
 * What has come since the recording began, by class and by the stack that allocated it. How much there is of a class is
 * counted; how it divides among stacks is estimated from the samples.
 */
export function liveSites(
  now: ClassHistogram,
  before: ClassHistogram,
  recorded: Recorded,
  files: SourceFiles,
): LiveSite[] {
  const samples = groupBy(recorded.samples, ({ className }) => className);
  const sites = [...now.classes].flatMap(([className, count]) => {
    const growth = difference(count, before.classes.get(className));
    return growth.instances < growthMin ? [] : sitesOfClass(className, growth, samples.get(className) ?? [], files);
  });
  return [...sites, ...threadSites(recorded, files)];
}

function difference(now: ClassCount, before: ClassCount = { instances: 0, bytes: 0 }): ClassCount {
  return { instances: now.instances - before.instances, bytes: now.bytes - before.bytes };
}

function sitesOfClass(
  className: string,
  growth: ClassCount,
  samples: readonly AllocationSample[],
  files: SourceFiles,
): LiveSite[] {
  const stacks = groupBy(samples, ({ stack }) => keyOf(stack));
  const counted = countedBy[className];
  const size = sizeOf(samples);
  const siteOf = (key: string, stack: readonly JavaFrame[], share: number, sizeShare: number): LiveSite => {
    const count = growth.instances * share;
    const live: MetricValues = { heapUsed: growth.bytes * sizeShare, heapObjects: count };
    return {
      key: `${className} ${key}`,
      live: counted === undefined ? live : { ...live, [counted.metric]: count },
      count,
      kind: counted?.kind ?? 'allocation-site',
      what: `objects of ${readableClass(className)}`,
      type: className,
      stack: withoutConstructors(stack.map((frame) => files.toStackFrame(frame))),
    };
  };
  if (samples.length === 0) return [siteOf('', [], 1, 1)];
  return Array.from(stacks, ([key, group]) =>
    siteOf(key, group[0]!.stack, group.length / samples.length, sizeOf(group) / size),
  );
}

function sizeOf(samples: readonly AllocationSample[]): number {
  return samples.reduce((sum, sample) => sum + sample.size, 0);
}

/** What a constructor makes is a part of its object: where the object is made says more. */
export function withoutConstructors(frames: readonly StackFrame[]): readonly StackFrame[] {
  const maker = frames.findIndex(({ isOwn, function: name }) => isOwn && !/\.<(cl)?init>$/.test(name ?? ''));
  return maker < 0 ? frames : frames.filter(({ isOwn }, index) => index >= maker || !isOwn);
}

/** Threads by where they were started. */
function threadSites({ threads }: Recorded, files: SourceFiles): LiveSite[] {
  const groups = groupBy(threads, ({ stack }) => keyOf(stack));
  return Array.from(groups, ([key, [first, ...others]]) => ({
    key: `thread ${key}`,
    live: { threads: 1 + others.length },
    count: 1 + others.length,
    kind: 'thread',
    what: `threads like ${first!.name.replace(/\d+/g, '*')}`,
    stack: first!.stack.map((frame) => files.toStackFrame(frame)),
  }));
}

function keyOf(stack: readonly JavaFrame[]): string {
  return stack.map(({ className, method, line }) => `${className}.${method}:${line}`).join(' < ');
}

function groupBy<Item>(items: readonly Item[], keyOfItem: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOfItem(item));
    if (group === undefined) groups.set(keyOfItem(item), [item]);
    else group.push(item);
  }
  return groups;
}
