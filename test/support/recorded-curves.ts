import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricDefinition } from '../../harness/model/metric.js';
import { readRecording } from '../../harness/series/read-recording.js';
import { temporaryDirectory } from './temporary-directory.js';

/** The curves of a file with this content. */
export async function curvesOf(content: string, request: { x?: string; metrics?: readonly string[] } = {}) {
  const path = join(temporaryDirectory(), 'recorded.txt');
  writeFileSync(path, content);
  const recording = await readRecording(path, {
    isMetric: (column) => metricDefinition(column) !== undefined,
    ...request,
  });
  if (recording.kind !== 'curves') throw new Error('expected curves');
  const { axis, startedAtMs, positions, curves } = recording.curves;
  return {
    axis,
    startedAtMs,
    positions: [...positions],
    curves: curves.map(({ values, ...curve }) => ({ ...curve, values: [...values] })),
  };
}
