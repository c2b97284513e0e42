import { expect, test } from 'vitest';
import { judge } from '../../../harness/analyse/judge.js';
import type { SamplePhase } from '../../../harness/model/sample.js';
import { seededRandom } from '../../../harness/platform/random.js';
import { clockOfDays, type FloorPlace, heapFloor, syntheticRun } from '../../support/synthetic-run.js';

const measured = 60;
const restFloors = 12;
const reloadFloors = 6;
const minuteMs = 60_000;

const placeInPeriod = (floor: number) => (floor - measured) % (restFloors + reloadFloors);

function phaseOf(floor: number): SamplePhase {
  if (floor < measured) return 'measure';
  return placeInPeriod(floor) < restFloors ? 'rest' : 'reload';
}

/** The clock of the target is moved on by two minutes at each floor of a rest but the first. */
function clockMovedMs({ floor }: FloorPlace): number {
  if (floor < measured) return 0;
  const rests = Math.floor((floor - measured) / (restFloors + reloadFloors));
  const steps = Math.min(restFloors - 1, placeInPeriod(floor));
  return 2 * minuteMs * (rests * (restFloors - 1) + steps);
}

/** The same, and by eight minutes before each round between two rests. */
const movedWhileDriven = (place: FloorPlace): number => {
  const after = place.floor - measured;
  if (after < 0) return 0;
  const rests = Math.floor(after / (restFloors + reloadFloors));
  const rounds = rests * reloadFloors + Math.max(0, placeInPeriod(place.floor) - restFloors + 1);
  return clockMovedMs(place) + 8 * minuteMs * rounds;
};

/** Each cycle keeps 400 B until the target has rested for so many floors, and so much for good. */
function judged(goneAfterFloors: number, keptBytes = 0) {
  let releasedAt = 0;
  const run = syntheticRun({
    floors: measured + 3 * (restFloors + reloadFloors),
    phaseOf,
    metrics: {
      clockMovedMs,
      heapUsed: (place) => {
        if (phaseOf(place.floor) === 'rest' && placeInPeriod(place.floor) >= goneAfterFloors) releasedAt = place.cycles;
        return heapFloor(place) + 400 * (place.cycles - releasedAt) + keptBytes * place.cycles;
      },
    },
  });
  const { findings, verdict, reason } = judge(run);
  return { verdict, reason, finding: findings.find(({ metric }) => metric === 'heapUsed')! };
}

test('what goes once the clock was moved on is kept for that time, at a level', () => {
  const { verdict, reason, finding } = judged(8);
  expect(verdict).toBe('plateau');
  expect(finding.release!.withinMs / minuteMs).toBeCloseTo(16, 0);
  const { low, estimate, high } = finding.release!.level!;
  expect(low).toBeLessThan(estimate);
  expect(estimate).toBeLessThan(high);
  expect(reason).toMatch(
    /heapUsed is kept for 16 min, then released: \d+ MiB \(\d+ MiB to \d+ MiB\) at [\d,]+ cycles per second/,
  );
});

test('what stays although the clock was moved on is a leak', () => {
  expect(judged(restFloors + 1).verdict).toBe('leak');
  const { verdict, finding } = judged(8, 160);
  expect(verdict).toBe('leak');
  expect(finding.slope.estimate).toBeCloseTo(160, -1);
});

/** What is known of a heap of which the clock also moves on between rounds. */
function judgedInUse(heapUsed: (place: FloorPlace) => number) {
  const floors = measured + 2 * (restFloors + reloadFloors);
  const run = syntheticRun({ floors, phaseOf, metrics: { clockMovedMs: movedWhileDriven, heapUsed } });
  return judge(run).findings.find(({ metric }) => metric === 'heapUsed')!;
}

test('what goes at rest and grows as before while the clock moves between rounds is a leak', () => {
  let releasedAt = 0;
  const finding = judgedInUse((place) => {
    // A connection that was idle for 16 minutes is closed.
    if (phaseOf(place.floor) === 'rest' && placeInPeriod(place.floor) >= 8) releasedAt = place.cycles;
    return heapFloor(place) + 400 * (place.cycles - releasedAt);
  });
  expect(finding).toMatchObject({ verdict: 'leak', rule: { name: 'kept-while-in-use' } });
  expect(finding.rule!.numbers.share).toBeCloseTo(1, 0);
  expect(finding.slope.estimate).toBeCloseTo(400, -2);
});

test('what lives for 16 minutes comes to a level while the clock moves between rounds', () => {
  const entries: { readonly atMs: number; readonly cycles: number }[] = [];
  let cyclesBefore = 0;
  const finding = judgedInUse((place) => {
    const nowMs = place.elapsedMs + movedWhileDriven(place);
    entries.push({ atMs: nowMs, cycles: place.cycles - cyclesBefore });
    cyclesBefore = place.cycles;
    const alive = entries.filter(({ atMs }) => nowMs - atMs < 16 * minuteMs);
    return heapFloor(place) + 400 * alive.reduce((sum, { cycles }) => sum + cycles, 0);
  });
  expect(finding).toMatchObject({ verdict: 'plateau', rule: { name: 'flat-from-rest-to-rest' } });
});

test('what a heap gave back with the entries that leaked before is reported, although it alone might be filling', () => {
  let releasedAt = 0;
  const keptSince = ({ floor, cycles }: FloorPlace) => {
    if (phaseOf(floor) === 'rest' && placeInPeriod(floor) >= 8) releasedAt = cycles;
    return cycles - releasedAt;
  };
  const run = syntheticRun({
    floors: measured + 3 * (restFloors + reloadFloors),
    msPerCycle: 0.2,
    parameters: { universe: 'fresh' },
    phaseOf,
    metrics: {
      clockMovedMs,
      'gauge.sessions': keptSince,
      heapUsed: (place) => heapFloor(place) + 400 * keptSince(place),
    },
  });
  const released = judge(run).findings.map(({ metric, verdict, release }) => ({
    metric,
    verdict,
    kept: release?.withinMs,
  }));
  const kept = expect.closeTo(16 * minuteMs, -6);
  expect(released).toContainEqual({ metric: 'gauge.sessions', verdict: 'plateau', kept });
  expect(released).toContainEqual({ metric: 'heapUsed', verdict: 'plateau', kept });
});

test('growth by the hours of a clock that is moved on between rounds is reported per hour of that clock', () => {
  const { clockMovedMs, movedAtMs } = clockOfDays();
  const run = syntheticRun({
    floors: 200,
    parameters: { virtualTime: true, days: 2 },
    metrics: {
      clockMovedMs,
      'gauge.reports': ({ floor }) => 10 + Math.floor(movedAtMs[floor]! / ((60 * minuteMs) / 20)),
    },
  });
  const finding = judge(run).findings.find(({ metric }) => metric === 'gauge.reports')!;
  expect(finding).toMatchObject({ verdict: 'leak', driver: 'time', axis: 'hour' });
  expect(finding.slope.estimate).toBeCloseTo(20, 0);
});

test('what is due later than the clock was moved on names the days that decide', () => {
  const day = 24 * 60 * minuteMs;
  const timer = {
    count: 1,
    everyMs: 7 * day,
    dueMs: 7 * day,
    collections: [{ name: 'visits', entries: 13_000 }],
    place: 'server.js:4:1',
    location: { file: '/server.js', line: 4 },
  };
  const run = syntheticRun({
    floors: measured + restFloors,
    phaseOf,
    parameters: { virtualTime: true },
    metrics: { clockMovedMs, heapUsed: (place) => heapFloor(place) + 400 * place.cycles },
    events: [{ event: 'timers', cycles: 13_000, elapsedMs: 5_000, timers: [timer] }],
  });
  const { verdict, reason } = judge(run);
  expect(verdict).toBe('inconclusive');
  expect(reason).toContain('to decide, run `plateau run synthetic --days 8`');
});

/** A day of quarter hours is driven, then one is rested through: a report is written each quarter, all or those of a day are kept. */
function reportsKept(keeps: 'all' | 'a day') {
  const hourMs = 3_600_000;
  const rounds = 96;
  const random = seededRandom('days');
  const stepsMs = Array.from(
    { length: 2 * rounds },
    (_, floor) => hourMs * (floor < rounds ? 0.125 + 0.25 * random() : 0.25),
  );
  const moved = stepsMs.map((_, floor) => stepsMs.slice(0, floor + 1).reduce((sum, step) => sum + step));
  const movedAt = ({ floor }: FloorPlace) => moved[floor]!;
  const keptMs = keeps === 'all' ? Number.POSITIVE_INFINITY : moved[rounds - 1]!;
  const run = syntheticRun({
    floors: 2 * rounds,
    phaseOf: (floor) => (floor < rounds ? 'measure' : 'rest'),
    parameters: { virtualTime: true, days: 1 },
    metrics: {
      clockMovedMs: movedAt,
      'gauge.reports': (place) => Math.floor(Math.min(keptMs, movedAt(place)) / (hourMs / 4)),
    },
  });
  return judge(run).findings.find(({ metric }) => metric === 'gauge.reports')!;
}

test('what grows with the hours is asked of a further day without cycles: a window over a day is full by then', () => {
  const kept = reportsKept('all');
  expect(kept).toMatchObject({ verdict: 'leak', driver: 'time' });
  expect(kept.slope.estimate).toBeCloseTo(4, 0);
  expect(reportsKept('a day')).toMatchObject({ verdict: 'plateau', rule: { name: 'window-is-full' } });
});
