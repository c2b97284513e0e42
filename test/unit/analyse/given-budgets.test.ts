import { describe, expect, test } from 'vitest';
import { judge } from '../../../harness/analyse/judge.js';
import type { Finding } from '../../../harness/model/run-record.js';
import { type FloorPlace, heapFloor, normal, type SyntheticRun, syntheticRun } from '../../support/synthetic-run.js';

const judged = (plan: SyntheticRun) => judge(syntheticRun(plan));
const find = (findings: readonly Finding[], metric: string) => findings.find((finding) => finding.metric === metric);
const steady = { throughput: () => 900, successRate: () => 1, fds: () => 23, heapUsed: heapFloor };

describe('a budget that the user gives', () => {
  const rss =
    (bytes: number) =>
    ({ cycles, random }: FloorPlace) =>
      9e7 + bytes * cycles + 4096 * normal(random);
  const within = (bytes: number, budgets: Record<string, number>, parts: SyntheticRun['metrics'] = {}) =>
    judged({ floors: 120, manifest: { budgets }, metrics: { ...steady, rss: rss(bytes), ...parts } });

  test('lets resident memory of a Node target decide', () => {
    expect(within(4_000, { rss: 1024 })).toMatchObject({ verdict: 'leak', findings: [{ metric: 'rss' }, {}, {}] });
    expect(find(within(100, { rss: 1024 }).findings, 'rss')?.verdict).toBe('plateau');
    expect(within(0, { rss: 0.001 })).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/^rss between/),
    });
  });

  test('lets a part decide, and what is counted seldom', () => {
    const parts = {
      'fds.file': () => 9,
      objects: ({ floor }: FloorPlace) => (floor < 117 ? Number.NaN : 8_123),
    };
    const { verdict, findings } = within(0, { 'fds.file': 0.01, objects: 1 }, parts);
    expect(find(findings, 'fds.file')?.verdict).toBe('plateau');
    expect(find(findings, 'objects')?.verdict).toBe('inconclusive');
    expect(verdict).toBe('inconclusive');
  });

  test('may allow growth, which is reported as growth and not as a level', () => {
    const { verdict, findings } = judged({
      floors: 120,
      manifest: { budgets: { arrayBuffers: 64 * 1024 } },
      metrics: { ...steady, arrayBuffers: ({ cycles }) => 10_000 + 600 * cycles },
    });
    expect(verdict).toBe('plateau');
    const buffers = find(findings, 'arrayBuffers');
    expect(buffers).toMatchObject({ verdict: 'plateau', shape: 'linear' });
    expect(buffers?.reason).toMatch(/^grows by 600 B per cycle, within the budget of 64 KiB/);
    expect(buffers?.saturation).toBeUndefined();
  });

  test('lets a cache that has filled be reported by its level still', () => {
    const { findings } = judged({
      floors: 120,
      manifest: { budgets: { arrayBuffers: 64 * 1024 } },
      metrics: { ...steady, arrayBuffers: ({ cycles }) => 10_000 + 600 * Math.min(cycles, 5_000) },
    });
    expect(find(findings, 'arrayBuffers')).toMatchObject({ shape: 'saturating', saturation: { level: 3_010_000 } });
  });
});
