import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../../harness/model/run-record.js';
import type { RunEnd } from '../../../../harness/model/verdict.js';
import { type EntryState, nextAllotment, planNight, shardOf } from '../../../../harness/run/nightly/plan-night.js';
import { findingWith } from '../../../support/record-with.js';
import { inconclusiveRecord, plateauRecord } from '../../../support/run-records.js';

const minute = 60_000;

function requestWith(minimums: readonly number[], budgetMs: number, targetsAtOnce = 1) {
  return {
    id: '20261125-020000-00abc',
    startedAt: '2026-11-25T02:00:00.000Z',
    command: 'plateau nightly',
    environment: plateauRecord.environment,
    configuration: {},
    budgetMs,
    targetsAtOnce,
    canaries: 1,
    entries: minimums.map((minimumMs, index) => ({ name: `s${index}`, scenario: `s${index}`, defects: [], minimumMs })),
  };
}

describe('a plan', () => {
  it('starts each entry when a target is free', () => {
    const { entries, minMs } = planNight(
      requestWith(
        [3, 1, 1, 2].map((time) => time * minute),
        10 * minute,
        2,
      ),
    );
    expect(entries.map(({ startsAfterMs }) => startsAfterMs / minute)).toEqual([0, 0, 1, 2]);
    expect(minMs).toBe(4 * minute);
  });

  it('that cannot hold its minimums is refused with one that could', () => {
    expect(() => planNight(requestWith([3 * minute, 3 * minute], 5 * minute))).toThrow(
      '`nightly.time` must be at least 6m, the sum of what 2 scenarios get at least, got 5m.',
    );
    expect(() => planNight(requestWith([10_000], 1_000))).toThrow(
      '`nightly.time` must be at least 10s, what 1 scenario gets at least, got 1s.',
    );
    expect(planNight(requestWith([3 * minute, 3 * minute], 5 * minute, 2)).minMs).toBe(3 * minute);
  });

  it('has a fingerprint of what it runs, not of when', () => {
    const plan = planNight(requestWith([minute], 5 * minute));
    expect(planNight({ ...requestWith([minute], 5 * minute), id: 'other', startedAt: '' }).fingerprint).toBe(
      plan.fingerprint,
    );
    expect(planNight(requestWith([2 * minute], 5 * minute)).fingerprint).not.toBe(plan.fingerprint);
  });
});

it('shards part a suite: each entry is in exactly one', () => {
  const all = ['a', 'b', 'c', 'd', 'e'];
  const shards = [1, 2, 3].map((index) => shardOf(all, { index, count: 3 }));
  expect(shards).toEqual([['a', 'd'], ['b', 'e'], ['c']]);
});

describe('time', () => {
  const fresh = (name: string): EntryState => ({ name, minimumMs: minute, attempts: [], durationsMs: [] });
  const ran = (name: string, record: RunRecord | 'failed', durationMs = minute): EntryState => ({
    name,
    minimumMs: minute,
    attempts: [record],
    durationsMs: [durationMs],
  });
  const undecidedAfter = (elapsedMs: number, cyclesToDecide?: number, end: RunEnd = 'duration'): RunRecord => ({
    ...inconclusiveRecord,
    end,
    startedAt: '2026-11-25T02:00:00.000Z',
    endedAt: new Date(Date.parse('2026-11-25T02:00:00.000Z') + elapsedMs).toISOString(),
    counts: { ...inconclusiveRecord.counts, cycles: 1_000 },
    findings: [
      findingWith({
        metric: 'heapUsed',
        verdict: 'inconclusive',
        ...(cyclesToDecide !== undefined && { cyclesToDecide }),
      }),
    ],
  });
  const idle = new Set<string>();

  it('goes to minimums first, then to what is undecided and needs least', () => {
    const states = [
      ran('slow', undecidedAfter(minute, 9_000)),
      ran('quick', undecidedAfter(minute, 3_000)),
      fresh('new'),
    ];
    expect(nextAllotment(states, idle, 60 * minute)).toEqual({ name: 'new', durationMs: minute });
    const later = states.slice(0, 2);
    expect(nextAllotment(later, idle, 60 * minute)).toEqual({ name: 'quick', durationMs: 3.9 * minute });
    expect(nextAllotment(later, new Set(['quick']), 60 * minute)).toEqual({ name: 'slow', durationMs: 11.7 * minute });
    expect(nextAllotment(later, idle, 2 * minute)).toEqual({ name: 'quick', durationMs: 2 * minute });
  });

  it('is not spent on what more of it does not cure', () => {
    const decided = [ran('sound', plateauRecord), ran('broken', 'failed')];
    expect(nextAllotment(decided, idle, 60 * minute)).toBeUndefined();
    for (const end of ['rounds', 'room'] as const)
      expect(nextAllotment([ran('limited', undecidedAfter(minute, 9_000, end))], idle, 60 * minute)).toBeUndefined();
    const rested = (elapsedMs: number) => ran('rested', undecidedAfter(elapsedMs, undefined, 'decided'));
    expect(nextAllotment([rested(5_000)], idle, 60 * minute)).toBeUndefined();
    expect(nextAllotment([rested(minute)], idle, 60 * minute)).toEqual({ name: 'rested', durationMs: 2 * minute });
    expect(nextAllotment([ran('stopped', undecidedAfter(minute))], idle, 1.4 * minute)).toBeUndefined();
  });

  it('that is short cuts a minimum, but not to less than a half', () => {
    expect(nextAllotment([fresh('late')], idle, 40_000)).toEqual({ name: 'late', durationMs: 40_000 });
    expect(nextAllotment([fresh('late')], idle, 20_000)).toBeUndefined();
  });
});
