import { describe, expect, test } from 'vitest';
import { judge } from '../../../harness/analyse/judge.js';
import type { Finding } from '../../../harness/model/run-record.js';
import { heapFloor, type SyntheticRun, syntheticRun } from '../../support/synthetic-run.js';

const judged = (plan: SyntheticRun) => judge(syntheticRun(plan));
const find = (findings: readonly Finding[], metric: string) => findings.find((finding) => finding.metric === metric);
const steady = { throughput: () => 900, successRate: () => 1, fds: () => 23, heapUsed: heapFloor };

const atRate = (ratePerSecond: number, share: number, metrics: SyntheticRun['metrics'] = {}) =>
  judged({ parameters: { ratePerSecond }, metrics: { ...steady, landedShare: () => share, ...metrics } });

describe('missing evidence is no pass', () => {
  test('no samples', () => {
    expect(judged({ floors: 0, metrics: {} })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'there are no samples: nothing was measured; run again',
    });
  });

  test('too few floors', () => {
    const { verdict, reason } = judged({ floors: 9, metrics: { heapUsed: heapFloor } });
    expect(verdict).toBe('inconclusive');
    expect(reason).toMatch(/^heapUsed is not judged: 9 floors are too few; about [\d,]+ cycles in all would decide$/);
  });

  test('a load that did not land', () => {
    const { verdict, reason } = judged({ metrics: { ...steady, successRate: () => 0.03 } });
    expect(verdict).toBe('inconclusive');
    expect(reason).toContain('the load did not land: 3 % of the cycles succeeded');
  });

  test('a load that did not land, reported by the counts alone', () => {
    const { verdict } = judged({
      metrics: { heapUsed: heapFloor },
      events: [{ event: 'counts', round: 1, created: 2, destroyed: 2, failed: 98 }],
    });
    expect(verdict).toBe('inconclusive');
  });

  test('a rate of which the target takes a tenth', () => {
    const { verdict, reason } = atRate(2_000, 0.1);
    expect(verdict).toBe('inconclusive');
    expect(reason).toContain(
      'the load did not land: the target takes 10 % of the 2,000 cycles a second that are asked',
    );
    expect(atRate(2_000, 0.1, { tempFiles: ({ cycles }) => cycles }).verdict).toBe('leak');
  });

  test('a rate of which the target takes most is a pass, with what it takes', () => {
    const { verdict, warnings } = atRate(1_200, 0.75);
    expect(verdict).toBe('plateau');
    expect(warnings).toEqual([expect.stringContaining('takes 75 % of the 1,200 cycles a second')]);
    expect(atRate(900, 1).warnings).toEqual([]);
  });

  test('a metric that stopped being readable', () => {
    const { verdict, findings } = judged({
      metrics: { ...steady, fds: ({ floor }) => (floor < 30 ? 20 : Number.NaN) },
    });
    expect(verdict).toBe('inconclusive');
    expect(find(findings, 'fds')?.reason).toContain('could not be read');
  });

  test('files that became too many to count', () => {
    const { verdict } = judged({
      floors: 80,
      metrics: { ...steady, tempFiles: ({ floor }) => (floor < 40 ? 20 : Number.NaN) },
    });
    expect(verdict).toBe('inconclusive');
  });

  test('a metric with a budget that was never read', () => {
    const { verdict, reason } = judged({ manifest: { budgets: { pss: 100 } }, metrics: steady });
    expect(verdict).toBe('inconclusive');
    expect(reason).toContain('pss has a budget and was never read');
  });

  test('an instrument that failed its control', () => {
    const { verdict, reason } = judged({
      metrics: steady,
      events: [{ event: 'audit', check: 'positive-control', ok: false, detail: 'planted growth was not seen' }],
    });
    expect(verdict).toBe('inconclusive');
    expect(reason).toBe('audit positive-control failed: planted growth was not seen');
  });

  test('but a probe that this machine has not, is only named', () => {
    const { verdict, audit } = judged({
      metrics: steady,
      events: [{ event: 'audit', check: 'probe:pss', ok: false, detail: 'smaps_rollup may not be read' }],
    });
    expect(verdict).toBe('plateau');
    expect(audit).toHaveLength(1);
  });
});

describe('what happened to the run', () => {
  test('a crash comes before a leak', () => {
    const { verdict, reason, findings } = judged({
      metrics: { ...steady, fds: ({ cycles }) => cycles },
      events: [{ event: 'crashed', detail: 'the target ended with signal SIGSEGV', lastLines: [] }],
    });
    expect(verdict).toBe('crashed');
    expect(reason).toContain('SIGSEGV');
    expect(find(findings, 'fds')?.verdict).toBe('leak');
  });

  test('an interrupted run keeps its findings', () => {
    const { verdict, findings } = judged({
      metrics: steady,
      events: [{ event: 'end', reason: 'interrupted', endedAt: '2026-01-31T12:01:00.000Z' }],
    });
    expect(verdict).toBe('interrupted');
    expect(find(findings, 'heapUsed')?.verdict).toBe('plateau');
  });

  test('throughput that falls to nothing is a stall', () => {
    const { verdict, findings } = judged({
      metrics: { ...steady, throughput: ({ floor }) => (floor < 50 ? 900 : 0) },
    });
    expect(verdict).toBe('stalled');
    expect(find(findings, 'throughput')).toMatchObject({ verdict: 'stalled', shape: 'falling' });
  });

  test('success that falls at a cap although nothing grows any more is a refusal', () => {
    const { verdict, reason } = judged({
      metrics: { ...steady, successRate: ({ floor }) => (floor < 40 ? 1 : 0.1) },
    });
    expect(verdict).toBe('refusing');
    expect(reason).toMatch(/^successRate from 100 % of the cycles succeeding to 10 % after \d+ cycles$/);
  });

  test('what grew until the target refused, for want of it, is a leak', () => {
    let fdsMax = 0;
    const { verdict, reason, findings } = judged({
      floors: 90,
      metrics: {
        ...steady,
        fds: ({ cycles, floor }) => {
          if (floor < 40) fdsMax = 20 + cycles;
          return fdsMax;
        },
        successRate: ({ floor }) => (floor < 40 ? 1 : 0),
      },
    });
    expect(verdict).toBe('leak');
    expect(reason).toMatch(/^fds grows by 1 fd per cycle, steadily/);
    expect(find(findings, 'successRate')).toBeUndefined();
  });

  test('a target that refuses from time to time is no refusal, and one that never comes back is', () => {
    const refusesFrom = (floors: number) => (floor: number) => (floor % 20 < 7 || floor >= floors ? 0 : 1);
    const successRate =
      (floors: number) =>
      ({ floor }: { floor: number }) =>
        refusesFrom(floors)(floor + 10);
    expect(judged({ floors: 55, metrics: { ...steady, successRate: successRate(80) } }).verdict).not.toBe('refusing');
    expect(judged({ floors: 80, metrics: { ...steady, successRate: successRate(60) } }).verdict).toBe('refusing');
  });

  test('a small cap that is reached after a few rounds is a refusal too', () => {
    const { verdict } = judged({ metrics: { ...steady, successRate: ({ floor }) => (floor < 6 ? 1 : 0) } });
    expect(verdict).toBe('refusing');
    const neverLanded = judged({ metrics: { ...steady, successRate: ({ floor }) => (floor < 1 ? 1 : 0) } });
    expect(neverLanded).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/^the load did not land/),
    });
  });
});
