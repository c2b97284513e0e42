import { multipleLeastSquares } from '../statistics/multiple-least-squares.js';
import type { CurveReadings } from './curve-levels.js';

/** What comes back every day. */
export interface DailyRhythm {
  /** Half of the way from its lowest to its highest point. */
  readonly amplitude: number;
  /** Readings without it. */
  readonly rest: CurveReadings;
}

const dayHours = 24;
/** One day cannot show that it repeats. */
const daysMin = 2;
/** A rhythm within the day is described by waves of 24, 12, 8 and 6 hours. */
const harmonics = 4;
/**
 * Share of what a line leaves that a rhythm must explain: 65 % after two days, 26 % after five, and never less than 15 %.
 * Waves that were fitted to noise which lasts for hours explained as much in 5 of 100 records.
 */
const explainedMin = { ofDays: 1.3, least: 0.15 } as const;
/** Waves are fitted to means of this many stretches a day: enough for the shortest, and few for a long record. */
const stretchesPerDay = 48;

/** Hours after which a rhythm of a day can be recognised. */
export const hoursForRhythm = daysMin * dayHours;

/** The daily rhythm of readings over hours; undefined where there is none, or too little to know. */
export function dailyRhythm(readings: CurveReadings): DailyRhythm | undefined {
  const { positions, values } = readings;
  const hours = (positions.at(-1) ?? 0) - (positions[0] ?? 0);
  if (hours < hoursForRhythm) return undefined;
  const means = meansOf(readings, hours);
  const waves = wavesAt(means.positions);
  const line = multipleLeastSquares([means.positions], means.values);
  const fit = multipleLeastSquares([means.positions, ...waves], means.values);
  if (line === undefined || fit === undefined || !(line.residualSum > 0)) return undefined;
  const wanted = Math.max(explainedMin.least, (explainedMin.ofDays * dayHours) / hours);
  if (1 - fit.residualSum / line.residualSum < wanted) return undefined;
  const weights = fit.coefficients.slice(1);
  const rhythmAt = (at: Float64Array) =>
    wavesAt(at).reduce((sum, wave, index) => sum.map((value, row) => value + weights[index]! * wave[row]!), zeros(at));
  const day = rhythmAt(
    Float64Array.from({ length: stretchesPerDay }, (_, index) => (index * dayHours) / stretchesPerDay),
  );
  const rhythm = rhythmAt(positions);
  return {
    amplitude: (Math.max(...day) - Math.min(...day)) / 2,
    rest: { positions, values: values.map((value, row) => value - rhythm[row]!) },
  };
}

function zeros(like: Float64Array): Float64Array {
  return new Float64Array(like.length);
}

function wavesAt(positions: Float64Array): Float64Array[] {
  return Array.from({ length: harmonics }, (_, index) => (2 * Math.PI * (index + 1)) / dayHours).flatMap(
    (frequency) => [positions.map((at) => Math.sin(frequency * at)), positions.map((at) => Math.cos(frequency * at))],
  );
}

function meansOf({ positions, values }: CurveReadings, hours: number): CurveReadings {
  const count = Math.min(positions.length, Math.ceil((hours / dayHours) * stretchesPerDay));
  const sums = Array.from({ length: count }, () => ({ at: 0, value: 0, readings: 0 }));
  for (const [row, position] of positions.entries()) {
    const stretch = sums[Math.min(count - 1, Math.floor(((position - positions[0]!) / hours) * count))]!;
    stretch.at += position;
    stretch.value += values[row]!;
    stretch.readings += 1;
  }
  const read = sums.filter(({ readings }) => readings > 0);
  return {
    positions: Float64Array.from(read, ({ at, readings }) => at / readings),
    values: Float64Array.from(read, ({ value, readings }) => value / readings),
  };
}
