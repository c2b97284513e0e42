import { expect, test } from 'vitest';
import { storedRunFromCurves } from '../../../../harness/analyse/curves/curve-run.js';
import { judge } from '../../../../harness/analyse/judge.js';
import type { CurveAxis } from '../../../../harness/model/curve.js';
import { type Random, seededRandom } from '../../../../harness/platform/random.js';
import { normal } from '../../../support/synthetic-run.js';

const minuteMs = 60_000;
const mebibyte = 1024 ** 2;

interface Planned {
  readonly readings?: number;
  /** Minutes between readings. */
  readonly every?: number;
  readonly axis?: CurveAxis;
  readonly unit?: string;
  readonly limit?: number;
  readonly restarts?: readonly number[];
  readonly budget?: number;
  readonly seed?: number;
}

/** The finding of a curve whose values follow a function of the hours (or rows) that went by. */
function judged(valueAt: (at: number, random: Random) => number, planned: Planned = {}) {
  const { readings = 600, every = 5, axis = 'time', unit = 'B', limit, restarts = [], budget, seed = 1 } = planned;
  const random = seededRandom(seed, 'curve');
  const positions = Float64Array.from({ length: readings }, (_, row) =>
    axis === 'time' ? row * every * minuteMs : row,
  );
  const values = positions.map((at) => valueAt(axis === 'time' ? at / (60 * minuteMs) : at, random));
  const run = storedRunFromCurves({
    name: 'curve',
    axis,
    startedAtMs: Date.UTC(2026, 2, 1),
    positions,
    curves: [{ metric: 'rss', unit, values, restarts, ...(limit !== undefined && { limit }) }],
  });
  const { verdict, findings } = judge({
    ...run,
    manifest: { ...run.manifest, ...(budget !== undefined && { budgets: { rss: budget } }) },
  });
  return { ...findings[0]!, runVerdict: verdict };
}

const noise = (random: Random) => mebibyte * normal(random);
const daily = (hours: number) => Math.sin((2 * Math.PI * hours) / 24);

test('steady growth over days is a leak, per hour, and its sound twin is a plateau', () => {
  const leak = judged((hours, random) => 100 * mebibyte + mebibyte * hours + noise(random));
  expect(leak).toMatchObject({ verdict: 'leak', shape: 'linear', driver: 'time', rule: { name: 'curve-grows' } });
  expect(leak.slope.unit).toBe('B/h');
  expect(leak.slope.low).toBeLessThan(mebibyte);
  expect(leak.slope.high).toBeGreaterThan(mebibyte);
  const sound = judged((_, random) => 100 * mebibyte + noise(random));
  expect(sound).toMatchObject({ verdict: 'plateau', runVerdict: 'plateau', rule: { name: 'curve-stays' } });
  expect(sound.reason).toMatch(/^stays: less than .* per hour\. These are no floors: a leak of up to .* could hide in/);
  expect(sound.detectionFloor).toBeGreaterThan(0);
});

test('a daily rhythm is recognised and is no leak; growth beside it is one', () => {
  const rhythm = (hours: number, random: Random) => 200 * mebibyte + 60 * mebibyte * daily(hours) + noise(random);
  const sound = judged(rhythm, { readings: 2016 });
  expect(sound.verdict).toBe('plateau');
  expect(sound.rhythm?.amplitude).toBeGreaterThan(50 * mebibyte);
  expect(sound.reason).toContain('its daily rhythm of ±60 MiB is taken out');
  const leak = judged((hours, random) => rhythm(hours, random) + mebibyte * hours, { readings: 2016 });
  expect(leak.verdict).toBe('leak');
  expect(leak.slope.estimate / mebibyte).toBeCloseTo(1, 1);
});

test('the rising part of a day is no leak, however straight', () => {
  const rising = (hours: number, random: Random) => 200 * mebibyte + 40 * mebibyte * daily(hours - 4) + noise(random);
  expect(judged(rising, { readings: 480, every: 1 })).toMatchObject({
    verdict: 'inconclusive',
    rule: { name: 'curve-may-follow-the-day' },
  });
  const beyond = judged((hours, random) => 200 * mebibyte + 40 * mebibyte * hours + noise(random), {
    readings: 480,
    every: 1,
  });
  expect(beyond.verdict).toBe('leak');
});

test.each([5, 9, 14])('a record of minutes decides too: seed %i', (seed) => {
  const planned = { readings: 120, every: 1 / 60, seed };
  expect(judged((hours, random) => 80 * mebibyte * (1 + 30 * hours) + noise(random), planned).verdict).toBe('leak');
  expect(judged((_, random) => 80 * mebibyte + noise(random), planned).verdict).toBe('plateau');
});

test('what fills or warms up is no leak', () => {
  const filling = (hours: number, random: Random) => mebibyte * (100 + 80 * (1 - Math.exp(-hours / 8))) + noise(random);
  expect(judged(filling, { readings: 700 }).verdict).not.toBe('leak');
});

test('a restart that is known splits the curve: growth in both spans is a leak, its twin is none', () => {
  const spans = (growth: number) => (hours: number, random: Random) =>
    100 * mebibyte + growth * (hours % 30) + noise(random);
  const restarts = [30 * 60 * minuteMs];
  const planned = { readings: 720, restarts };
  const leak = judged(spans(2 * mebibyte), planned);
  expect(leak.verdict).toBe('leak');
  expect(leak.reason).toContain('in 2 spans between restarts');
  expect(judged(spans(0), planned).verdict).toBe('plateau');
});

test('a fall without a known restart says what would decide', () => {
  const saw = judged((hours, random) => 100 * mebibyte + 2 * mebibyte * (hours % 30) + noise(random), {
    readings: 720,
  });
  expect(saw).toMatchObject({ verdict: 'inconclusive', shape: 'sawtooth', rule: { name: 'curve-falls-back' } });
  expect(saw.reason).toContain('record the start time or the pid');
});

test('a limit is forecast with an interval, on growth and on a plateau', () => {
  const leak = judged((hours, random) => 100 * mebibyte + mebibyte * hours + noise(random), { limit: 512 * mebibyte });
  expect(leak.forecast?.per).toBe('h');
  expect(leak.forecast!.low!).toBeLessThan(362);
  expect(leak.forecast!.estimate!).toBeGreaterThan(leak.forecast!.low!);
  expect(leak.forecast!.high!).toBeGreaterThan(362);
  expect(leak.reason).toMatch(/; it reaches 512 MiB in \d.* days \(\S+ days to \S+ days\)$/);
  const sound = judged((_, random) => 100 * mebibyte + noise(random), { limit: 512 * mebibyte });
  expect(sound.forecast?.high).toBeNull();
  const reached = judged((_, random) => 100 * mebibyte + noise(random), { limit: 90 * mebibyte });
  expect(reached.reason).toContain('it has reached 90 MiB');
});

test('a budget decides: within it nothing is a leak, above it anything is', () => {
  const growing = (hours: number, random: Random) => 100 * mebibyte + mebibyte * hours + noise(random);
  expect(judged(growing, { budget: 2 * mebibyte })).toMatchObject({
    verdict: 'plateau',
    rule: { name: 'curve-within-budget' },
  });
  expect(judged(growing, { budget: mebibyte / 2 }).verdict).toBe('leak');
});

test('over rows growth is per row, and percent is a unit', () => {
  const { slope, verdict, reason } = judged((row, random) => 40 + row / 100 + normal(random), {
    axis: 'row',
    unit: '%',
  });
  expect({ verdict, unit: slope.unit }).toEqual({ verdict: 'leak', unit: '%/row' });
  expect(reason).toMatch(/^grows by 0\.01\d* % per row, steadily/);
});

test('few readings are inconclusive, and none are no pass', () => {
  expect(judged(() => mebibyte, { readings: 17 })).toMatchObject({ verdict: 'inconclusive', rounds: 0 });
  expect(judged(() => mebibyte, { readings: 0 }).runVerdict).toBe('inconclusive');
});

/** Kinds of curves without a lasting rise; what lasts for long looks like growth now and then. */
const sound: Readonly<Record<string, (readings: number, random: Random) => (at: number) => number>> = {
  'white noise': (_, random) => () => 100 + normal(random),
  'noise that lasts': (_, random) => {
    let level = 0;
    return () => {
      level = 0.95 * level + normal(random);
      return 100 + level;
    };
  },
  'random walk': (_, random) => {
    let level = 100;
    return () => {
      level += normal(random);
      return level;
    };
  },
  sawtooth: (readings, random) => {
    const period = readings * (0.03 + 0.5 * random());
    const phase = random();
    return (at) => 100 + 20 * ((at / period + phase) % 1) + normal(random);
  },
  step: (readings, random) => {
    const place = readings * random();
    return (at) => (at > place ? 110 : 100) + normal(random);
  },
};

test.each(Object.entries(sound))('of 300 curves of %s, at most six are called a leak', (kind, make) => {
  const readings = 400;
  const random = seededRandom(3, kind);
  let leaks = 0;
  for (let curve = 0; curve < 300; curve += 1)
    if (judged(make(readings, random), { axis: 'row', unit: '', readings }).verdict === 'leak') leaks += 1;
  expect(leaks).toBeLessThanOrEqual(6);
});

test.each([
  [3.5, 'inconclusive'],
  [12, 'leak'],
] as const)('memory that rises by %f MiB within half a minute: %s', (mebibytes, verdict) => {
  const halfMinute = { readings: 150, every: 1 / 300 };
  const curve = judged(
    (hours, random) => 60 * mebibyte + mebibytes * mebibyte * hours * 120 + noise(random) / 20,
    halfMinute,
  );
  expect(curve.verdict).toBe(verdict);
});

test.each(['constructor', '__proto__'])('a curve called %s is judged as any other', (metric) => {
  const positions = Float64Array.from({ length: 600 }, (_, row) => row * minuteMs);
  const curve = { metric, unit: 'B', values: positions.map((at) => 8 * mebibyte + at), restarts: [] };
  const run = storedRunFromCurves({ name: 'curve', axis: 'time', startedAtMs: 0, positions, curves: [curve] });
  expect(judge(run).findings).toMatchObject([{ metric, unit: 'B', budget: expect.any(Number) }]);
});
