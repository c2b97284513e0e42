import { expect, test } from 'vitest';
import { heapLeads } from '../../../../harness/attribute/leads/heap-leads.js';
import { nothingHeld } from '../../../../harness/attribute/leads/holder-words.js';
import type { GrownKind } from '../../../../harness/attribute/snapshot/holders-by-path.js';
import { SourceLocator } from '../../../../harness/attribute/source/source-locator.js';

const entries: GrownKind = { type: 'object', name: 'EE', count: 100, bytes: 8_000, entries: 100 };

/** What 100 cycles left with a holder that is called so: one object of 80 B each, unless kinds are given. */
function leadOf(names: readonly string[], kinds: readonly GrownKind[] = [entries]) {
  const path = {
    expression: names.toReversed().join('.'),
    steps: names.toReversed(),
    origin: 'root' as const,
    names,
    className: 'Array',
    chain: [],
  };
  const holder = { ...nothingHeld, ids: [1], bytes: 8_000, tableBytes: 0, kinds, path };
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

test('of what a variable keeps, as many are counted as there are of what is named, and not the numbers in them', () => {
  const within = { ...entries, name: 'Object', count: 200, entries: 0 };
  const numbers: GrownKind = { type: 'number', name: '', count: 700, bytes: 0, entries: 0 };
  const lead = leadOf(['last'], [within, numbers]);
  expect(lead?.evidence.get('heapUsed')?.describe(1)).toBe('Objects added (2 a cycle) are kept by `last`');
});
