import { expect, test } from 'vitest';
import { listedEntry } from '../../../../harness/cli/ui/listed-entry.js';
import type { NightEvent, NightRecord } from '../../../../harness/model/night.js';

const when = { at: '2026-01-31T00:00:00.000Z', elapsedMs: 0 };
const started: NightEvent = { ...when, event: 'started', entry: 'shop', attempt: 1, durationMs: 20_000 };
const finished: NightEvent = { ...when, event: 'finished', entry: 'shop', attempt: 1, run: 'r1' };
const failed: NightEvent = {
  ...when,
  event: 'failed',
  entry: 'shop',
  attempt: 1,
  exitCode: 3,
  message: 'no such module',
};
const judged = { verdict: 'leak', reason: 'heapUsed grows' } as const;

test.each([
  ['waits', [], { state: 'waiting' }],
  ['runs', [started], { state: 'running', links: [] }],
  ['has a verdict once it has run', [started, finished], { state: 'leak', detail: 'heapUsed grows' }],
  ['runs again', [started, finished, started], { state: 'running', links: [{ name: 'report', href: 'runs/r1/' }] }],
  ['could not be run', [started, failed], { state: 'crashed', detail: 'no such module' }],
])('an entry of a night that goes on %s', (_name, events, expected) => {
  expect(listedEntry('shop', { events, record: undefined, recordOf: () => judged })).toMatchObject(expected);
});

test('an entry of a night that is over has what the night says of it', () => {
  const entries = [{ name: 'shop', reason: 'no time left' }];
  const record = { entries } as unknown as NightRecord;
  const entry = listedEntry('shop', { events: [], record, recordOf: () => undefined });
  expect(entry).toMatchObject({ state: 'inconclusive', detail: 'no time left' });
});
