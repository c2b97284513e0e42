/** Coefficients of several regressors at once. */
export interface MultipleFit {
  readonly coefficients: readonly number[];
  readonly standardErrors: readonly number[];
  readonly degreesOfFreedom: number;
  readonly residualSum: number;
}

/**
 * Least squares of y on several columns and a constant, by normal equations on centred and scaled columns.
 * @returns undefined where the columns cannot be distinguished, or there are too few rows
 */
export function multipleLeastSquares(
  columns: readonly ArrayLike<number>[],
  y: ArrayLike<number>,
): MultipleFit | undefined {
  const rows = y.length;
  const degreesOfFreedom = rows - columns.length - 1;
  if (degreesOfFreedom < 1) return undefined;
  const scaled = columns.map(standardised);
  const response = centred(y);
  const products = scaled.map(({ values: left }) => scaled.map(({ values: right }) => dot(left, right)));
  const inverse = inverted(products);
  if (inverse === undefined) return undefined;
  const moments = scaled.map(({ values }) => dot(values, response));
  const weights = inverse.map((row) => dot(row, moments));
  let residualSum = 0;
  for (let row = 0; row < rows; row += 1) {
    const fitted = scaled.reduce((sum, { values }, column) => sum + weights[column]! * values[row]!, 0);
    residualSum += (response[row]! - fitted) ** 2;
  }
  const variance = residualSum / degreesOfFreedom;
  return {
    coefficients: weights.map((weight, column) => weight / scaled[column]!.scale),
    standardErrors: inverse.map(
      (row, column) => Math.sqrt(Math.max(0, row[column]! * variance)) / scaled[column]!.scale,
    ),
    degreesOfFreedom,
    residualSum,
  };
}

function centred(values: ArrayLike<number>): Float64Array {
  let mean = 0;
  for (let row = 0; row < values.length; row += 1) mean += values[row]! / values.length;
  return Float64Array.from(values, (value) => value - mean);
}

function standardised(values: ArrayLike<number>): { readonly values: Float64Array; readonly scale: number } {
  const free = centred(values);
  const scale = Math.sqrt(dot(free, free)) || 1;
  return { values: free.map((value) => value / scale), scale };
}

function dot(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < left.length; row += 1) sum += left[row]! * right[row]!;
  return sum;
}

/** Columns that share all but this part of their length cannot be distinguished. */
const pivotMin = 1e-8;

/** Gauss-Jordan with partial pivoting. */
function inverted(matrix: readonly (readonly number[])[]): number[][] | undefined {
  const size = matrix.length;
  const work = matrix.map((row, index) => [...row, ...Array.from({ length: size }, (_, at) => (at === index ? 1 : 0))]);
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < size; row += 1)
      if (Math.abs(work[row]![column]!) > Math.abs(work[pivot]![column]!)) pivot = row;
    const divisor = work[pivot]![column]!;
    if (Math.abs(divisor) < pivotMin) return undefined;
    [work[column], work[pivot]] = [work[pivot]!, work[column]!];
    const pivotRow = work[column]!.map((value) => value / divisor);
    work[column] = pivotRow;
    for (let row = 0; row < size; row += 1) {
      const factor = work[row]![column]!;
      if (row !== column) work[row] = work[row]!.map((value, at) => value - factor * pivotRow[at]!);
    }
  }
  return work.map((row) => row.slice(size));
}
