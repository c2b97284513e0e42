import { describe, expect, it } from 'vitest';
import { isInstrument, locateGroup } from '../../../../harness/attribute/evidence/frames.js';
import type { GrowingGroup } from '../../../../harness/attribute/evidence/growing-group.js';
import type { SourceLocator } from '../../../../harness/attribute/source/source-locator.js';
import type { RawFrame } from '../../../../harness/model/attribution-protocol.js';

const target: RawFrame = ['file:///srv/app/server.js', 3, 1, 'handle'];
const inspector: RawFrame = ['node:inspector', 90, 1, 'post'];
const events: RawFrame = ['node:events', 500, 1, 'emit'];
const sites: RawFrame = ['plateau:agent/attribution-sites.cjs', 40, 1, 'read'];
const wrapper: RawFrame = ['plateau:agent/attribution-collections.cjs', 30, 1, 'Map.set'];

describe('what is allocated by the instruments', () => {
  it.each([
    ['the profiler that plateau asks', [inspector, events, sites, target], true],
    ['the profiler, asked by nobody that is known', [inspector], true],
    ['an inspector session of the target', [inspector, events, target], false],
    ['a callback of the target that the inspector calls', [target, inspector], false],
    ['a method of the target that is wrapped', [wrapper, target], false],
    ['the hooks', [sites, target], true],
    ['async hooks', [['node:internal/async_hooks', 1, 1, 'emitInit'] as RawFrame, target], true],
  ])('%s: %o', (_who, frames, expected) => {
    expect(isInstrument(frames)).toBe(expected);
  });
});

describe('where listeners are registered', () => {
  const inPackage = (name: string): RawFrame => ['/srv/node_modules/queue/events.js', 39, 5, name];
  const own: RawFrame = ['/srv/app/server.js', 16, 3, 'send'];
  const locator = {
    locate: ([file, line, column, name]: RawFrame) => ({
      file,
      line,
      column,
      function: name,
      ...(file.includes('node_modules') && { package: 'queue@1.0.0' }),
    }),
  } as unknown as SourceLocator;
  const placed = (kind: GrowingGroup['kind'], frames: readonly RawFrame[]) =>
    locateGroup({ kind, frames } as GrowingGroup, locator)[0];

  it('is the caller of a method of a package that does as the emitter does', () => {
    expect(placed('listener', [events, inPackage('QueueEvents.on'), own])).toMatchObject({ line: 16 });
    expect(placed('listener', [inPackage('QueueEvents.on'), inPackage('once'), own])).toMatchObject({ line: 16 });
  });

  it('is the package, where that registers something of its own', () => {
    expect(placed('listener', [inPackage('Job.waitUntilFinished'), own])).toMatchObject({ line: 39 });
    expect(placed('listener', [inPackage('QueueEvents.on'), inPackage('Job.wait'), own])).toMatchObject({ line: 39 });
    expect(placed('listener', [inPackage('QueueEvents.on')])).toMatchObject({ line: 39 });
    expect(placed('handle', [inPackage('QueueEvents.on'), own])).toMatchObject({ line: 39 });
  });
});
