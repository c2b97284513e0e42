import { describe, expect, test } from 'vitest';
import { judge } from '../../../harness/analyse/judge.js';
import { type FloorPlace, heapFloor, syntheticRun } from '../../support/synthetic-run.js';

const measured = 80;
const floorMs = 400;
const cyclesPerMs = 2_000;
const perSecond = 100;

/** Cycles cost next to nothing, and most of the time passes at floors; then the target rests for so many of them. */
function entriesFinding(restFloors: number, entries: (place: FloorPlace) => number) {
  const run = syntheticRun({
    floors: measured + restFloors,
    settleMs: floorMs,
    msPerCycle: 1 / cyclesPerMs,
    cyclesPerRound: 40_000,
    phaseOf: (floor) => (floor < measured ? 'measure' : 'rest'),
    metrics: { heapUsed: heapFloor, 'gauge.entries': entries },
  });
  const { verdict, findings } = judge(run);
  return { verdict, finding: findings.find(({ metric }) => metric === 'gauge.entries')! };
}

const byTheClock = ({ elapsedMs }: FloorPlace) => Math.floor((elapsedMs * perSecond) / 1_000);

/** Nothing but the rest shows it from entries that come with the cycles. */
function likeTheCycles() {
  let restsSinceMs = 0;
  return ({ cycles, elapsedMs, floor }: FloorPlace) => {
    if (floor <= measured) restsSinceMs = elapsedMs;
    const perMs = cycles / restsSinceMs / 1_000;
    return Math.floor(cycles / 1_000 + perMs * (elapsedMs - restsSinceMs));
  };
}

describe('entries that come by the clock', () => {
  test('are a leak by the hour once they go on coming at rest', () => {
    const { finding } = entriesFinding(100, likeTheCycles());
    expect(finding).toMatchObject({ verdict: 'leak', driver: 'time', slope: { unit: 'entries/h' } });
    expect(finding.reason).toMatch(/^grows by .* per hour, steadily/);
  });

  test('are no plateau, however many cycles there are to each', () => {
    const { finding } = entriesFinding(0, ({ elapsedMs }) => Math.floor(elapsedMs / 50));
    expect(finding).toMatchObject({ verdict: 'inconclusive', driver: 'time', slope: { unit: 'entries/h' } });
    expect(finding.slope.estimate / 72_000).toBeCloseTo(1, 1);
    expect(finding.reason).toMatch(/a window over time that still fills/);
  });

  test('level off once a window over the last minute is full', () => {
    const { verdict, finding } = entriesFinding(200, (place) => Math.min(byTheClock(place), 5_500));
    expect(finding).toMatchObject({ verdict: 'plateau', shape: 'saturating', saturation: { level: 5_500 } });
    expect(verdict).toBe('plateau');
  });
});

test('entries that come with the cycles do not come at rest, and stay a leak of theirs', () => {
  const { finding } = entriesFinding(100, ({ cycles }) => Math.floor(cycles / 10));
  expect(finding).toMatchObject({ verdict: 'leak', driver: 'operation', slope: { unit: 'entries/cycle' } });
});
