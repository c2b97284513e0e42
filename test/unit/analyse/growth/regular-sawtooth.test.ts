import { describe, expect, test } from 'vitest';
import { withoutRegularTeeth } from '../../../../harness/analyse/growth/regular-sawtooth.js';
import { teethOf } from '../../../../harness/analyse/growth/sawtooth.js';
import { leastSquares } from '../../../../harness/analyse/statistics/least-squares.js';
import { seededRandom } from '../../../../harness/platform/random.js';

/** Floors of a buffer of `climb` bytes a cycle that is flushed every `period` cycles, on a floor with a slope. */
function flushed({ floors = 60, period = 1_500, climb = 120, slope = 0, noise = 3_000, irregular = 0 }) {
  const random = seededRandom(7, 'teeth');
  const cycles = new Float64Array(floors);
  const values = new Float64Array(floors);
  let at = 0;
  let flushedAt = 0;
  let next = period;
  for (let floor = 0; floor < floors; floor += 1) {
    at += 110 + Math.floor(220 * random());
    while (at >= next) {
      flushedAt = next;
      next += period * (1 + irregular * (random() - 0.5));
    }
    cycles[floor] = at;
    values[floor] = 4e6 + slope * at + climb * (at - flushedAt) + noise * (random() - 0.5);
  }
  return { cycles, values };
}

describe('a sawtooth that returns every so many cycles', () => {
  //   /| /| /|        _ _ _ _
  //  / |/ |/ |  ->   what is left
  test.each([0, 4, 16])('is taken out, and the slope of its floor of %d B/cycle is left', (slope) => {
    const series = flushed({ slope });
    const left = withoutRegularTeeth(series, teethOf(series.values)!)!;
    const before = leastSquares(series.cycles, series.values);
    const after = leastSquares(left.cycles, left.values);
    expect(Math.abs(after.slope - slope)).toBeLessThan(4 * after.standardError);
    expect(after.standardError).toBeLessThan(before.standardError / 8);
  });

  test('is left alone where the flushes follow no period', () => {
    const series = flushed({ irregular: 1.2 });
    const teeth = teethOf(series.values);
    expect(teeth).toBeDefined();
    expect(withoutRegularTeeth(series, teeth!)).toBeUndefined();
  });
});
