import type { Finding } from '../../harness/model/run-record.js';
import type { SampleTable } from '../../harness/model/sample.js';

/** A line at some floors, with the band that its slope's interval allows around their centre. */
export interface FittedLine {
  /** Index of each point among all floors. */
  readonly floors: readonly number[];
  readonly line: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

const pointsAtMost = 60;

interface FloorRows {
  readonly values: Float64Array;
  /** Rows of all floors. */
  readonly floors: readonly number[];
  /** Rows of those that were judged. */
  readonly judged: readonly number[];
}

/**
 * The judged slope drawn through the middle of its floors (median level, mean position).
 * Why not a fit of its own: the page must show what was judged, and the record shows slopes without levels.
 * @returns nothing where the floors never moved: no line shows more than they do
 */
export function fitLine(
  finding: Finding,
  samples: SampleTable,
  { values, floors, judged }: FloorRows,
): FittedLine | undefined {
  const { estimate, low, high } = finding.slope;
  if (judged.length < 2 || ![estimate, low, high].every(Number.isFinite)) return undefined;
  if (judged.every((row) => values[row] === values[judged[0]!])) return undefined;
  // A level that was judged is the same everywhere.
  const level = finding.kind !== 'growth';
  const position = level ? () => 0 : driverOf(finding, samples);
  const positions = judged.map(position);
  const centre = positions.reduce((sum, at) => sum + at, 0) / positions.length;
  const heights = judged
    .map((row, index) => values[row]! - estimate * (positions[index]! - centre))
    .sort((one, other) => one - other);
  const middle = heights[Math.floor(heights.length / 2)]!;
  const step = Math.max(1, Math.ceil(judged.length / pointsAtMost));
  const drawn = judged.filter((_, index) => index % step === 0 || index === judged.length - 1);
  const places = drawn.map((row) => position(row) - centre);
  const at = (slope: number) => places.map((place) => rounded(level ? slope : middle + slope * place));
  const [one, other] = [at(low), at(high)];
  return {
    floors: drawn.map((row) => floors.indexOf(row)),
    line: at(estimate),
    low: one.map((value, index) => Math.min(value, other[index]!)),
    high: one.map((value, index) => Math.max(value, other[index]!)),
  };
}

/** What the slope is counted in: hours, or cycles of one operation or of all. */
function driverOf({ axis, operation }: Finding, samples: SampleTable): (row: number) => number {
  if (axis === 'hour') return (row) => samples.elapsedMs[row]! / 3_600_000;
  const own = operation === undefined ? undefined : samples.cyclesByOperation.get(operation);
  return (row) => (own ?? samples.cycles)[row]!;
}

function rounded(value: number): number {
  return Number(value.toPrecision(9));
}
