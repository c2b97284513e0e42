import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trendOf } from '../../harness/analyse/growth/trend.js';
import { judge } from '../../harness/analyse/judge.js';
import { leastSquares } from '../../harness/analyse/statistics/least-squares.js';
import { median } from '../../harness/analyse/statistics/order-statistics.js';
import type { StoredRun } from '../../harness/model/run-log.js';
import { seededRandom } from '../../harness/platform/random.js';
import { heapFloor, normal, syntheticRun } from '../support/synthetic-run.js';

const seed = fc.integer({ min: 0, max: 1e9 });
const points = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: -1e6, max: 1e6 })), {
    minLength: 3,
    maxLength: 60,
  })
  .filter((pairs) => new Set(pairs.map(([x]) => x)).size > 1);
const line = (pairs: readonly (readonly [number, number])[]) =>
  leastSquares(
    pairs.map(([x]) => x),
    pairs.map(([, y]) => y),
  );
const close = (actual: number, wanted: number) =>
  expect(Math.abs(actual - wanted)).toBeLessThanOrEqual(1e-7 * Math.max(1, Math.abs(wanted)));

test('a fitted slope moves with its data: shift, scale, reversal, permutation', () => {
  fc.assert(
    fc.property(
      points,
      fc.integer({ min: -1e6, max: 1e6 }),
      fc.integer({ min: 1, max: 1000 }),
      (pairs, shift, scale) => {
        const { slope, standardError } = line(pairs);
        close(line(pairs.map(([x, y]) => [x + shift, y + shift])).slope, slope);
        close(line(pairs.map(([x, y]) => [x, y * scale])).slope, slope * scale);
        close(line(pairs.map(([x, y]) => [-x, y])).slope, -slope);
        close(line([...pairs].reverse()).slope, slope);
        if (pairs.length > 3) close(line([...pairs].reverse()).standardError, standardError);
      },
    ),
  );
});

test('a median lies between the values and does not care for their order', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 }), (values) => {
      const middle = median(values);
      expect(middle).toBe(median([...values].reverse()));
      expect(values.filter((value) => value <= middle).length * 2).toBeGreaterThanOrEqual(values.length);
      expect(values.filter((value) => value >= middle).length * 2).toBeGreaterThanOrEqual(values.length);
    }),
  );
});

/** The same run with the values of a metric changed. */
function withValues(run: StoredRun, metric: string, change: (values: Float64Array) => Float64Array): StoredRun {
  const metrics = new Map(run.samples.metrics);
  metrics.set(metric, change(metrics.get(metric)!));
  return { ...run, samples: { ...run.samples, metrics } };
}

const heapOf = (run: StoredRun) => judge(run).findings.find(({ metric }) => metric === 'heapUsed')!;
const leaking = (bytes: number, seeded: number) =>
  syntheticRun({ seed: seeded, metrics: { heapUsed: (place) => heapFloor(place) + bytes * place.cycles } });

test('a level added to every floor changes nothing', () => {
  fc.assert(
    fc.property(
      seed,
      fc.integer({ min: -(2 ** 22), max: 2 ** 34 }),
      fc.constantFrom(0, 16, 300),
      (seeded, level, bytes) => {
        const run = leaking(bytes, seeded);
        const before = heapOf(run);
        const after = heapOf(withValues(run, 'heapUsed', (values) => values.map((value) => value + level)));
        expect(after.verdict).toBe(before.verdict);
        expect(after.slope.estimate).toBeCloseTo(before.slope.estimate, 3);
      },
    ),
    { numRuns: 40 },
  );
});

test('values in any order at all are no leak', () => {
  fc.assert(
    fc.property(seed, fc.constantFrom(0, 100, 5_000), (seeded, bytes) => {
      const random = seededRandom('shuffle', seeded);
      const shuffled = withValues(leaking(bytes, seeded), 'heapUsed', (values) => {
        const order = [...values.keys()].map((index) => [random(), index] as const).sort(([a], [b]) => a - b);
        return Float64Array.from(order, ([, index]) => values[index]!);
      });
      expect(heapOf(shuffled).verdict).not.toBe('leak');
    }),
    // One order in many thousands rises by chance, within the error rate: always the same ones are drawn.
    { numRuns: 200, seed: 1 },
  );
});

test('a leak read backwards is none', () => {
  fc.assert(
    fc.property(seed, fc.integer({ min: 100, max: 10_000 }), (seeded, bytes) => {
      expect(heapOf(withValues(leaking(bytes, seeded), 'heapUsed', (values) => values.toReversed())).verdict).not.toBe(
        'leak',
      );
    }),
    { numRuns: 40 },
  );
});

test('more leak is never less of a verdict', () => {
  fc.assert(
    fc.property(seed, (seeded) => {
      const verdicts = [0, 256, 1_024, 8_192].map((bytes) => heapOf(leaking(bytes, seeded)).verdict);
      expect(verdicts[0]).not.toBe('leak');
      expect(verdicts.slice(1)).toEqual(['leak', 'leak', 'leak']);
    }),
    { numRuns: 40 },
  );
});

test('the order of metrics and the number of times asked change nothing', () => {
  fc.assert(
    fc.property(seed, (seeded) => {
      const run = syntheticRun({
        seed: seeded,
        metrics: { heapUsed: heapFloor, fds: ({ cycles }) => 20 + Math.floor(cycles / 9), threads: () => 11 },
      });
      const metrics = new Map([...run.samples.metrics].reverse());
      const turned = { ...run, samples: { ...run.samples, metrics } };
      expect(JSON.stringify(judge(turned))).toBe(JSON.stringify(judge(run)));
    }),
    { numRuns: 20 },
  );
});

test('an interval holds the truth about as often as it says', () => {
  const runs = 400;
  let missed = 0;
  for (let seeded = 0; seeded < runs; seeded += 1) {
    const random = seededRandom('coverage', seeded);
    const cycles = Float64Array.from({ length: 60 }, (_, index) => 220 * (index + 1));
    const series = {
      cycles,
      values: cycles.map((at) => 6e6 + 40 * at + 9_000 * normal(random)),
      elapsedMs: cycles,
      rows: Uint32Array.from(cycles.keys()),
    };
    const { slope, standardError } = trendOf(series, { shiftMin: 1e6, floorsMin: 20 })!.late;
    // Two standard errors of about thirty floors: 5.5 % in theory; the choice among block lengths costs some.
    if (Math.abs(slope - 40) > 2 * standardError) missed += 1;
  }
  expect(missed / runs).toBeLessThan(0.2);
});
