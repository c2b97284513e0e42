import { describe, expect, it } from 'vitest';
import { isInstrument } from '../../../../harness/attribute/evidence/frames.js';
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
