import { describe, expect, test } from 'vitest';
import { judge } from '../../../../harness/analyse/judge.js';
import type { LocatedTimer } from '../../../../harness/model/pending-timer.js';
import type { RunEvent } from '../../../../harness/model/run-log.js';
import { heapFloor, syntheticRun } from '../../../support/synthetic-run.js';

const measured = 60;
const restFloors = 6;
/** With its floors 20 ms apart, each rest of the synthetic run lasts some 0.1 s. */
const minuteMs = 60_000;

const sweeper: LocatedTimer = {
  count: 1,
  everyMs: minuteMs,
  dueMs: minuteMs,
  collections: [{ name: 'sessions', entries: 12_000 }],
  place: 'server.mjs:12',
  location: { file: '/app/server.mjs', line: 12 },
};

function readings(timer: LocatedTimer, entriesBefore: number): RunEvent[] {
  const earlier = { ...timer, collections: [{ name: 'sessions', entries: entriesBefore }] };
  return [
    { event: 'timers', cycles: 9_000, elapsedMs: 5_000, timers: [earlier] },
    { event: 'timers', cycles: 13_000, elapsedMs: 7_000, timers: [timer] },
  ];
}

function findings(events: readonly RunEvent[], metric: 'heapUsed' | 'fds' = 'heapUsed') {
  const grown = metric === 'heapUsed' ? 400 : 4;
  const run = syntheticRun({
    floors: measured + restFloors,
    phaseOf: (floor) => (floor < measured ? 'measure' : 'rest'),
    metrics: {
      heapUsed: heapFloor,
      [metric]: (place) => (metric === 'heapUsed' ? heapFloor(place) : 20) + grown * place.cycles,
    },
    events,
  });
  return judge(run).findings.find((finding) => finding.metric === metric)!;
}

describe('growth that stays while the target rests', () => {
  test('is undecided while a timer that names what grows is due later', () => {
    const finding = findings(readings(sweeper, 8_000));
    expect(finding).toMatchObject({ verdict: 'inconclusive', rule: { name: 'due-later' } });
    expect(finding.pending).toMatchObject({ dueMs: minuteMs, collection: 'sessions', entries: 12_000 });
    expect(finding.reason).toContain('the interval of 1 min at server.mjs:12');
    expect(finding.reason).toContain('`plateau run synthetic --virtual-time`');
  });

  test('is settled by a target that plateau starts where it ran already', () => {
    const { reason } = findings([{ event: 'attached', isStarted: false }, ...readings(sweeper, 8_000)]);
    expect(reason).toMatch(/to decide, let plateau start the target, with `--virtual-time`$/);
    expect(reason).not.toContain('plateau run');
  });

  test('is undecided until what the sweeper keeps has outlived its time', () => {
    const often = { ...sweeper, everyMs: 10, dueMs: 10 };
    expect(findings(readings({ ...often, keepsMs: 30 * minuteMs }, 8_000)).verdict).toBe('inconclusive');
    expect(findings(readings({ ...often, keepsMs: 20 }, 8_000)).verdict).toBe('leak');
  });

  test('is a leak where the timer fired, or names nothing that grows', () => {
    expect(findings(readings({ ...sweeper, everyMs: 10, dueMs: 10 }, 8_000)).verdict).toBe('leak');
    expect(findings(readings(sweeper, 12_000)).verdict).toBe('leak');
    expect(findings([]).verdict).toBe('leak');
  });

  test('is a leak of more descriptors than the entries could hold', () => {
    expect(findings(readings(sweeper, 8_000), 'fds').verdict).toBe('leak');
  });
});
