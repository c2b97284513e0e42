import type { SampleTable } from '../../model/sample.js';
import { type FloorSeries, floorsOfLineMin } from '../series/floors.js';
import { clearlyBetter, leastSquares } from '../statistics/least-squares.js';

/**
 * A count that one operation of several drives grows by the cycles of that operation, whose share changes from round to
 * round: on the axis of all cycles it seems to speed up and slow down. On the operation's own, stretched to the length of
 * all cycles so that slopes are still per cycle, it is a line.
 */
export function onOperationAxis(series: FloorSeries, { cyclesByOperation }: SampleTable): FloorSeries {
  const { cycles, values, rows } = series;
  if (cyclesByOperation.size < 2 || values.length < floorsOfLineMin) return series;
  let unexplained = leastSquares(cycles, values).residualSum / clearlyBetter;
  let axis = cycles;
  for (const counts of cyclesByOperation.values()) {
    const own = Float64Array.from(rows, (row) => counts[row]!);
    if (own.at(-1)! <= own[0]!) continue;
    const { residualSum } = leastSquares(own, values);
    if (residualSum >= unexplained) continue;
    unexplained = residualSum;
    axis = own;
  }
  if (axis === cycles) return series;
  const stretch = cycles.at(-1)! / axis.at(-1)!;
  return { ...series, cycles: axis.map((count) => count * stretch) };
}
