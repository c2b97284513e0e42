import { describe, expect, test } from 'vitest';
import {
  fellInCensus,
  growthAtRest,
  isFullAfterADay,
  releaseAtRest,
} from '../../../../harness/analyse/decide/at-rest.js';
import type { Decision } from '../../../../harness/analyse/decide/decision.js';
import type { Tolerance } from '../../../../harness/analyse/decide/tolerance.js';
import type { FloorSeries } from '../../../../harness/analyse/series/floors.js';
import type { Rest } from '../../../../harness/analyse/series/rests.js';
import { msPerHour } from '../../../../harness/model/units.js';
import { syntheticRun } from '../../../support/synthetic-run.js';

/** 10,000 cycles in 10 s, from 1 MiB or from none. */
const cyclesDriven = 10_000;
const drivenMs = 10_000;
const bytesFrom = 1_048_576;

const tolerance = (unit: 'B' | 'entries') => ({ unit }) as Tolerance;
const growing = (perCycle: number): Decision =>
  ({ state: 'leak', slope: { estimate: perCycle, low: perCycle, high: perCycle }, warmupFloors: 0 }) as Decision;

function driven(perCycle: number, from = 0): FloorSeries {
  const cycles = Float64Array.from({ length: 11 }, (_, floor) => (floor * cyclesDriven) / 10);
  return {
    cycles,
    values: cycles.map((at) => from + perCycle * at),
    elapsedMs: cycles.map((at) => (at * drivenMs) / cyclesDriven),
    rows: Uint32Array.from(cycles.keys()),
  };
}

const restOf = (values: readonly number[], everyMs: number, beforeJump = values.length): Rest => ({
  cycles: cyclesDriven,
  drivenMs,
  durationMs: (values.length - 1) * everyMs,
  values,
  atMs: values.map((_, at) => at * everyMs),
  cyclesAt: values.map(() => cyclesDriven),
  beforeJump,
  followsCensus: false,
});

describe('what a rest gives back', () => {
  const released = (...of: Parameters<typeof releaseAtRest>) => releaseAtRest(...of)?.release;
  /** At once when the rest begins, of growth by 100 entries. */
  const given = (entries: number) =>
    released(growing(0.01), driven(0.01), [restOf([100 - entries, 100 - entries, 100 - entries], 400)], {
      ...tolerance('entries'),
    });

  test('is a release from a quarter of the growth on', () => {
    expect(given(30)).toEqual({ share: 0.3, withinMs: 0 });
    expect(given(24)).toBeUndefined();
  });

  test('is at least eight of what is counted', () => {
    const few = (entries: number) =>
      released(growing(0.001), driven(0.001), [restOf([10 - entries], 400)], tolerance('entries'));
    expect([few(8)?.share, few(7)]).toEqual([0.8, undefined]);
  });

  test('is no more than all of the growth', () => {
    const more = released(growing(0.01), driven(0.01, 50), [restOf([40, 20, 20], 400)], tolerance('entries'));
    expect(more?.share).toBe(1);
  });

  test('in bytes is what went after the census, at least 96 KiB, or most of the growth with what went before', () => {
    const bytes = (perCycle: number, beforeRest: number, atRest: number) => {
      const end = bytesFrom + perCycle * cyclesDriven - beforeRest;
      const values = [end, end - atRest, end - atRest, end - atRest];
      return released(growing(perCycle), driven(perCycle, bytesFrom), [restOf(values, 400)], tolerance('B'));
    };
    expect(bytes(30, 0, 97 * 1024)).toMatchObject({ withinMs: 400 });
    expect(bytes(30, 0, 95 * 1024)).toBeUndefined();
    // Of 1,000 kB: a census that takes 400 kB away is none, one that takes 600 kB is.
    expect(bytes(100, 400_000, 0)).toBeUndefined();
    expect(bytes(100, 600_000, 0)?.share).toBeCloseTo(0.6, 9);
    // Most of a growth so small is what any census takes.
    expect(bytes(39, 380_000, 0)).toBeUndefined();
    expect(bytes(40, 398_000, 0)?.share).toBeCloseTo(0.995, 9);
  });

  test('in bytes is as much as was there while cycles were driven: the census before it slows them down', () => {
    // Of 1,000 kB, 120 kB: an eighth. After 1,000 cycles in 5 s of census it stands for five times as much.
    const end = bytesFrom + 100 * cyclesDriven;
    const values = [end, end - 120_000, end - 120_000, end - 120_000];
    const afterCensus = (cycles: number, forMs: number) =>
      released(
        growing(100),
        driven(100, bytesFrom),
        [{ ...restOf(values, 400), drivenMs: drivenMs + forMs, cyclesAt: values.map(() => cyclesDriven + cycles) }],
        tolerance('B'),
      )?.share;
    expect(afterCensus(1_000, 5_000)).toBeCloseTo(0.6, 9);
    expect([afterCensus(1_000, 1_000), afterCensus(0, 5_000), afterCensus(5_000, 1_000)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('may show in a later rest, where more was driven than what is kept lasts', () => {
    const later = { ...restOf([400, 300, 10, 10, 10], 1_000), cycles: 4 * cyclesDriven };
    const found = releaseAtRest(
      growing(0.01),
      driven(0.01),
      [restOf([100, 100, 100], 400), later],
      tolerance('entries'),
    );
    expect(found).toEqual({ rest: 1, release: { share: 0.975, withinMs: 2_000 } });
  });

  test('was kept for the time after which it went, where the clock was moved on in steps that show it', () => {
    const lastRest = (atMs: readonly number[]): Rest => ({
      ...restOf([100, 100, 2, 2, 2], 0, 1),
      atMs,
      durationMs: atMs.at(-1)!,
    });
    const keptFor = (atMs: readonly number[]) =>
      released(growing(0.01), driven(0.01), [restOf([2, 2, 2], 400), lastRest(atMs)], tolerance('entries'));
    expect(keptFor([0, 54_000, 60_000, 60_500, 61_000])).toMatchObject({ withinMs: 60_000, kept: { estimate: 0.01 } });
    expect(keptFor([0, 40_000, 60_000, 60_500, 61_000])?.kept).toBeUndefined();
  });
});

describe('what goes on at rest', () => {
  const growth = (unit: 'B' | 'entries', perCycle: number, values: readonly number[], everyMs = 10_000) =>
    growthAtRest(growing(perCycle), driven(perCycle), restOf(values, everyMs), tolerance(unit));
  /** Readings from 100 entries on, each 10 s after the one before. */
  const entries = (...steps: readonly number[]) => {
    let at = 100;
    return growth('entries', 0.01, [100, ...steps.map((step) => (at += step))]);
  };

  test('keeps half of the pace that driving had, which was 100 in 10 s', () => {
    expect(entries(60, 60, 60, 60)).toMatchObject({ state: 'goes on', perHour: { estimate: 21_600 } });
    expect(entries(40, 40, 40, 40)).toBeUndefined();
  });

  test('has bounds as wide as what a count gains for other reasons', () => {
    const { perHour } = entries(60, 60, 60, 60)!;
    const noise = (8 / 40_000) * msPerHour;
    expect(perHour.low).toBeCloseTo(perHour.estimate - noise, 6);
    expect(perHour.high).toBeCloseTo(perHour.estimate + noise, 6);
  });

  test('is known after half a minute, and has ended where the last quarter kept less than a quarter of the pace', () => {
    expect(growth('entries', 0.01, [100, 200, 300], 14_000)?.state).toBe('unclear');
    expect(entries(100, 100, 30, 30)?.state).toBe('goes on');
    expect(entries(100, 100, 20, 20)?.state).toBe('ended');
  });

  test('is more than a few entries, or 96 KiB after the census', () => {
    const few = (by: number) => growth('entries', 0.0001, [1, 1 + by, 1 + by, 1 + by, 1 + by]);
    expect([few(8)?.state, few(7)]).toEqual(['ended', undefined]);
    const bytes = (by: number) => growth('B', 1, [90_000, 90_000 + by / 2, 90_000 + by]);
    expect([bytes(98_304)?.state, bytes(98_303)]).toEqual(['unclear', undefined]);
  });

  test('is not what the cycles bring that keep connections in use', () => {
    // A batch is sent off after 4,000 cycles, each of which adds two entries to it.
    const batch = driven(0);
    const filling = { ...batch, values: batch.cycles.map((at) => 2 * (at % 4_000)) };
    const at = filling.values.at(-1)!;
    const rest = (entriesPerCycle: number) => ({
      ...restOf(
        [0, 20, 40, 60, 80].map((cycles) => at + cycles * entriesPerCycle),
        10_000,
      ),
      cyclesAt: [0, 20, 40, 60, 80].map((cycles) => cyclesDriven + cycles),
    });
    const grown = (entriesPerCycle: number) =>
      growthAtRest(growing(0), filling, rest(entriesPerCycle), tolerance('entries'));
    expect(grown(2)).toBeUndefined();
    // Of four in each, two came with time.
    expect(grown(4)?.state).toBe('goes on');
    expect(grown(4)?.perHour.estimate).toBeCloseTo(14_400, -2);
  });

  test('is not asked of readings after the clock jumped', () => {
    const rest = restOf([100, 160, 220, 280, 340], 10_000, 0);
    expect(growthAtRest(growing(0.01), driven(0.01), rest, tolerance('entries'))).toBeUndefined();
  });
});

test('a window over a day is full where a day without cycles brings less than a quarter of what one brought', () => {
  /** 100 entries in each 10 s of driving. */
  const after = (unit: 'B' | 'entries', perCycle: number, rise: number, beforeJump = 3) =>
    isFullAfterADay(growing(perCycle), driven(perCycle), restOf([100, 100, 100 + rise], 10_000, beforeJump), {
      ...tolerance(unit),
    });
  expect([after('entries', 0.01, 49), after('entries', 0.01, 51)]).toEqual([true, false]);
  expect([after('entries', 0.0004, 0), after('entries', 0.0003, 0)]).toEqual([true, false]);
  expect([after('B', 5, 0), after('B', 4, 0)]).toEqual([true, false]);
  expect(after('entries', 0.01, 0, 1)).toBe(false);
});

test('most of the heap that grew is gone in the census from half of it on, and from 384 KiB', () => {
  const fell = (growthBytes: number, bytes: number) => {
    const { samples } = syntheticRun({
      floors: 12,
      phaseOf: (floor) => (floor < 10 ? 'measure' : 'census'),
      metrics: { heapUsed: ({ floor }) => 5e6 + growthBytes - (floor < 10 ? 0 : bytes) },
    });
    return fellInCensus(samples, growthBytes / samples.cycles.at(-1)!);
  };
  expect([fell(1e6, 500_001), fell(1e6, 499_999)]).toEqual([true, false]);
  expect([fell(500_000, 393_217), fell(500_000, 393_215)]).toEqual([true, false]);
});
