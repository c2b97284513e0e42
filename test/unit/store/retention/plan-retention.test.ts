import { describe, expect, it } from 'vitest';
import { planRetention, type RetentionLimits } from '../../../../harness/store/retention/plan-retention.js';
import type { Survey, SurveyedRun } from '../../../../harness/store/retention/survey-runs.js';

const day = 86_400_000;
const now = 1_000 * day;
const roomy: RetentionLimits = {
  sizeBytes: 10_000,
  ageMs: 90 * day,
  snapshotAgeMs: 14 * day,
  snapshotSizeBytes: 10_000,
};

/** A run of 100 bytes; `snapshots` on top of them. */
function run(
  id: string,
  ageDays: number,
  changes: Partial<SurveyedRun> & { snapshotBytes?: number } = {},
): SurveyedRun {
  const { snapshotBytes = 0, ...rest } = changes;
  return {
    id,
    directory: `/runs/${id}`,
    startedEpochMs: now - ageDays * day,
    series: 'sessions',
    inUse: false,
    bytes: 100 + snapshotBytes,
    snapshots: snapshotBytes > 0 ? [{ path: `/runs/${id}/a.heapsnapshot`, bytes: snapshotBytes }] : [],
    ...rest,
  };
}

function plan(runs: readonly SurveyedRun[], limits: Partial<RetentionLimits> = {}, pinned: readonly string[] = []) {
  const survey: Survey = { runs, nights: [], leftovers: [] };
  const { deletions, ...rest } = planRetention(survey, { ...roomy, ...limits }, new Set(pinned), now);
  return { ...rest, deleted: deletions.map(({ kind, id }) => `${kind} ${id}`), whys: deletions.map(({ why }) => why) };
}

describe('retention', () => {
  it('deletes what is too old, and keeps the last run of each scenario', () => {
    const runs = [run('a', 200), run('b', 100), run('c', 95), run('d', 100, { series: 'uploads' })];
    expect(plan(runs)).toMatchObject({
      deleted: ['run a', 'run b'],
      whys: ['older than 90 days', 'older than 90 days'],
      spared: { 'last of its scenario': 2, pinned: 0, 'in use': 0 },
      exceeds: false,
    });
  });

  it('deletes the oldest until the rest fits, snapshots before runs', () => {
    const runs = [run('a', 9, { snapshotBytes: 500 }), run('b', 8), run('c', 7, { snapshotBytes: 500 }), run('d', 6)];
    expect(plan(runs, { sizeBytes: 1_000 })).toMatchObject({ deleted: ['snapshots a'], bytesAfter: 900 });
    expect(plan(runs, { sizeBytes: 350 }).deleted).toEqual(['snapshots c', 'run a']);
    expect(plan(runs, { sizeBytes: 250 })).toMatchObject({
      deleted: ['snapshots c', 'run a', 'run b'],
      bytesAfter: 200,
    });
  });

  it('deletes snapshots by limits of their own, of the last run too', () => {
    const runs = [
      run('a', 20, { snapshotBytes: 10 }),
      run('b', 3, { snapshotBytes: 10 }),
      run('c', 2, { snapshotBytes: 10 }),
    ];
    expect(plan(runs).deleted).toEqual(['snapshots a']);
    expect(plan(runs, { snapshotSizeBytes: 15 }).deleted).toEqual(['snapshots a', 'snapshots b']);
    expect(plan(runs, { snapshotSizeBytes: 5 }).deleted).toEqual(['snapshots a', 'snapshots b', 'snapshots c']);
  });

  it('touches nothing that is in use or pinned, snapshots included, and says when that is too much', () => {
    const runs = [
      run('used', 200, { inUse: true, snapshotBytes: 900 }),
      run('pinned', 199, { snapshotBytes: 900 }),
      run('night', 198, { night: 'n1' }),
      run('last', 1),
    ];
    const survey: Survey = {
      runs,
      nights: [{ id: 'n1', directory: '/nights/n1', startedEpochMs: now - 198 * day, inUse: true, bytes: 10 }],
      leftovers: [],
    };
    const tight = { ...roomy, sizeBytes: 1, snapshotSizeBytes: 1 };
    expect(planRetention(survey, tight, new Set(['pinned']), now)).toMatchObject({
      deletions: [],
      spared: { 'in use': 2, pinned: 1, 'last of its scenario': 1 },
      exceeds: true,
    });
  });

  it('deletes old nights, and what a deletion that was cut short left', () => {
    const survey: Survey = {
      runs: [],
      nights: [{ id: 'n1', directory: '/nights/n1', startedEpochMs: now - 100 * day, inUse: false, bytes: 10 }],
      leftovers: [{ directory: '/runs/half', bytes: 5 }],
    };
    const { deletions, bytesAfter } = planRetention(survey, roomy, new Set(), now);
    expect(deletions.map(({ kind, paths }) => [kind, ...paths])).toEqual([
      ['leftover', '/runs/half'],
      ['night', '/nights/n1'],
    ]);
    expect(bytesAfter).toBe(0);
  });
});
