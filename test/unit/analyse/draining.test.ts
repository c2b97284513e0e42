import { expect, test } from 'vitest';
import { judge } from '../../../harness/analyse/judge.js';
import { type FloorPlace, heapFloor, syntheticRun } from '../../support/synthetic-run.js';

const measured = 60;
const restFloors = 40;
/** A floor at rest each second, as many as make a long rest. */
const settleMs = 1_000;

/** A run of a service that keeps 400 B a cycle, and what its heap loses in each of the floors at rest. */
function judgedWith(bytesLostAtRest: (restFloor: number) => number, reloads = 0) {
  const floors = measured + restFloors + reloads * (6 + restFloors);
  const phaseOf = (floor: number) => {
    if (floor < measured) return 'measure' as const;
    return (floor - measured) % (restFloors + 6) < restFloors ? ('rest' as const) : ('reload' as const);
  };
  let lost = 0;
  const kept = ({ cycles, floor }: FloorPlace) => {
    if (phaseOf(floor) === 'rest') lost += bytesLostAtRest((floor - measured) % (restFloors + 6));
    return 400 * cycles - lost;
  };
  const run = syntheticRun({
    floors,
    settleMs,
    phaseOf,
    metrics: { heapUsed: (place) => heapFloor(place) + kept(place) },
  });
  const { verdict, findings } = judge(run);
  return { verdict, finding: findings.find(({ metric }) => metric === 'heapUsed')! };
}

test('a backlog that is not empty when a long rest is over is no verdict: the reason states when it is, and a rate that decides', () => {
  const { verdict, finding } = judgedWith(() => 20_000);
  expect(verdict).toBe('inconclusive');
  expect(finding.reason).toMatch(
    /still fell after [\d.]+ s of rest: it seems to be a backlog, which would be empty after about [\d.]+ (s|min)/,
  );
  expect(finding.reason).toMatch(/`--rate \d+`/);
});

test('a backlog that each load makes longer is no leak from rest to rest', () => {
  expect(judgedWith(() => 8_000, 3).verdict).toBe('inconclusive');
});

test('a leak beside what goes at the beginning of a rest is one', () => {
  expect(judgedWith((floor) => (floor < 10 ? 40_000 : 0)).verdict).toBe('leak');
});

test('what would take longer than an hour to go grows without a limit', () => {
  expect(judgedWith(() => 700).verdict).toBe('leak');
});
