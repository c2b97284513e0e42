import { expect, test } from 'vitest';
import { heapLeads } from '../../../../harness/attribute/leads/heap-leads.js';
import { nothingHeld } from '../../../../harness/attribute/leads/holder-words.js';
import { SourceLocator } from '../../../../harness/attribute/source/source-locator.js';

/** What 100 cycles left with a holder that is called so: one object of 80 B each. */
function leadOf(names: readonly string[]) {
  const entries = { type: 'object', name: 'EE', count: 100, bytes: 8_000, entries: 100 } as const;
  const path = {
    expression: names.toReversed().join('.'),
    steps: names.toReversed(),
    origin: 'root' as const,
    names,
    className: 'Array',
    chain: [],
  };
  const holder = { ...nothingHeld, ids: [1], bytes: 8_000, tableBytes: 0, kinds: [entries], path };
  const [lead] = heapLeads({
    analysis: { holders: [holder], growing: {} },
    cycles: 100,
    allCycles: 100,
    collections: {},
    groups: [],
    sites: [],
    locator: new SourceLocator({}, '/srv/app'),
  });
  return lead;
}

test('what is added to an event of an emitter is a listener, though no hook knows that emitter', () => {
  expect(leadOf(['audit', '_events', 'bus'])?.evidence.get('listeners')?.slope.estimate).toBe(1);
});

test('entries of another Array are no listeners', () => {
  expect(leadOf(['audit', 'log', 'bus'])?.evidence.has('listeners')).toBe(false);
});
