import { expect, test } from 'vitest';

interface PlotSketch {
  readonly data: readonly (readonly (number | null)[])[];
  readonly scales: { readonly x: { readonly min: number; readonly max: number } };
}

/** The page's own script. */
const { rangeOf } = (await import(new URL('../../../reporters/html/client/plot.js', import.meta.url).href)) as {
  rangeOf(
    chart: { readonly tone: string },
    view: () => string,
    isPlanted: (at: number) => boolean,
  ): (plot: PlotSketch) => [number, number];
};

const none = [null, null, null, null, null, null];
/** Three judged floors, one of a control round, one at rest, and a sample under load. */
const plot: PlotSketch = {
  data: [
    [0, 1, 2, 3, 4, 5],
    [null, null, null, null, null, 90_000],
    [null, null, null, null, null, 90_000],
    none,
    none,
    none,
    [null, null, null, 80_000, 500, null],
    [100, 110, 120, null, null, null],
  ],
  scales: { x: { min: 0, max: 5 } },
};

test('a floor at rest is in the picture of a leak, what a control round planted is not', () => {
  const [low, high] = rangeOf(
    { tone: 'bad' },
    () => 'clipped',
    (at) => at === 3,
  )(plot);
  expect(low).toBeLessThan(100);
  expect(high).toBeGreaterThan(500);
  expect(high).toBeLessThan(2_000);
});

test('all of it is in the picture of a metric that levels off', () => {
  const range = rangeOf(
    { tone: 'good' },
    () => 'clipped',
    (at) => at === 3,
  );
  expect(range(plot)[1]).toBeGreaterThan(90_000);
});
