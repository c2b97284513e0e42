import { describe, expect, test } from 'vitest';
import { judge } from '../../../harness/analyse/judge.js';
import type { Finding } from '../../../harness/model/run-record.js';
import { type FloorPlace, heapFloor, type SyntheticRun, syntheticRun } from '../../support/synthetic-run.js';

const judged = (plan: SyntheticRun) => judge(syntheticRun(plan));
const find = (findings: readonly Finding[], metric: string) => findings.find((finding) => finding.metric === metric);
const steady = { throughput: () => 900, successRate: () => 1, fds: () => 23, heapUsed: heapFloor };

describe('budgets', () => {
  const growing = {
    ...steady,
    objects: ({ cycles }: FloorPlace) => 8_000 + 2 * cycles,
    'objects.Version': ({ cycles }: FloorPlace) => 40 + 2 * cycles,
  };

  test('growth within the budget that was given passes, and so do its parts', () => {
    const { verdict, findings } = judged({ manifest: { budgets: { objects: 4 } }, metrics: growing });
    expect(verdict).toBe('plateau');
    expect(find(findings, 'objects')?.reason).toMatch(
      /^grows by 2 objects per cycle, (less than 2\.0\d+ objects per cycle, )?within/,
    );
  });

  test('growth beyond it is a leak, reported by its part too', () => {
    const heapUsed = (place: FloorPlace) => heapFloor(place) + 200 * place.cycles;
    const budgets = { objects: 1.5, heapUsed: 1_000 };
    const { verdict, findings } = judged({ manifest: { budgets }, metrics: { ...growing, heapUsed } });
    expect(verdict).toBe('leak');
    expect(findings.slice(0, 2).map(({ metric }) => metric)).toEqual(['objects', 'objects.Version']);
  });

  test('growth that would take more bytes than the heap has grown by is no leak', () => {
    const { verdict, findings } = judged({ metrics: growing });
    expect(verdict).toBe('inconclusive');
    expect(find(findings, 'objects')?.reason).toMatch(
      /^grows by 2 objects per cycle while it is counted, which the heap does not/,
    );
  });

  test('a budget that was given is never widened: a short run cannot tell', () => {
    const { verdict, findings } = judged({
      manifest: { budgets: { heapUsed: 1 } },
      metrics: { heapUsed: ({ random }) => 8e6 + 90_000 * random() },
    });
    expect(verdict).toBe('inconclusive');
    expect(find(findings, 'heapUsed')).toMatchObject({ budget: 1, cyclesToDecide: expect.any(Number) });
  });
});

describe('gauges', () => {
  test('a counter is never judged', () => {
    const { findings } = judged({
      manifest: { gauges: { served: { kind: 'counter' } } },
      metrics: { ...steady, 'gauge.served': ({ cycles }) => cycles },
    });
    expect(find(findings, 'gauge.served')).toBeUndefined();
  });

  test('a bounded one may grow up to its bound and not beyond', () => {
    const cache = (bound: number) =>
      judged({
        manifest: { gauges: { cache: { kind: 'bounded', bound } } },
        metrics: { ...steady, 'gauge.cache': ({ cycles }) => Math.min(900, cycles) },
      });
    expect(cache(1_000).verdict).toBe('plateau');
    expect(cache(500)).toMatchObject({ verdict: 'leak', reason: expect.stringContaining('above its bound of 500') });
  });

  test('a level that falls steadily runs dry', () => {
    const { verdict, findings } = judged({
      metrics: { ...steady, 'gauge.idleConnections': ({ cycles }) => 900 - Math.floor(cycles / 20) },
    });
    expect(verdict).toBe('leak');
    expect(find(findings, 'gauge.idleConnections')).toMatchObject({
      shape: 'falling',
      slope: { estimate: expect.closeTo(-0.05, 3) },
    });
  });

  test('a pool that ran dry and stays so is found', () => {
    const { findings } = judged({
      metrics: { ...steady, 'gauge.free': ({ cycles }) => Math.max(0, 40 - Math.floor(cycles / 200)) },
    });
    expect(find(findings, 'gauge.free')).toMatchObject({ verdict: 'leak', shape: 'falling' });
  });

  test('a backlog that is worked off is no exhaustion', () => {
    const { verdict } = judged({
      metrics: { ...steady, 'gauge.backlog': ({ cycles }) => Math.max(0, 60 - Math.floor(cycles / 30)) },
    });
    expect(verdict).toBe('plateau');
  });
});
