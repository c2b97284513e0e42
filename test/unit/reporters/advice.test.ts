import { describe, expect, test } from 'vitest';
import { adviceFor } from '../../../reporters/advice.js';
import { findingWith, recordWith } from '../../support/record-with.js';

const parameters = { rounds: 60, attribution: 'off' };
const failedAudit = [{ check: 'unit:heap', ok: false, detail: 'its unit is not known' }];

describe('a series that something else recorded', () => {
  const recorded = { parameters, rerun: 'plateau analyse soak.csv --no-color', audit: failedAudit };

  test('is not advised to be run with options that only a run has', () => {
    expect(adviceFor(recordWith({ ...recorded, verdict: 'leak', exitCode: 1 }))).toEqual([]);
    const undecided = findingWith({ metric: 'fds', verdict: 'inconclusive', cyclesToDecide: 50_000 });
    expect(adviceFor(recordWith({ ...recorded, verdict: 'inconclusive', exitCode: 2, findings: [undecided] }))).toEqual(
      [],
    );
  });

  test('unlike a run, which can look for the cause', () => {
    expect(adviceFor(recordWith({ parameters, verdict: 'leak', exitCode: 1 }))).toEqual([
      expect.objectContaining({ command: 'plateau run branch-store/branches --seed 41 --attribution on-leak' }),
    ]);
  });
});

describe('a run that its rounds ended', () => {
  const undecided = findingWith({ metric: 'heapUsed', verdict: 'inconclusive', cyclesToDecide: 8_231 });
  const ended = (rounds: number, cycles: number) =>
    adviceFor(
      recordWith({
        verdict: 'inconclusive',
        exitCode: 2,
        parameters: { rounds, attribution: 'on-leak' },
        counts: { cycles, created: cycles, destroyed: cycles, failed: 0, rounds, warmupRounds: 5 },
        rerun: `plateau run ./a.mjs --rounds ${rounds} --seed 1`,
        findings: [undecided],
      }),
    )[0];

  test('is reported the number of cycles that its reason states', () => {
    expect(ended(20, 6_001)?.text).toBe('about 8,230 cycles would decide; this run drove 6,001');
  });

  test('is not advised to drive on where only time decides', () => {
    const kept = findingWith({
      metric: 'gauge.sessions',
      verdict: 'inconclusive',
      expiring: { holder: '`sessions`', name: 'ttl', inMs: 180_000 },
    });
    const record = { verdict: 'inconclusive', exitCode: 2, parameters: { attribution: 'on-leak' } } as const;
    expect(adviceFor(recordWith({ ...record, findings: [kept, undecided] }))).toEqual([]);
    expect(adviceFor(recordWith({ ...record, findings: [undecided] }))).not.toEqual([]);
  });

  test('is given rounds, and time for them, that leave room to count live objects', () => {
    expect(ended(20, 6_001)?.command).toBe('plateau run ./a.mjs --seed 1 --duration 30s --rounds 42');
    expect(ended(60, 6_001)?.command).toBe('plateau run ./a.mjs --seed 1 --duration 30s --rounds 103');
  });
});

test('a run of plain requests is given a longer time, and what stands in its quotes stays', () => {
  const undecided = findingWith({ metric: 'heapUsed', verdict: 'inconclusive', cyclesToDecide: 2_410 });
  const [advice] = adviceFor(
    recordWith({
      verdict: 'inconclusive',
      exitCode: 2,
      counts: { cycles: 1_043, created: 1_043, destroyed: 1_043, failed: 0, rounds: 13, warmupRounds: 5 },
      rerun: "plateau http --start 'node server.js --duration 9s' /search --duration 4s --seed 1",
      findings: [undecided],
    }),
  );
  expect(advice?.command).toMatch(
    /^plateau http --start 'node server\.js --duration 9s' \/search --seed 1 --duration \d+s$/,
  );
});

test.each([
  ["plateau http --start 'node a.js' '/search?q={input}' --seed 1", 256, ['/search?q={cycle}']],
  ["plateau http --start 'node a.js' '/search?q={cycle}' --seed 1", 'fresh', []],
  ['plateau http --start "node a.js" /search --seed 1', 256, []],
  ['plateau run ./a.mjs --seed 1', 256, []],
])(
  'after a plateau of %s with %s inputs, ever-new ones are advised where they come again',
  (rerun, universe, paths) => {
    const advice = adviceFor(recordWith({ verdict: 'plateau', exitCode: 0, rerun, parameters: { universe } }));
    expect(advice).toHaveLength(paths.length);
    for (const path of paths) expect(advice[0]?.command).toBe(`plateau http --start 'node a.js' '${path}' --seed 1`);
  },
);

test.each([
  ['probe:objects', ['plateau doctor']],
  ['inside-view:python', ['plateau doctor']],
  ['rest', []],
  ['settled', []],
])('the check %s that failed leads to %j', (check, commands) => {
  const audit = [{ check, ok: false, detail: 'it was not so' }];
  const advice = adviceFor(recordWith({ parameters, verdict: 'inconclusive', exitCode: 2, audit, findings: [] }));
  expect(advice.map(({ command }) => command)).toEqual(commands);
});

test('after a stall, what to do depends on whether calls wait or the event loop is blocked', () => {
  const textOf = (kind?: 'call' | 'cpu') => {
    const perCycle = { estimate: 1, low: 1, high: 1, unit: 'calls' };
    const suspects = kind === undefined ? [] : [{ kind, description: 'store.ts:7', perCycle, share: 1 }];
    return adviceFor(recordWith({ parameters, verdict: 'stalled', exitCode: 1, suspects }))[0]!.text;
  };
  expect(textOf('call')).toMatch(/waiting calls/);
  expect(textOf('cpu')).toMatch(/does not return/);
  expect(textOf()).toMatch(/its log, its locks/);
});

test('a target that limits how often it is asked is driven more slowly', () => {
  const failed = { operation: 'GET /', phase: 'create', kind: 'HTTP 429', count: 900, message: 'slow down' } as const;
  const [advice] = adviceFor(
    recordWith({
      verdict: 'inconclusive',
      exitCode: 2,
      startedAt: '2026-01-01T00:00:00.000Z',
      endedAt: '2026-01-01T00:00:10.000Z',
      counts: { cycles: 1_150, created: 250, destroyed: 250, failed: 900, rounds: 30, warmupRounds: 5 },
      rerun: 'plateau http http://127.0.0.1:3000/ --seed 1',
      failures: [failed],
    }),
  );
  expect(advice?.command).toBe('plateau http http://127.0.0.1:3000/ --seed 1 --rate 20');
});
