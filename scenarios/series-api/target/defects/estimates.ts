import { type MeasureAnswer, measureBytes } from '../query-cache.js';
import type { Defects } from './names.js';

const assumedCellBytes = 100;
const sampledRows = 10;

/** A hundred bytes a cell, whatever is in it. */
const assumeSmallCells: MeasureAnswer = ({ rows }) => rows.length * (rows[0]?.length ?? 0) * assumedCellBytes;

/** Ten rows are measured and stand for all; they are the first ten, not any ten. */
const sampleFirstRows: MeasureAnswer = ({ rows }) => {
  const sample = rows.slice(0, sampledRows);
  if (sample.length === 0) return 0;
  return (JSON.stringify(sample).length / sample.length) * rows.length;
};

export function chooseMeasure(defects: Defects): MeasureAnswer {
  if (defects.has('fixed-estimate')) return assumeSmallCells;
  if (defects.has('first-rows-estimate')) return sampleFirstRows;
  return measureBytes;
}
