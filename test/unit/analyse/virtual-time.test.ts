import { expect, test } from 'vitest';
import { judge } from '../../../harness/analyse/judge.js';
import type { SamplePhase } from '../../../harness/model/sample.js';
import { type FloorPlace, heapFloor, syntheticRun } from '../../support/synthetic-run.js';

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
  expect(reason).toMatch(/heapUsed is kept for 16 min, then released: \d+ MiB at [\d,]+ cycles per second/);
});

test('what stays although the clock was moved on is a leak', () => {
  expect(judged(restFloors + 1).verdict).toBe('leak');
  const { verdict, finding } = judged(8, 160);
  expect(verdict).toBe('leak');
  expect(finding.slope.estimate).toBeCloseTo(160, -1);
});
