import { describe, expect, test } from 'vitest';
import { baselineEntryOf, withBaseline } from '../../../../harness/analyse/findings/baseline.js';
import { judge } from '../../../../harness/analyse/judge.js';
import type { StoredRun } from '../../../../harness/model/run-log.js';
import { analyse } from '../../../../harness/run/analyse-run.js';
import { heapFloor, syntheticRun } from '../../../support/synthetic-run.js';

function runWith(seed: number, { entries = 0, files = 0 }): StoredRun {
  return syntheticRun({
    seed,
    events: [{ event: 'end', reason: 'decided', endedAt: '2026-01-31T12:01:00.000Z' }],
    metrics: {
      heapUsed: heapFloor,
      'gauge.sessions': ({ cycles }) => Math.round(entries * cycles),
      fds: ({ cycles }) => 23 + Math.round(files * cycles),
      'fds.file': ({ cycles }) => 3 + Math.round(files * cycles),
    },
  });
}

function judged(run: StoredRun, known: StoredRun) {
  const entry = baselineEntryOf(analyse(known));
  return judge({ ...run, manifest: { ...run.manifest, baseline: { source: 'known', entry } } });
}

const leaking = runWith(1, { entries: 1 });

describe('a run against a baseline', () => {
  test('passes with the growth that is known, and names it', () => {
    const { verdict, reason, findings } = judged(runWith(2, { entries: 1 }), leaking);
    expect(verdict).toBe('plateau');
    expect(reason).toMatch(/^nothing is new: gauge.sessions grows as in the baseline, 2 other/);
    expect(findings.find(({ metric }) => metric === 'gauge.sessions')).toMatchObject({
      verdict: 'known',
      shape: 'linear',
    });
  });

  test('fails for growth that is worse than known', () => {
    const { verdict, findings } = judged(runWith(2, { entries: 1.5 }), leaking);
    expect(verdict).toBe('leak');
    expect(findings[0]).toMatchObject({ metric: 'gauge.sessions', verdict: 'leak' });
    expect(findings[0]!.reason).toMatch(/worse than the known 1 entry per cycle$/);
  });

  test('fails for growth in another metric; its parts are reported beside it', () => {
    const { verdict, findings } = judged(runWith(2, { entries: 1, files: 0.5 }), leaking);
    expect(verdict).toBe('leak');
    expect(findings.map(({ metric, verdict: one }) => `${metric} ${one}`)).toEqual([
      'fds leak',
      'fds.file leak',
      'heapUsed plateau',
      'gauge.sessions known',
    ]);
  });

  test('says so when known growth is gone', () => {
    const { verdict, warnings } = judged(runWith(2, {}), leaking);
    expect(verdict).toBe('plateau');
    expect(warnings).toEqual([expect.stringMatching(/^gauge.sessions leaked in the baseline .* update it/)]);
  });

  test('does not pass when the metric that is known to grow went missing', () => {
    const run = syntheticRun({
      metrics: {
        heapUsed: heapFloor,
        'gauge.sessions': ({ cycles, floor }) => (floor < 6 ? cycles : Number.NaN),
      },
    });
    const { verdict, reason } = judged(run, leaking);
    expect(verdict).toBe('inconclusive');
    expect(reason).toMatch(/^gauge.sessions could not be read/);
  });

  test('of a sound run fails as without one', () => {
    expect(judged(leaking, runWith(2, {})).verdict).toBe('leak');
  });
});

test('a part that the baseline does not name follows its whole', () => {
  const run = runWith(1, { files: 0.5 });
  const { 'fds.file': _, ...metrics } = baselineEntryOf(analyse(run)).metrics;
  const entry = { ...baselineEntryOf(analyse(run)), metrics };
  const { findings } = withBaseline(judge(runWith(2, { files: 0.5 })).findings, entry);
  expect(findings.find(({ metric }) => metric === 'fds.file')).toMatchObject({ verdict: 'known' });
});

test('what is written down again after it was known is still growth', () => {
  const record = analyse(leaking);
  const known = { ...record, findings: record.findings.map((finding) => ({ ...finding, verdict: 'known' as const })) };
  expect(baselineEntryOf(known).metrics['gauge.sessions']).toEqual({
    verdict: 'leak',
    slope: 1,
    low: expect.any(Number),
    high: expect.any(Number),
    unit: 'entries/cycle',
  });
});
