import { describe, expect, test } from 'vitest';
import { judge } from '../../../harness/analyse/judge.js';
import type { SamplePhase } from '../../../harness/model/sample.js';
import { type FloorPlace, heapFloor, syntheticRun } from '../../support/synthetic-run.js';

const measured = 60;
const manyFloors = 240;
const cyclesPerRound = 220;
const measuredCycles = measured * cyclesPerRound;

/** Driven, then a reading at rest after each of some long drives. */
function phaseOf(floor: number): SamplePhase {
  if (floor < measured) return 'measure';
  return (floor - measured) % (manyFloors + 1) === 0 ? 'rest' : 'reload';
}

const floorsWith = (drives: number) => measured + 1 + drives * (manyFloors + 1);

const filledAt = (most: number) => (place: FloorPlace) => Math.min(place.cycles, most);

function judged(drives: number, entries: (place: FloorPlace) => number) {
  const run = syntheticRun({
    floors: floorsWith(drives),
    cyclesPerRound,
    phaseOf,
    metrics: {
      'gauge.entries': (place) => 10 + Math.floor(entries(place)),
      heapUsed: (place) => heapFloor(place) + 120 * entries(place),
    },
  });
  const { verdict, findings } = judge(run);
  const of = (name: string) => findings.find(({ metric }) => metric === name)!;
  return { verdict, entries: of('gauge.entries'), heapUsed: of('heapUsed') };
}

describe('what seemed to leak, after many more cycles', () => {
  test('is a leak when it has gone on', () => {
    const { verdict, entries, heapUsed } = judged(1, ({ cycles }) => cycles);
    expect(verdict).toBe('leak');
    expect(entries.slope.estimate).toBeCloseTo(1, 2);
    expect(heapUsed).toMatchObject({ verdict: 'leak', shape: 'linear' });
  });

  test('has levelled off when it was full soon after', () => {
    const full = 1.02 * measuredCycles;
    const { verdict, entries, heapUsed } = judged(2, filledAt(full));
    expect(verdict).toBe('plateau');
    expect(entries).toMatchObject({ verdict: 'plateau', shape: 'saturating' });
    expect(heapUsed).toMatchObject({ verdict: 'plateau', shape: 'saturating' });
    expect(entries.saturation!.level).toBeCloseTo(10 + full, 0);
    expect(entries.saturation!.atCycles / full).toBeCloseTo(1, 1);
    expect(entries.reason).toMatch(/^levels off at /);
  });

  test('is not decided when it was full in the midst of them, and has levelled off after as many again', () => {
    const fills = filledAt(2.5 * measuredCycles);
    expect(judged(1, fills)).toMatchObject({ verdict: 'inconclusive', entries: { verdict: 'inconclusive' } });
    expect(judged(2, fills)).toMatchObject({ verdict: 'plateau', entries: { verdict: 'plateau' } });
  });

  test('is a leak when it goes on at half of its pace', () => {
    const slower = ({ cycles }: FloorPlace) =>
      Math.min(cycles, measuredCycles) + Math.max(0, cycles - measuredCycles) / 2;
    const { verdict, entries } = judged(2, slower);
    expect(verdict).toBe('leak');
    expect(entries.slope.estimate).toBeCloseTo(0.5, 1);
  });

  /** Bytes alone, of which a part goes on after a cache is full: until `endsAt`, or for good. */
  const heapWithTable = (drives: number, endsAt: number) => {
    const full = 3 * measuredCycles;
    const heapUsed = (place: FloorPlace) =>
      heapFloor(place) + 150 * Math.min(place.cycles, full) + 34 * Math.max(0, Math.min(place.cycles, endsAt) - full);
    const run = syntheticRun({ floors: floorsWith(drives), cyclesPerRound, phaseOf, metrics: { heapUsed } });
    return judge(run).findings.find(({ metric }) => metric === 'heapUsed')!;
  };

  test('is not decided while a full cache may double its table, and has levelled off once it has', () => {
    const endsAt = 9 * measuredCycles;
    expect(heapWithTable(2, endsAt)).toMatchObject({
      verdict: 'inconclusive',
      rule: { name: 'unclear-from-rest-to-rest' },
    });
    expect(heapWithTable(3, endsAt)).toMatchObject({ verdict: 'plateau', rule: { name: 'flat-from-rest-to-rest' } });
  });

  test('is not decided where what it grows by from rest to rest is now little and now much', () => {
    // Levels of a cache of half a minute at the speeds of a busy machine.
    const levels = [0, 8.3e6, 8.9e6, 12e6];
    const heapUsed = (place: FloorPlace) => {
      const drives = Math.floor((place.floor - measured + manyFloors) / (manyFloors + 1));
      return heapFloor(place) + 540 * Math.min(place.cycles, measuredCycles) + (levels[drives] ?? 0);
    };
    const run = syntheticRun({ floors: floorsWith(3), cyclesPerRound, phaseOf, metrics: { heapUsed } });
    expect(judge(run).findings.find(({ metric }) => metric === 'heapUsed')).toMatchObject({ verdict: 'inconclusive' });
  });

  test('is a leak when a part of its bytes goes on for longer than a table doubles', () => {
    expect(heapWithTable(3, Number.POSITIVE_INFINITY)).toMatchObject({
      verdict: 'leak',
      rule: { name: 'grows-from-rest-to-rest' },
    });
  });
});
