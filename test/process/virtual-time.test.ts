import { afterEach, expect, test } from 'vitest';
import { lineOf, soakFixture } from '../support/run-fixture.js';

const service = 'half-hour.mjs';
const options = { attribution: 'off' } as const;
const minuteMs = 60_000;

afterEach(() => {
  delete process.env.KEEP;
});

test('sessions of half an hour are undecided in real time, with the line of what takes them away', async () => {
  const { verdict, findings } = await soakFixture(service, options);
  expect(verdict).toBe('inconclusive');
  const { pending, reason } = findings.find(({ metric }) => metric === 'heapUsed')!;
  expect([lineOf(service, 'setTimeout('), lineOf(service, 'setInterval(')]).toContain(pending!.location.line);
  expect(pending!.dueMs).toBeGreaterThan(19 * minuteMs);
  expect(reason).toContain('--virtual-time');
});

test('with virtual time they level off, and the report says what keeping them costs', async () => {
  const { verdict, reason, findings, counts } = await soakFixture(service, { ...options, virtualTime: true });
  expect(verdict).toBe('plateau');
  expect(reason).toMatch(
    /heapUsed is kept for [\d.]+ min, then released: [\d.]+ [KMG]iB \([^)]+\) at [\d,.]+ cycles per second/,
  );
  const { release } = findings.find(({ metric }) => metric === 'heapUsed')!;
  expect(release!.withinMs / minuteMs).toBeGreaterThan(27);
  expect(release!.withinMs / minuteMs).toBeLessThan(33);
  expect(release!.level!.low).toBeGreaterThan(0);
  expect(counts.failed).toBe(0);
});

test('with virtual time, what stays of them is a leak', async () => {
  process.env.KEEP = '1';
  const { verdict, findings } = await soakFixture(service, { ...options, virtualTime: true });
  expect(verdict).toBe('leak');
  const { slope } = findings.find(({ metric }) => metric === 'objects')!;
  expect(slope.low).toBeLessThan(0.5);
  expect(slope.high).toBeGreaterThan(0.5);
});

test('what an idle connection gives back after a minute is a leak where it is never idle', async () => {
  process.env.KEEP = '1';
  const { verdict, findings } = await soakFixture('kept-connection.mjs', { ...options, virtualTime: true });
  expect(verdict).toBe('leak');
  expect(findings.map(({ metric, rule }) => [metric, rule?.name])).toContainEqual(['heapUsed', 'kept-while-in-use']);
});

test('where each request takes its listener away, it is none', async () => {
  const { verdict } = await soakFixture('kept-connection.mjs', { ...options, virtualTime: true });
  expect(verdict).toBe('plateau');
});
