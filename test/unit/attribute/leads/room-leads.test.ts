import { expect, test } from 'vitest';
import type { Lead } from '../../../../harness/attribute/leads/lead.js';
import { roomLeads } from '../../../../harness/attribute/leads/room-leads.js';
import { SourceLocator } from '../../../../harness/attribute/source/source-locator.js';
import type { Finding } from '../../../../harness/model/run-record.js';

const locator = new SourceLocator({}, '/srv/app');
const leak: Finding = {
  kind: 'growth',
  axis: 'cycle',
  metric: 'nativeUsed',
  unit: 'B',
  verdict: 'leak',
  shape: 'linear',
  slope: { estimate: 48, low: 46, high: 50, unit: 'B/cycle' },
  confidence: 0.99,
  budget: 0,
  detectionFloor: 0,
  first: 0,
  last: 1,
  rounds: 30,
  reason: '',
};

/** A pass in which a table has the given sizes at every hundred cycles. */
const pass = (...sizes: readonly number[]) =>
  sizes.map((bytes, index) => ({
    cycles: 100 * (index + 1),
    values: {},
    runtime: {
      sites: [
        {
          key: 'table',
          live: { nativeUsed: bytes, allocations: 1 },
          count: 1,
          kind: 'allocation-site' as const,
          what: 'blocks of memory',
          isRoom: true as const,
          stack: [{ file: '/srv/app/main.rs', line: 9, isOwn: true }],
        },
      ],
      holders: [],
      warnings: [],
    },
  }));

test('a table that has doubled before the pass fills as fast as memory grows', () => {
  const [lead, ...more] = roomLeads([leak], [], pass(32_768, 32_768, 32_768, 32_768, 32_768, 32_768), locator);
  expect(more).toEqual([]);
  expect(lead?.evidence.get('nativeUsed')).toMatchObject({
    slope: { estimate: 48, low: 32_768 / 2 / 600, high: 32_768 / 600 },
    location: { file: '/srv/app/main.rs', line: 9 },
  });
  expect(lead?.evidence.get('nativeUsed')?.describe(1)).toBe('Blocks of memory made at main.rs:9 grow by 48 B a cycle');
});

test.each([
  ['is larger than what grows', pass(400_000, 400_000, 400_000)],
  ['is smaller than what grows', pass(2_048, 2_048, 2_048)],
  ['shrinks', pass(65_536, 32_768, 16_384)],
])('a table that %s is none', (_, rounds) => {
  expect(roomLeads([leak], [], rounds, locator)).toEqual([]);
});

test('where the growth is known already, no table is looked for', () => {
  const slope = { estimate: 40, low: 40, high: 40 };
  const known: Lead = {
    evidence: new Map([['nativeUsed', { kind: 'allocation-site', slope, describe: () => 'known' }]]),
    rates: [1],
  };
  expect(roomLeads([leak], [known], pass(32_768, 32_768, 32_768), locator)).toEqual([]);
});
