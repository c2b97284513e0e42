import { describe, expect, test } from 'vitest';
import { judge } from '../../../../harness/analyse/judge.js';
import type {
  Attribution,
  BoundedHolder,
  ExpiringHolder,
  HeapGrowthInPass,
} from '../../../../harness/model/run-log.js';
import { heapFloor, syntheticRun } from '../../../support/synthetic-run.js';

const bytesPerCycle = 1_700;
const floors = 60;
const cyclesPerRound = 150;
const drivenCycles = floors * cyclesPerRound;

function judged(cause: Partial<Attribution>, parameters: { readonly virtualTime?: true } = {}) {
  const run = syntheticRun({
    floors,
    cyclesPerRound,
    parameters: { universe: 'fresh', ...parameters },
    metrics: {
      heapUsed: (place) => heapFloor(place) + bytesPerCycle * place.cycles,
      objects: ({ cycles }) => 9_000 + 3 * cycles,
      fds: () => 20,
    },
  });
  const attribution = { suspects: [], explained: { heapUsed: 1, objects: 1 }, warnings: [], artifacts: [], ...cause };
  const { verdict, reason, findings } = judge({ ...run, attribution });
  return { verdict, reason, heapUsed: findings.find(({ metric }) => metric === 'heapUsed') };
}

const cacheOf = (entries: number, share = 1): BoundedHolder => ({
  description: '`cache` (Map in app.js)',
  name: '#max',
  entries,
  entriesPerCycle: 1,
  shares: { heapUsed: share, objects: share },
});

describe('a collection with a capacity', () => {
  test('that is not full is no leak yet: how full it is, and when a run would decide', () => {
    const { verdict, heapUsed } = judged({ bounded: [cacheOf(15_000)] });
    expect(verdict).toBe('inconclusive');
    expect(heapUsed?.rule?.name).toBe('holder-has-room');
    expect(heapUsed?.reason).toMatch(
      /`cache` \(Map in app\.js\) fills: about [89],\d{3} of 15,000 entries that its `#max` allows/,
    );
    expect(heapUsed?.cyclesToDecide).toBe(22_500);
  });

  test('that it has outgrown is a leak', () => {
    expect(judged({ bounded: [cacheOf(drivenCycles / 2)] }).verdict).toBe('leak');
  });

  test('that became full between the last two readings is undecided: what came between may have filled it', () => {
    // The last floor is at 8,856 cycles, the one before at 8,700.
    const { verdict, heapUsed } = judged({ bounded: [cacheOf(8_800)] });
    expect(verdict).toBe('inconclusive');
    expect(heapUsed?.rule?.numbers).toMatchObject({ entries: 8_800, entriesMax: 8_800 });
  });

  test('that no process would live to reach is a leak', () => {
    expect(judged({ bounded: [cacheOf(5_000_000)] }).verdict).toBe('leak');
  });

  test('beside something else that grows is a leak', () => {
    expect(judged({ bounded: [cacheOf(15_000, 0.6)] }).verdict).toBe('leak');
    expect(judged({ bounded: [cacheOf(15_000, 0.2)], explained: { heapUsed: 0.2 } }).verdict).toBe('leak');
  });
});

test('a collection with room is one of counts too, of which less is known than of bytes', () => {
  const shares = { heapUsed: 0.98, objects: 0.48 };
  const bounded = [{ ...cacheOf(15_000), shares }];
  expect(judged({ bounded, explained: shares }).verdict).toBe('inconclusive');
  // Beside it, something else keeps objects.
  expect(judged({ bounded, explained: { heapUsed: 0.98, objects: 0.9 } }).verdict).toBe('leak');
});

describe('entries that name a time until which they are kept', () => {
  const sessions = (inMs: number | undefined, share = 1): ExpiringHolder => ({
    description: '`sessions` (Map in app.js)',
    name: 'cookie.expires',
    ...(inMs !== undefined && { inMs }),
    shares: { heapUsed: share, objects: share },
  });

  test('are no leak yet: until when, by what, and the command that decides', () => {
    const { verdict, heapUsed } = judged({ expiring: [sessions(1_800_000)] });
    expect(verdict).toBe('inconclusive');
    expect(heapUsed).toMatchObject({
      rule: { name: 'due-later', numbers: { dueMs: 1_800_000 } },
      expiring: { holder: '`sessions` (Map in app.js)', name: 'cookie.expires', inMs: 1_800_000 },
    });
    expect(heapUsed?.reason).toMatch(
      /kept for 30 min by `cookie\.expires`, and may go then; to decide, run `.*--virtual-time`/,
    );
    expect(judged({ expiring: [sessions(undefined)] }).heapUsed?.reason).toContain('kept for a time, `cookie.expires`');
  });

  test('are a leak where the clock was moved on, and beside something else that grows', () => {
    expect(judged({ expiring: [sessions(1_800_000)] }, { virtualTime: true }).verdict).toBe('leak');
    expect(judged({ expiring: [sessions(undefined)] }, { virtualTime: true }).verdict).toBe('leak');
    expect(judged({ expiring: [sessions(1_800_000, 0.6)] }).verdict).toBe('leak');
    expect(judged({ expiring: [sessions(1_800_000, 0.3)], explained: { heapUsed: 0.3, objects: 0.3 } }).verdict).toBe(
      'leak',
    );
  });
});

test('entries of a week are no leak after a day of a clock that was moved on: the days that decide', () => {
  const week: ExpiringHolder = {
    description: '`tokens` (Map in app.js)',
    name: 'expiresAt',
    inMs: 7 * 86_400_000,
    shares: { heapUsed: 1, objects: 1 },
  };
  const { verdict, heapUsed } = judged({ expiring: [week] }, { virtualTime: true });
  expect(verdict).toBe('inconclusive');
  expect(heapUsed?.reason).toMatch(/may go then; to decide, run `plateau run \S+ --days 8`/);
});

describe('what the heap grew by in the pass that looks for the cause', () => {
  const seen = (heapGrowth: HeapGrowthInPass) => {
    const sound = cacheOf(15_000, 0);
    const run = syntheticRun({
      floors,
      cyclesPerRound,
      parameters: { universe: 'fresh' },
      metrics: { heapUsed: (place) => heapFloor(place) + bytesPerCycle * place.cycles },
    });
    const attribution = { suspects: [], explained: {}, warnings: [], artifacts: [], bounded: [sound], heapGrowth };
    return judge({ ...run, attribution });
  };

  test('is no leak where heap snapshots find nothing of it', () => {
    const { verdict, reason } = seen({ atFloors: 1_650, inSnapshots: 12, cycles: 900 });
    expect(verdict).toBe('inconclusive');
    expect(reason).toContain('heap snapshots find nothing that stays');
  });

  test('is a leak where they find it', () => {
    expect(seen({ atFloors: 1_650, inSnapshots: 1_500, cycles: 900 }).verdict).toBe('leak');
  });

  test('says nothing where the pass did not grow as the run did', () => {
    expect(seen({ atFloors: 400, inSnapshots: 12, cycles: 900 }).verdict).toBe('leak');
    expect(seen({ atFloors: 1_650, inSnapshots: 12, cycles: 20 }).verdict).toBe('leak');
  });
});

describe('objects that grow beside counted entries', () => {
  const sessions: ExpiringHolder = {
    description: '`timers` (of Node, not yet due)',
    name: 'expiry',
    inMs: 20_000,
    shares: { handles: 1 },
  };
  const beside = (cause: Partial<Attribution>) => {
    const run = syntheticRun({
      floors: 60,
      cyclesPerRound: 40,
      parameters: { universe: 'fresh' },
      metrics: {
        heapUsed: heapFloor,
        handles: ({ cycles }) => 5 + cycles,
        objects: () => 9_000,
        'objects.Session': ({ cycles }) => 20 + cycles,
      },
    });
    const attribution = { suspects: [], explained: { handles: 1 }, warnings: [], artifacts: [], ...cause };
    const { verdict, findings } = judge({ ...run, attribution });
    return { verdict, sessions: findings.find(({ metric }) => metric === 'objects.Session') };
  };

  test('are what those entries hold, where the entries leak', () => {
    const { verdict, sessions: found } = beside({});
    expect(verdict).toBe('leak');
    expect(found).toMatchObject({ verdict: 'leak', rule: { name: 'held-by-leaking-entries' } });
  });

  test('are no leak either, where the entries may go with their time', () => {
    const { verdict, sessions: found } = beside({ expiring: [sessions] });
    expect(verdict).toBe('inconclusive');
    expect(found?.verdict).not.toBe('leak');
  });
});
