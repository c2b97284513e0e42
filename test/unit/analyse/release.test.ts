import { describe, expect, test } from 'vitest';
import { judge } from '../../../harness/analyse/judge.js';
import type { SamplePhase } from '../../../harness/model/sample.js';
import { type FloorPlace, heapFloor, syntheticRun } from '../../support/synthetic-run.js';

const measured = 60;
const restFloors = 6;
const reloadFloors = 6;

/** Driven, then at rest, then driven and at rest again, as often as is wanted. */
function phaseOf(floor: number): SamplePhase {
  if (floor < measured) return 'measure';
  return (floor - measured) % (restFloors + reloadFloors) < restFloors ? 'rest' : 'reload';
}

const floorsWith = (reloads: number) => measured + restFloors + reloads * (reloadFloors + restFloors);

/**
 * What each cycle keeps until the target has rested for a while:
 *
 *        /|     /|
 *      /  |   /  |
 *    /    |__/   |__
 */
function keptForATime(bytesPerCycle: number) {
  let restedAt = 0;
  return ({ cycles, floor }: FloorPlace) => {
    const resting = phaseOf(floor) === 'rest' && phaseOf(floor - 3) === 'rest';
    if (resting) restedAt = cycles;
    return bytesPerCycle * (cycles - restedAt);
  };
}

function heapFinding(reloads: number, growth: (place: FloorPlace) => number, cyclesPerRound = 220) {
  const run = syntheticRun({
    floors: floorsWith(reloads),
    cyclesPerRound,
    phaseOf,
    metrics: { heapUsed: (place) => heapFloor(place) + growth(place) },
  });
  const { findings, verdict } = judge(run);
  return { verdict, finding: findings.find(({ metric }) => metric === 'heapUsed')! };
}

describe('growth that looks like a leak while it is driven', () => {
  test('and stays at rest is one', () => {
    const { finding } = heapFinding(0, ({ cycles }) => 400 * cycles);
    expect(finding).toMatchObject({ verdict: 'leak', shape: 'linear' });
    expect(finding.release).toBeUndefined();
  });

  test('and goes at rest is no verdict before another rest has been seen', () => {
    const { verdict, finding } = heapFinding(0, keptForATime(400));
    expect(verdict).toBe('inconclusive');
    expect(finding.release!.share).toBeGreaterThan(0.8);
    expect(finding.reason).toMatch(/given back within [\d.]+ m?s of rest/);
  });

  test('and goes at each rest levels off', () => {
    const { verdict, finding } = heapFinding(1, keptForATime(400));
    expect(verdict).toBe('plateau');
    expect(finding).toMatchObject({ verdict: 'plateau', shape: 'saturating' });
    expect(finding.slope.high).toBeLessThan(finding.budget);
  });

  test('and grows within the budget from rest to rest by more than the allowance never passes', () => {
    const verdictOf = (bytesPerCycle: number) => {
      const kept = keptForATime(40);
      return heapFinding(1, (place) => kept(place) + bytesPerCycle * place.cycles, 2_200).verdict;
    };
    expect(verdictOf(0)).toBe('plateau');
    expect(verdictOf(4)).toBe('inconclusive');
  });

  /** Kept for longer than was driven before the first rest: it goes from the second one on. */
  function keptForLong(bytesPerCycle: number) {
    const kept = keptForATime(bytesPerCycle);
    return (place: FloorPlace) =>
      place.floor < measured + restFloors + reloadFloors ? bytesPerCycle * place.cycles : kept(place);
  }

  test('and goes at a later rest only levels off, once a further rest has come to that level', () => {
    expect(heapFinding(0, keptForLong(400)).verdict).toBe('leak');
    expect(heapFinding(1, keptForLong(400)).verdict).toBe('inconclusive');
    const { verdict, finding } = heapFinding(2, keptForLong(400));
    expect(verdict).toBe('plateau');
    expect(finding).toMatchObject({ shape: 'saturating', rule: { name: 'flat-from-rest-to-rest' } });
  });

  test('and goes at a later rest but for a part is a leak of that part', () => {
    const leaking = (reloads: number) => {
      const kept = keptForLong(400);
      return heapFinding(reloads, (place) => kept(place) + 160 * place.cycles);
    };
    expect(leaking(1).verdict).toBe('inconclusive');
    const { verdict, finding } = leaking(3);
    expect(verdict).toBe('leak');
    expect(finding.slope.estimate / 160).toBeCloseTo(1, 1);
  });

  test('and goes but for a part that grows from rest to rest is a leak of that part', () => {
    const kept = keptForATime(400);
    const { verdict, finding } = heapFinding(2, (place) => kept(place) + 160 * place.cycles);
    expect(verdict).toBe('leak');
    expect(finding.slope.low).toBeLessThan(160);
    expect(finding.slope.high).toBeGreaterThan(160);
    expect(finding.slope.estimate).toBeLessThan(250);
  });

  test('and is gone before the rest begins levels off as well', () => {
    const counted = 8;
    const phase = (floor: number): SamplePhase =>
      floor >= measured && floor < measured + counted ? 'census' : phaseOf(floor < measured ? floor : floor - counted);
    let countedAt = 0;
    const run = (reloads: number) =>
      judge(
        syntheticRun({
          floors: floorsWith(reloads) + counted,
          phaseOf: phase,
          metrics: {
            heapUsed: (place) => {
              if (phase(place.floor) === 'census' || phase(place.floor) === 'rest') countedAt = place.cycles;
              return heapFloor(place) + 400 * (place.cycles - countedAt);
            },
          },
        }),
      );
    expect(run(0).verdict).toBe('inconclusive');
    countedAt = 0;
    expect(run(1).verdict).toBe('plateau');
  });

  test('and leaves larger tables behind, once, is not condemned for them', () => {
    const kept = keptForATime(400);
    const grownOnce = ({ floor }: FloorPlace) => (floor >= measured + restFloors ? 400 * 1024 : 0);
    const { verdict } = heapFinding(2, (place) => kept(place) + grownOnce(place));
    expect(verdict).toBe('plateau');
  });

  test('counts are judged from rest to rest too', () => {
    const kept = keptForATime(1);
    const run = (leak: number) =>
      judge(
        syntheticRun({
          floors: floorsWith(2),
          phaseOf,
          metrics: { 'gauge.entries': (place) => 10 + kept(place) + Math.floor(leak * place.cycles) },
        }),
      );
    expect(run(0).verdict).toBe('plateau');
    expect(run(0.1).verdict).toBe('leak');
  });
});

test('a metric that swings too much while it is driven is judged by what stays at rest', () => {
  const swinging = ({ random, floor }: FloorPlace) => (phaseOf(floor) === 'rest' ? 0 : 900 * random());
  const { verdict } = judge(
    syntheticRun({ floors: floorsWith(1), phaseOf, metrics: { fds: (place) => 20 + Math.round(swinging(place)) } }),
  );
  expect(verdict).toBe('plateau');
});

describe('what swings too much while it is driven, and grows from rest to rest', () => {
  const entriesFinding = (reloads: number, levelAt: (place: FloorPlace) => number, cyclesPerRound = 220) => {
    const swing = ({ random, floor }: FloorPlace) => (phaseOf(floor) === 'rest' ? 0 : 9_000 * random());
    const entries = (place: FloorPlace) => 20 + Math.round(levelAt(place) + swing(place));
    const { findings } = judge(
      syntheticRun({ floors: floorsWith(reloads), cyclesPerRound, phaseOf, metrics: { 'gauge.entries': entries } }),
    );
    return findings.find(({ metric }) => metric === 'gauge.entries')!;
  };
  test('is a leak once it grew by as much a cycle in two spans', () => {
    const leak = (reloads: number) => entriesFinding(reloads, ({ cycles }) => cycles / 5);
    expect(leak(1)).toMatchObject({ verdict: 'inconclusive', rule: { name: 'unclear-from-rest-to-rest' } });
    expect(leak(2)).toMatchObject({ verdict: 'leak', rule: { name: 'grows-from-rest-to-rest' } });
    expect(leak(2).slope.estimate).toBeCloseTo(0.2, 3);
  });

  test('is none yet in so few cycles that a cache may fill', () => {
    const grown = (cyclesPerRound: number) => entriesFinding(2, ({ cycles }) => 2 * cycles, cyclesPerRound).rule?.name;
    expect([grown(40), grown(10)]).toEqual(['grows-from-rest-to-rest', 'unclear-from-rest-to-rest']);
  });

  test('is none where the second span brought less, as of a cache that fills', () => {
    let rested = Number.POSITIVE_INFINITY;
    const filling = ({ cycles, floor }: FloorPlace) => {
      if (floor === measured) rested = cycles;
      return 3_000 * (1 - Math.exp(-Math.max(0, cycles - rested) / 2_000));
    };
    expect(entriesFinding(2, filling)).toMatchObject({
      verdict: 'inconclusive',
      rule: { name: 'unclear-from-rest-to-rest' },
    });
  });
});

test('rests tell nothing of a run that went on measuring after them', () => {
  const swingOf = ({ random }: FloorPlace, phase: SamplePhase) => (phase === 'rest' ? 0 : 3e6 * random());
  const run = (further: number) => {
    const rested = floorsWith(1);
    const phase = (floor: number): SamplePhase => (floor < rested ? phaseOf(floor) : 'measure');
    const heapUsed = (place: FloorPlace) => heapFloor(place) + swingOf(place, phase(place.floor));
    return judge(syntheticRun({ floors: rested + further, phaseOf: phase, metrics: { heapUsed } }));
  };
  expect(run(0).verdict).toBe('plateau');
  expect(run(30).verdict).toBe('inconclusive');
});

test('growth in lumps that happens to be flat between the last two rests is no plateau', () => {
  const lumps = ({ random, floor }: FloorPlace) => {
    const swing = phaseOf(floor) === 'rest' ? 0 : 900 * random();
    return 20 + Math.round(swing) + (floor >= measured + restFloors ? 600 : 0);
  };
  const { verdict } = judge(syntheticRun({ floors: floorsWith(2), phaseOf, metrics: { fds: lumps } }));
  expect(verdict).toBe('inconclusive');
});

describe('a table that doubles, and is flat from rest to rest', () => {
  const entryBytes = 36;
  /** Doubles whenever seven eighths of it are used. */
  const tableBytes = (entries: number) => entryBytes * 2 ** Math.ceil(Math.log2((entries * 8) / 7 + 1));
  const table = (entriesMax: number) =>
    heapFinding(2, ({ cycles }) => tableBytes(Math.min(cycles, entriesMax)), 1_100).finding;

  test('has not levelled off when it doubled in the later half of the cycles', () => {
    expect(table(Number.POSITIVE_INFINITY)).toMatchObject({
      verdict: 'inconclusive',
      rule: { name: 'unclear-from-rest-to-rest' },
    });
  });

  test('has levelled off when it doubled last in the earlier half', () => {
    expect(table(20_000)).toMatchObject({ verdict: 'plateau' });
  });
});
