import type { StoredRun } from '../../model/run-log.js';
import type { OperationShare } from '../../model/run-record.js';
import { msPerHour } from '../../model/units.js';
import { type FloorSeries, floorsOfLineMin, nullFloors, pickFloors, rowsOf, seriesOf } from '../series/floors.js';
import { around, type Bounded, scaled } from '../statistics/combined-intervals.js';
import { clearlyBetter, leastSquares } from '../statistics/least-squares.js';
import { multipleLeastSquares } from '../statistics/multiple-least-squares.js';
import { median, robustDeviation } from '../statistics/order-statistics.js';
import { studentQuantile } from '../statistics/student-t.js';

/** What growth goes with. */
export interface Driver {
  readonly kind: 'operation' | 'time' | 'sample';
  readonly operation?: string;
  /** Per cycle of the operation, or per hour; absent where the slope over all cycles is the one to report. */
  readonly slope?: Bounded;
  /** Of several operations, what each has to do with it. */
  readonly byOperation?: readonly OperationShare[];
}

/** Share of the growth that one operation of several must account for to be named alone. */
const standsOut = 0.75;

/**
 * Distinguishes growth by cycles from growth by time and from growth by sampling, and finds the operation that drives it.
 * Possible because rounds are of random size and mix operations at random.
 * @param settled floors after warm-up
 */
export function driverOf(run: StoredRun, metric: string, settled: FloorSeries, confidence: number): Driver {
  const otherwise = otherDriver(run, metric, settled, confidence);
  if (otherwise !== undefined) return otherwise;
  const { operations } = run.manifest;
  if (operations.length === 1) return { kind: 'operation', operation: operations[0]! };
  return operationOf(run, settled, confidence) ?? { kind: 'operation' };
}

function otherDriver(
  run: StoredRun,
  metric: string,
  { cycles, values, elapsedMs, rows }: FloorSeries,
  confidence: number,
): Driver | undefined {
  if (values.length < floorsOfLineMin) return undefined;
  const indices = floorNumbers(run, rows);
  const byCycles = leastSquares(cycles, values).residualSum;
  const byTime = leastSquares(elapsedMs, values);
  const bySample = leastSquares(indices, values).residualSum;
  // Where days go by between rounds, time and floors go alike: what a floor costs is asked of rounds without cycles.
  const isDays = run.manifest.parameters.days !== undefined;
  const rival = isDays ? byCycles : Math.min(byCycles, bySample);
  if (elapsedMs.at(-1)! > elapsedMs[0]! && byTime.residualSum * clearlyBetter < rival) {
    const reach = studentQuantile((1 + confidence) / 2, byTime.degreesOfFreedom) * byTime.standardError;
    return { kind: 'time', slope: scaled(around(byTime.slope, reach), msPerHour) };
  }
  const perSample = (values.at(-1)! - values[0]!) / (indices.at(-1)! - indices[0]!);
  const sampled = bySample * clearlyBetter < byCycles && growthOfSampling(run, metric) > perSample / 2;
  return sampled ? { kind: 'sample' } : undefined;
}

/** How many floors were read before each of some rows, of whatever phase. */
function floorNumbers({ samples }: StoredRun, rows: Uint32Array): Float64Array {
  const numbers = new Float64Array(rows.length);
  let next = 0;
  let floors = 0;
  for (let row = 0; row < samples.length && next < rows.length; row += 1) {
    if (rows[next] === row) {
      numbers[next] = floors;
      next += 1;
    }
    if (samples.kinds[row] === 'floor') floors += 1;
  }
  return numbers;
}

/** Growth per floor of rounds without cycles: nobody but the harness was at work. */
export function growthOfSampling(run: StoredRun, metric: string): number {
  const values = run.samples.metrics.get(metric);
  if (values === undefined) return 0;
  const { values: quiet, rows } = seriesOf(run.samples, values, rowsOf(run.samples, nullFloors));
  const rises: number[] = [];
  for (let index = 1; index < quiet.length; index += 1)
    if (rows[index] === rows[index - 1]! + 1) rises.push(quiet[index]! - quiet[index - 1]!);
  return rises.length === 0 ? 0 : rises.reduce((sum, rise) => sum + rise, 0) / rises.length;
}

/** Robust standard deviations off the first fit. */
const farOff = 4;

/** Late collections and transient code lift single floors: they would tilt the fit. */
function withoutOutliers(settled: FloorSeries, columns: readonly Float64Array[]): FloorSeries {
  const fit = multipleLeastSquares(columns, settled.values);
  if (fit === undefined) return settled;
  const residuals = settled.values.map((value, row) =>
    columns.reduce((rest, column, at) => rest - fit.coefficients[at]! * column[row]!, value),
  );
  const centre = median(residuals);
  const limit = farOff * robustDeviation(residuals);
  return pickFloors(settled, (index) => Math.abs(residuals[index]! - centre) <= limit);
}

/** Growth of a series, divided among the operations. */
interface OperationGrowth {
  readonly parts: readonly {
    readonly operation: string;
    /** Over the whole series. */
    readonly amount: number;
    /** Per cycle of the operation. */
    readonly slope: number;
    readonly standardError: number;
  }[];
  readonly degreesOfFreedom: number;
}

/** @returns undefined where there are too few floors, or operations that always come together */
function growthByOperation(run: StoredRun, settled: FloorSeries): OperationGrowth | undefined {
  const { operations } = run.manifest;
  if (operations.length === 0) return undefined;
  const countsAt = (rows: Uint32Array) =>
    operations.map((operation) => {
      const counts = run.samples.cyclesByOperation.get(operation);
      return Float64Array.from(rows, (row) => counts?.[row] ?? 0);
    });
  const kept = withoutOutliers(settled, countsAt(settled.rows));
  const columns = countsAt(kept.rows);
  const fit = multipleLeastSquares(columns, kept.values);
  if (fit === undefined) return undefined;
  const parts = operations.map((operation, index) => {
    const slope = fit.coefficients[index]!;
    const amount = slope * (columns[index]!.at(-1)! - columns[index]![0]!);
    return { operation, amount, slope, standardError: fit.standardErrors[index]! };
  });
  return { parts, degreesOfFreedom: fit.degreesOfFreedom };
}

function operationOf(run: StoredRun, settled: FloorSeries, confidence: number): Driver | undefined {
  const growth = growthByOperation(run, settled);
  if (growth === undefined) return undefined;
  const byOperation = sharesOf(growth, confidence);
  const [cause, ...others] = byOperation.filter(({ grows }) => grows === 'yes');
  const net = growth.parts.reduce((sum, { amount }) => sum + amount, 0);
  const part = growth.parts.find(({ operation }) => operation === cause?.operation);
  if (part === undefined || others.length > 0 || part.amount / net < standsOut)
    return { kind: 'operation', byOperation };
  const reach = studentQuantile((1 + confidence) / 2, growth.degreesOfFreedom) * part.standardError;
  return { kind: 'operation', operation: part.operation, slope: around(part.slope, reach), byOperation };
}

/** The error rate is shared out over the operations: each is asked whether it is a cause. */
function sharesOf({ parts, degreesOfFreedom }: OperationGrowth, confidence: number): OperationShare[] {
  const quantile = studentQuantile(1 - (1 - confidence) / (2 * parts.length), degreesOfFreedom);
  // What runs dry falls by its causes.
  const sign = parts.reduce((sum, { amount }) => sum + amount, 0) < 0 ? -1 : 1;
  // Beside one that stands out, others are no cause: V8 books a few bytes with any cycle.
  const sizeMin = (1 - standsOut) * Math.max(...parts.map(({ slope }) => sign * slope));
  return parts.map(({ operation, slope, standardError }) => {
    const reach = quantile * standardError;
    const size = sign * slope;
    const grows = size - reach > 0 && size > sizeMin ? 'yes' : size + reach < sizeMin ? 'no' : 'unclear';
    return { operation, grows, slope: around(slope, reach) };
  });
}
